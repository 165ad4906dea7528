"""A selection carried out: a write's condition becomes the ids of the objects it finds, once and for all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Result
from mcp_ads.engine.answers.facts import note_lines, remark_lines, stated
from mcp_ads.engine.changes.naming import plural
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.planning.items import MOST_ITEMS
from mcp_ads.engine.reads.read import prepared
from mcp_ads.engine.reads.unread import forward
from mcp_ads.errors import InvalidParams

from .asked import Wanted, selects, wanted_of, without_nulls
from .bids import Aim, aim_of, aimed
from .columns import sides_of
from .reading import NOTHING, Read, read_of
from .table import found_in
from .told import Values, lines_of
from .values import check_shares

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session


@dataclass
class Selected:
    """A write with the ids its condition found.

    `params` are the write's own, whose `subject` names the objects; `decided` are for each id the values that
    decided, `names` what the object is called, `lines` say how all were found. Where nothing is to be
    planned, `instead` is the answer.
    """

    params: dict[str, Any]
    subject: str = ""
    decided: Mapping[str, list[str]] = field(default_factory=dict)
    lines: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    instead: Result | None = None

    def note(self, steps: Sequence[Step]) -> None:
        """Write beside each step what decided about its object, unless it says that with its amounts."""
        for step in steps:
            step.decided_by = step.decided_by or self.decided.get(str(step.asked.get(self.subject)), [])


async def selected(session: Session, entity: str, action: str, params: dict[str, Any]) -> Selected:
    """A write's parameters with ids in place of its condition; as they are without one.

    Raises InvalidParams for what does not fit and for more than can be changed at once, and PlatformDown
    where anything of what a condition looks at could not be read: nothing is selected then.
    """
    params = without_nulls(params)
    aim = aim_of(session, entity, action, params)
    if aim and not selects(aim.kind, params):
        measured = await aimed(session, entity, action, params, aim)
        if isinstance(measured, Read):
            return Selected(params, instead=_not_ready(session, measured))
        return Selected(measured[0], lines=[measured[1]])
    wanted = wanted_of(session, entity, action, aim.plain(params) if aim else params)
    return await _chosen(session, wanted, params, aim) if wanted else Selected(params)


async def _chosen(session: Session, wanted: Wanted, params: dict[str, Any], aim: Aim | None) -> Selected:
    """A write of what a condition finds, each with what its bid is worked out from if it is."""
    if aim:
        aim.check((await prepared(session, wanted.lists, wanted.account(session.accounts.param)))[1])
    sides, at = sides_of(session, wanted, aim.needs if aim else ()), time.time()
    check_shares(wanted, sides)
    read = await read_of(session, wanted, sides)
    try:
        if read.pending:
            return Selected(params, instead=_not_ready(session, read))
        found = await asyncio.to_thread(found_in, session.connector, wanted, sides, read)
        noun = session.connector.entity(wanted.entity).noun
        values = Values(found, read.account.currency if read.account else "", wanted.kind.name_at)
        lines = await asyncio.to_thread(lines_of, wanted, read, found, values, noun, sides.figures, at)
    finally:
        read.close()
    if len(found.chosen) > MOST_ITEMS:
        raise InvalidParams(
            f"where: it finds {len(found.chosen):,} of {len(found.rows):,} {plural(noun, 2)}, and one plan "
            f"changes at most {MOST_ITEMS:,}",
            fix=_narrower(wanted),
        )
    if not found.chosen:
        return Selected(params, lines=lines, instead=_none(session, lines))
    rows, subject = {found.ids[id_]: found.rows[id_] for id_ in found.chosen}, wanted.subject
    ids = {subject: [*rows]} if wanted.kind.subject else {"items": [{subject: id_} for id_ in rows]}
    decided = {id_: values.decided(row) for id_, row in rows.items()}
    names = {id_: wanted.kind.name_in(row) for id_, row in rows.items()}
    if aim is None:
        return Selected({**wanted.rest, **ids}, subject, decided, lines, names)
    items = [{**wanted.rest, subject: id_} for id_ in rows]
    worked, said = aim.worked(items, [*rows.values()], read, decided)
    return Selected(worked, subject, {}, [*lines, said], names)


def _narrower(wanted: Wanted) -> str:
    """How fewer are found."""
    parents = [name for name in wanted.lists.model_fields if name.endswith("_id") and name != wanted.subject]
    others = [name for name in parents if name not in wanted.kind.model_fields]
    by = f", or narrow the list by {' or '.join(others)}" if others else ""
    return f"add to the condition, such as its parts by name{by}; a plan for each part"


def _not_ready(session: Session, read: Read) -> Result:
    """That the figures are still being made: nothing is planned until the same call comes again."""
    assert read.figures
    result = read.figures.result
    ordered = f" ordered at {said}" if (said := result.meta.get("ordered")) else ""
    throttled = result.meta.get("throttled")  # then nothing is ordered for so many seconds
    stage = "not ordered yet" if throttled else "not ready"
    head = f"NOT PLANNED YET: the report with the figures{ordered} is {stage}, so {NOTHING}."
    goes_on = (
        ": it goes on with what is ordered" if ordered else ": it orders the report" if throttled else ""
    )
    again = f"Make the same call again in {f'{throttled} s' if throttled else 'a minute or so'}{goes_on}."
    again += f" {forward(session.settings)}." if session.settings.sandbox else ""
    because = [line for line in result.meta.get("warnings", ()) if not line.startswith("not finished yet")]
    text = "\n".join([*note_lines(session), head, *because, again, *remark_lines()])
    data = result.data if isinstance(result.data, Mapping) else {}
    meta = {**stated(session), **result.meta, "warnings": [*because, again]}
    return Result({**data, "steps": []}, meta, text=text)


def _none(session: Session, lines: Sequence[str]) -> Result:
    """That no object fits, and which nearly do."""
    text = "\n".join([*note_lines(session), "Nothing to change: no object fits.", *lines, *remark_lines()])
    return Result({"steps": [], "excluded": [], "selections": [*lines]}, stated(session), text=text)


def with_selection(result: Result, lines: Sequence[str]) -> Result:
    """An answer that is no plan, with what it says of how its objects were found."""
    if lines and result.text:
        result.text = "\n".join([result.text, *lines])
    if lines:
        result.meta["selections"] = [*lines]
    return result
