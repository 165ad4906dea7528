"""Columns that a condition or a sort names are fetched by themselves, and shown only when asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from mcp_ads.core import Action
from mcp_ads.core.column_names import Names, alike_in, conventional, meant_in, objects_in, several_in
from mcp_ads.core.hiding import Hiding
from mcp_ads.core.record_fields import KnownRead
from mcp_ads.core.validate import build
from mcp_ads.core.view import TableView
from mcp_ads.core.where import parse
from mcp_ads.core.where_tokens import Mistake, named, tokens
from mcp_ads.engine.tables.groups import COUNT, OF_ONE, days_in, id_beside, period_in
from mcp_ads.engine.tables.kinds import Seen
from mcp_ads.engine.tables.look import Look
from mcp_ads.errors import InvalidParams

WHATEVER = (("*",), ("all",))
"""Columns that name none: whatever the rows have."""


def of_periods(call: Action, view: TableView) -> Mapping[str, Any]:
    """What makes a call's rows of single days or months, where its groups are of these.

    Raises InvalidParams for a call that says its rows are of all days.
    """
    periods = {period_in(word) for word in view.group_by} - {""}
    if not periods or not call.periods or _days(call):
        return {}
    by = "month" if periods == {"month"} and "month" in call.periods else "day"
    for name, value in call.periods[by].items():
        if name in call.model_fields_set and getattr(call, name) is not None:
            said = f"with {name} {getattr(call, name)} rows are of no single {by}: write {name} {value}"
            raise InvalidParams(f"group_by: {', '.join(sorted(periods))}: {said}, or leave it out")
    return call.periods[by]


def in_periods(call: Action, view: TableView) -> Action:
    """The call with rows of single days or months, where its groups are of these. Raises InvalidParams."""
    sets = of_periods(call, view)
    return _built(call, sets) if sets else call


def shown_of(columns: tuple[str, ...]) -> tuple[str, ...]:
    """The columns by name; none where they are whatever the rows have."""
    return () if columns in WHATEVER else columns


def fetching(call: Action, view: TableView, currency: str, beside: tuple[str, ...] = ()) -> Action:
    """The call with every column its view needs; the same call where it has them all.

    `beside` are columns that its rows have without being asked for them.

    Raises InvalidParams, before anything is asked, for a view that no rows of this action could fit.
    """
    if view.where.strip():
        parse(view.where, Names({}, known=False))
    named_fields: Sequence[str] = ()
    if call.columns() not in ((), *WHATEVER) and "fields" in type(call).model_fields:
        named_fields = getattr(call, "fields", None) or () if "fields" in call.model_fields_set else ()
        call = _with_all(call, view, beside)
    names = (*beside, *call.columns()) if shown_of(call.columns()) else ()
    look = Look(view, call.kinds(), names, currency, alike=call.words(), there=Seen(_known(call)))
    groups = look.groups
    if groups:
        for word in named_fields:
            groups.check("fields", word)
    return call


def revealing(call: Action, view: TableView) -> Action:
    """The call with what its defaults leave out, where a condition names it or the rows are grouped by it."""
    if not isinstance(call, Hiding):
        return call
    by = {call.words().get(word.lower(), word) for word in view.group_by}
    try:
        told = {token.text.upper() for token in tokens(view.where)}
    except Mistake:  # `parse` says what is wrong with it
        return call
    return call.revealed() if by & {*call.told_in} or told & {*call.hidden} else call


def _with_all(call: Action, view: TableView, beside: tuple[str, ...]) -> Action:
    sure, maybe = named(view.where)
    if view.group_by and COUNT in sure and COUNT not in {*call.kinds(), *call.columns()}:
        raise InvalidParams("where: count is of groups, and where chooses rows before: sort by it, with top")
    for word in sure:
        call = call if word.lower() in beside else _with(call, word, "where")
    of_groups = {*view.group_by, COUNT} if view.group_by else {}
    for word in (key.removeprefix("-") for key in view.sort):
        call = call if word.lower() in {*beside, *of_groups} else _with(call, word, "sort")
    for word in (word for word in view.group_by if word.lower() not in beside):
        of = OF_ONE.fullmatch(word)
        if of or not period_in(word):
            call = _with(call, of[2] if of else word, "group_by")
            meant = {*_candidates(call, word)} & {*call.columns()}
            for id_ in filter(None, [id_beside(word, name) for name in sorted(meant)]):
                call = _with(call, id_)
    known = {*call.kinds(), *call.words()} - {*beside}
    for word in maybe:
        if word in known or conventional(word):
            call = _with(call, word)
    return _with_parts(call)


def _with(call: Action, word: str, param: str = "") -> Action:
    """The call with the column that a word means added; a word of `param` must mean one."""
    candidates = list(_candidates(call, _inside(call, word, param)))
    made_of = call.kinds()[word].of if word in call.kinds() else None
    if _has(call.columns(), candidates) or (made_of and {*made_of[:2]} <= {*call.columns()}):
        return call
    refused: InvalidParams | None = None
    for name in candidates:
        try:
            return _asking(call, name)
        except InvalidParams as error:
            refused = refused or error
    if refused and param:
        lines = [line.replace("fields:", f"{param}:", 1) for line in refused.lines]
        there = f"{param}: the rows have {', '.join(call.columns())}"
        raise InvalidParams("\n".join([*lines, *([] if "; there are " in lines[-1] else [there])]))
    return call


def _known(call: Action) -> Collection[str]:
    """The names of what a call's records are known to have, those inside objects dotted."""
    return call.names() if isinstance(call, KnownRead) else call.columns()


def _inside(call: Action, word: str, param: str) -> str:
    """The column that is meant inside an object; a word for anything else as it is.

    Raises InvalidParams where it is not certain; a condition may be about all there is in it.
    """
    objects = objects_in(_known(call))
    outer = next((name for name in objects if _plain(name) == _plain(word)), word)
    meant = meant_in(outer, objects[outer]) if outer in objects else word
    if meant is None and param in ("sort", "group_by"):
        raise InvalidParams(f"{param}: {several_in(word, objects[outer])}")
    return meant or word


def _days(call: Action) -> list[str]:
    """The columns of days a call's rows have."""
    return days_in({name: call.kinds().get(name) or conventional(name) for name in call.columns()})


def _candidates(call: Action, word: str) -> Iterator[str]:
    """What a word may mean, the likeliest first."""
    alike = {spoken.lower(): name for spoken, name in call.words().items()}
    if word.lower() in alike:
        yield alike[word.lower()]
    yield word
    yield from alike_in(word, (*_known(call), *getattr(call, "lean", ())))


def _has(columns: Collection[str], candidates: list[str]) -> bool:
    plain = set(map(_plain, columns))
    return any(_plain(name) in plain for name in candidates)


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _with_parts(call: Action) -> Action:
    """The call with what its ratios are made of, where it can have that: they are then exact."""
    kinds = call.kinds()
    for name in call.columns():
        column = kinds.get(name) or conventional(name)
        for part in column.of[:2] if column and column.of else ():
            if part not in call.columns():
                try:
                    call = _asking(call, part)
                except InvalidParams:
                    break
    return call


def _asking(call: Action, name: str) -> Action:
    widened = _built(call, {"fields": [*call.columns(), name]})
    if name in widened.unsure():
        raise InvalidParams(f"fields: {name!r} is not known")
    return widened


def _built(call: Action, more: Mapping[str, Any]) -> Action:
    """The call with other parameters too. Raises InvalidParams where these are not possible in it."""
    given = {param: getattr(call, param) for param in call.model_fields_set}
    built = build(type(call), {**given, **more})
    if mistakes := [*built.mistakes()]:
        raise InvalidParams("\n".join(mistakes))
    return built
