"""A question whose rows are to be grouped: they have what they are grouped by, whatever else splits them."""

from __future__ import annotations

from collections.abc import Sequence

from mcp_ads.core.facts import LEVELS
from mcp_ads.core.view import TableView
from mcp_ads.engine.tables.groups import period_in
from mcp_ads.errors import InvalidParams

from .performance import ALSO_BY, BY, GRAINS, ListPerformance

NAME, OF_DATE = "_name", "(date)"


def widened(call: ListPerformance, view: TableView) -> tuple[ListPerformance, TableView]:
    """The question split by all it is grouped by, and the view with the names of these where they are shown.

    Raises InvalidParams for what cannot be split so.
    """
    if not view.group_by:
        return call, view
    own = call.words()
    meant = [
        "day" if word.endswith(OF_DATE) else period_in(word) or ALSO_BY.get(word.lower(), own.get(word, word))
        for word in view.group_by
    ]
    level, by = _deepest(call.level_of, meant), _split(call, meant)
    if (level, by) != (call.level_of, call.by):
        call = call.model_copy(update={"level": level or None, "by": by})
        if mistakes := [*call.mistakes()]:
            raise InvalidParams("\n".join(mistakes))
    shown = {*call.columns()} if call.fields else set[str]()
    names = [f"{word}{NAME}" for word in meant if f"{word}{NAME}" in shown]
    return call, view.model_copy(update={"group_by": list(dict.fromkeys([*view.group_by, *names]))})


def _deepest(level: str, meant: Sequence[str]) -> str:
    """The level whose rows name every object they are grouped by."""
    named = [word for word in (bare.removesuffix(NAME) for bare in meant) if word in LEVELS[1:]]
    return next((deepest for deepest in reversed(LEVELS[1:]) if deepest in (level, *named)), level)


def _split(call: ListPerformance, meant: Sequence[str]) -> list[str]:
    """What splits the rows: weeks do not add up to months, both are made of days."""
    grains = [grain for grain in GRAINS if grain in (call.grain, *meant)]
    grain = "day" if len(grains) > 1 else next(iter(grains), "")
    there = [word for word in call.by if word == grain or word not in GRAINS]
    more = [grain, *(word for word in BY if word in meant and word not in (*GRAINS, *call.kinds()))]
    return list(dict.fromkeys([*there, *filter(None, more)]))
