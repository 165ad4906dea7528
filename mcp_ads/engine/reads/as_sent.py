"""Reads that answer with the platform's own records: what is asked for, how their list goes on, what is said.

They go the way of any other read; only nothing of their rows is renamed, converted, rounded or left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Action, Connector, Result, dig, validate
from mcp_ads.core.answer import partly
from mcp_ads.core.as_sent import Selecting, as_sent
from mcp_ads.core.cells import is_plain, plain, strange
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import ListView, TableView, View, split
from mcp_ads.engine.answers.error_text import as_row
from mcp_ads.engine.answers.facts import META, STRANGE, facts_of, provenance
from mcp_ads.engine.wire.cursors import Place, checked, row_cursor, row_in
from mcp_ads.engine.wire.heard import heard
from mcp_ads.engine.wire.pages import hashed
from mcp_ads.engine.wire.window import Window
from mcp_ads.errors import AdsError, InvalidParams, UnknownAction

from .ask import several_ids, vendor_paging, view_asked, view_for
from .cleaned import cleaned
from .missing import of_objects
from .read import answer_of, prepared, read
from .several import all_at_once
from .together import warnings_of
from .units import units_in

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

MASKED = (
    "people stand in these records: they are rows as they are shown, contacts hidden unless fields names them"
)
OF_ROWS = (
    "is about shown rows, and these are the platform's own records; Client.execute of connect() takes it"
)
NO_CURSOR = (
    "cursor: not a cursor: a character is missing or wrong; copy `end_cursor` of the last answer whole, or "
    "leave it out to start again"
)
NEXT = "one page of what the platform has: `next` has what asks for the one after"
NOWHERE = "no record has {}"
MADE = "; {} is computed in shown rows alone: these records have what it is made of"
UNSAID = ("more", "cursor", "result", "shown", "totals")
"""What is said of shown rows, and of records by other names or not at all."""


@dataclass(frozen=True)
class Asked:
    """One such call: which action, the part of its list that is wanted, and where this begins."""

    workspace: Workspace
    session: Session
    of: tuple[str, str]
    view: View
    start: Place
    report: Report | None

    async def answer(self, own: dict[str, Any]) -> Result:
        """The records of one call. Raises AdsError."""
        kind = self.session.connector.action(*self.of)
        call, account = await prepared(self.session, kind, own)
        asked = as_sent(_with_fields(self.session.connector, self.of[0], call))
        result = await answer_of(
            self.workspace, self.session, self.of, asked, self.view, account, self.start, self.report
        )
        result.data = cleaned(self.workspace, asked, result.data)
        if call.model_fields_set & {"fields"} and not isinstance(call, Selecting):
            result = _of_fields(result, call)
        kept = {"range": result.meta["range"]} if "range" in result.meta else {}
        of_rows = ("account", "currency") if "accounts" in result.meta else ()
        said = facts_of(self.session, account, asked)
        result.meta |= {name: fact for name, fact in said.items() if name not in of_rows} | kept
        return result

    async def several(self, own: Mapping[str, Any], ids: Sequence[str]) -> Result:
        """The record of each object, or of those of the part that is asked for.

        Raises what the first one ended with where there is none of them.
        """
        kind = self.session.connector.action(*self.of)
        rest = {name: value for name, value in own.items() if validate.our_name(kind, name) != kind.subject}
        part, whose = range(len(ids)), hashed(self.session.whose, kind.__qualname__, rest, ids)
        if isinstance(self.view, ListView) and self.view.model_fields_set:
            begin = row_in(self.view.cursor, whose)[0] if self.view.cursor else 0
            part = part[begin : begin + self.view.limit]
        each = replace(self, view=View())
        found = await all_at_once({ids[at]: each.answer({**rest, kind.subject: ids[at]}) for at in part})
        there = {id_: outcome for id_, outcome in found.items() if isinstance(outcome, Result)}
        lost = {id_: outcome for id_, outcome in found.items() if isinstance(outcome, AdsError)}
        if len(lost) == len(ids):
            raise lost[ids[0]]
        errors = [as_row(ids.index(id_), error) for id_, error in lost.items()]
        metas = [result.meta for result in there.values()]
        shared = metas[0] if metas else provenance(self.session)
        meta = {name: fact for name, fact in shared.items() if all(one.get(name) == fact for one in metas)}
        meta |= {"cursor": row_cursor(part.stop, whose)} if part.stop < len(ids) else {}
        meta["warnings"] = warnings_of([*there.items()])
        data = [result.data for result in there.values()]
        return Result(data, meta, of_objects(kind.subject, [*ids], errors))


async def records(
    workspace: Workspace,
    session: Session,
    entity: str,
    action: str,
    params: dict[str, Any],
    report: Report | None = None,
) -> Result:
    """Carry out an action that changes nothing, and answer with records. Raises AdsError."""
    kind = session.connector.action(entity, action)
    token, rest = vendor_paging(kind, params)
    shown, own = split(kind, rest, TableView)
    view = _view(session, kind, shown, own)
    if token and _is_ours(token) and isinstance(view, ListView):
        if view.cursor not in ("", token):
            raise InvalidParams("cursor: another place than the page token that is given too: leave one out")
        view, token = view.model_copy(update={"cursor": token}), ""
    _check_cursor(kind, view)
    if kind.private:
        given = {**own, **view.model_dump(exclude_defaults=True), **(_turned(kind, token) if token else {})}
        result = await read(workspace, session, entity, action, given, report)
        result.meta["warnings"] = [*result.meta.get("warnings", []), MASKED]
        result.meta.pop("units", None)
    else:
        asked = Asked(workspace, session, (entity, action), view, Place(token), report)
        ids = several_ids(kind, own)
        result = await (asked.several(own, ids) if ids else asked.answer(own))
        units = units_in(result.data, session.connector.minor, str(result.meta.get("currency") or ""))
        result.meta["units"] = units
    return _told(result, kind, view)


def askable(connector: Connector, entity: str, action: str, names: Iterable[str]) -> list[str]:
    """Which of these names of fields the platform can be asked for in `fields`; none where it always answers
    with whole records. Raises UnknownAction.
    """
    kind = connector.action(entity, action)
    return [name for name in names if issubclass(kind, Selecting) and kind.askable(name)]


def _with_fields(connector: Connector, entity: str, call: Action) -> Action:
    """The call with the fields of a whole record, where it names none and the platform wants them named."""
    if not isinstance(call, Selecting) or call.fields:
        return call
    try:
        getting = connector.action(entity, "get")
    except UnknownAction:
        getting = type(call)
    named = getting.asked_by_default() if issubclass(getting, Selecting) else ()
    return call.with_fields(named) if named else call


def _view(session: Session, kind: type[Action], shown: dict[str, Any], own: dict[str, Any]) -> View:
    """The part of a list that is asked for. Raises InvalidParams with a line for each look at shown rows."""
    pages = view_for(kind, own) is not View
    wanted = {name: value for name, value in shown.items() if name in ListView.model_fields}
    lines = [f"{name.rstrip('_')}: {OF_ROWS}" for name in shown if name not in wanted]
    view = View()
    try:
        if pages:
            view = view_asked(session, kind, wanted, own, TableView if kind.spooled else ListView)
        else:  # the action has no such parameters, and says so
            own |= wanted
    except InvalidParams as wrong:
        lines += wrong.lines
    if lines:
        raise InvalidParams("\n".join(lines))
    return view


def _is_ours(token: str) -> bool:
    """Whether what stands under the platform's name of a page token is a cursor of ours."""
    try:
        return bool(checked(token))
    except InvalidParams:
        return False


def _check_cursor(kind: type[Action], view: View) -> None:
    """Raise InvalidParams for what is no cursor of ours, and say which parameter takes the platform's."""
    if isinstance(view, ListView) and view.cursor and not _is_ours(view.cursor):
        own = next(iter(_turned(kind, "")), "")
        raise InvalidParams(f"{NO_CURSOR}; the platform's own token is given as {own}" if own else NO_CURSOR)


def _turned(kind: type[Action], token: str) -> dict[str, str]:
    """The platform's own page token under its name."""
    name = getattr(kind.pages, "write", "") or getattr(kind.pages, "start", "")
    return {name: token}


def _of_fields(result: Result, call: Action) -> Result:
    """Records of nothing but these fields; those inside others are dotted, and stay where they are.

    Where one is made here, in shown rows alone, the records have what it is made of, and stay whole.
    """
    names = call.columns()
    rows = result.data if isinstance(result.data, list) else [result.data]
    known = [row for row in rows if isinstance(row, dict)]
    if names in ((), ("*",), ("all",)) or len(known) != len(rows) or result.meta.get("pending"):
        return result
    lost = [name for name in names if known and all(not _has(row, name) for row in known)]
    made = lost and {*lost} & call.kinds().keys()
    found = known if made else [picked(row, names) for row in known]
    if lost:
        said = NOWHERE.format(", ".join(lost)) + (MADE.format(", ".join(sorted(made))) if made else "")
        result.meta["warnings"] = [*result.meta.get("warnings", []), said]
    result.data = found if isinstance(result.data, list) else found[0]
    return result


def picked(record: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """A record with nothing but these dotted fields, each where it was."""
    asked: dict[str, list[str]] = {}
    for name in names:
        outer, _, inner = name.partition(".")
        asked.setdefault(outer, []).append(inner)
    return {
        name: picked(value, asked[name]) if "" not in asked[name] and isinstance(value, Mapping) else value
        for name, value in record.items()
        if name in asked
    }


def _has(record: Mapping[str, Any], name: str) -> bool:
    return name in record or dig(dict(record), name) is not None or name.partition(".")[0] in record


def _told(result: Result, kind: type[Action], view: View) -> Result:
    """The result with what is said of records: how their list goes on, and what it is not whole of."""
    meta, cursor = result.meta, result.meta.get("cursor")
    if remarks := heard():
        meta["warnings"] = [*dict.fromkeys([*meta.get("warnings", []), *remarks])]
    if "next" in meta:
        meta["warnings"] = [*meta.get("warnings", []), NEXT]
    if said := meta.get("coverage") or partly(result):
        meta["partial"] = said
    if result.errors:
        meta["errors"] = result.errors
    if not is_plain(result.data):
        if strange(result.data):
            meta["warnings"] = [*meta.get("warnings", []), STRANGE]
        result.data = plain(result.data)
    ordered = dict.fromkeys([*META, *meta])
    facts = {
        name: meta[name] for name in ordered if name not in UNSAID and meta.get(name) not in (None, "", [])
    }
    if isinstance(result.data, list):
        facts |= {"has_next_page": bool(cursor or meta.get("next")), "end_cursor": cursor or None}
        if kind.pages and (own := kind.pages.key):
            facts[own] = _onward(result, view) or cursor or None
    result.meta, result.columns = facts, ()
    return result


def _onward(result: Result, view: View) -> str:
    """The platform's token of the next page, where the records given end with one; else empty."""
    if not isinstance(result, Window) or result.stretch is None or not isinstance(view, ListView):
        return ""
    place = result.stretch.since(min(view.limit, len(result.stretch.rows))).place
    return place.token if place and not place.skip else ""
