"""What objects are for: those that are not meant to convert, where a condition judges by cost or results."""

from __future__ import annotations

from collections.abc import Iterable

from mcp_ads.core.figures import Awareness
from mcp_ads.core.where_values import TEXTUAL
from mcp_ads.engine.tables.values import text_of, value_of

from .asked import Wanted
from .reading import Read
from .table import Found
from .values import states_named

STOPS = ("pause", "archive", "delete")


def for_awareness(
    wanted: Wanted, read: Read, found: Found, named: Iterable[str], known: Awareness
) -> list[str]:
    """The ids of what would stop or be lowered by figures that do not measure what it is for.

    None where the condition asks for just such objects, or judges by how they are seen.
    """
    reported = {*read.measured.columns()} - {*read.listed.columns()} if read.measured else set[str]()
    kinds = found.look.kinds
    judged = [
        name
        for name in named
        if name in reported - {*known.told_by} and not ((kind := kinds.get(name)) and kind.kind in TEXTUAL)
    ]
    if not judged or not _lowers(wanted) or states_named(found.look.expr, {known.column}, known.codes):
        return []
    return [
        id_ for id_ in found.chosen if text_of(value_of(found.rows[id_], known.column)).upper() in known.codes
    ]


def _lowers(wanted: Wanted) -> bool:
    """Whether a write may stop what it changes or leave it less."""
    raised = (str(value).lstrip().startswith("+") for value in wanted.rest.values())
    return wanted.action in STOPS or (wanted.action == "update" and not any(raised))
