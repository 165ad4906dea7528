"""What every answer states of itself: whose data, which account, which days, what numbers are in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Action, Result, Span, dig, rounding
from mcp_ads.core.cells import is_plain, plain, strange
from mcp_ads.core.columns import Column, unexpanded
from mcp_ads.engine.wire.heard import heard, rate, rate_line

if TYPE_CHECKING:
    from mcp_ads.engine.wire.connection import Connection

SANDBOX_NOTE = "invented data"
STRANGE = "numbers that are none (NaN, Infinity) are shown as empty"
META = (
    "SANDBOX",
    "host",
    "connection",
    "rows",
    "more",
    "cursor",
    "result",
    "total",
    "shown",
    "totals",
    "units",
    "currency",
    "range",
    "basis",
    "account",
    "accounts",
    "coverage",
    "hidden",
    "warnings",
)
"""What an answer says of itself, in this order; the rest follows."""


def with_facts(
    session: Connection, result: Result, account: Account | None, call: Action | None = None
) -> Result:
    """The result with its rows cut to their columns and the facts every answer states."""
    return _stated(provenance(session), result, account, call)


def stated_of_all(sessions: Iterable[Connection], result: Result, call: Action) -> Result:
    """The same of an answer from several connections, whose rows say which account each is of."""
    return _stated(provenance_of_all(sessions), result, None, call)


def provenance_of_all(sessions: Iterable[Connection]) -> dict[str, str]:
    """The facts of an answer that came from several connections: each said once, in their order."""
    known = [provenance(session) for session in sessions]
    return {
        name: ", ".join(dict.fromkeys(one[name] for one in known if name in one))
        for name in dict.fromkeys(chain.from_iterable(known))
    }


def facts_of(session: Connection, account: Account | None, call: Action | None) -> dict[str, Any]:
    """What an answer states of itself whatever its rows are: whose, of which days, by what basis."""
    return provenance(session) | _facts(account, call)


def _facts(account: Account | None, call: Action | None) -> dict[str, Any]:
    facts = {"account": account.id, "currency": account.currency} if account else {}
    facts |= {"range": _range(call, account), "basis": call.basis()} if call else {}
    return {name: value for name, value in facts.items() if value}


def _stated(facts: Mapping[str, Any], result: Result, account: Account | None, call: Action | None) -> Result:
    if call and (hides := call.hides(saved="saved" in result.meta)):
        result.meta["hidden"] = "; ".join(filter(None, [result.meta.get("hidden"), hides]))
    if remarks := heard():
        result.meta["warnings"] = [*result.meta.get("warnings", []), *remarks]
    kinds, currency = call.kinds() if call else {}, account.currency if account else ""
    return stating(result, {**facts, **_facts(account, call)}, kinds, currency)


def stating(result: Result, facts: Mapping[str, Any], kinds: Mapping[str, Column], currency: str) -> Result:
    """The result with its rows as they are shown, and with facts; what it says of accounts and days stays."""
    if kinds and isinstance(result.data, list):
        result.data = rounding.shown(result.data, kinds, currency)
    result.data, result.columns = _columns_only(result.data, result.columns)
    own = {"account", "currency"} if "accounts" in result.meta else set()
    own |= {"range"} & result.meta.keys()
    meta = {**result.meta, **{name: value for name, value in facts.items() if name not in own}}
    if not is_plain(result.data):
        if strange(result.data):
            meta["warnings"] = [*meta.get("warnings", []), STRANGE]
        result.data = plain(result.data)
    meta.setdefault("units", _units(kinds, result.columns))
    ordered = dict.fromkeys([*META, *meta])
    result.meta = {name: meta[name] for name in ordered if meta.get(name) not in (None, "", [])}
    return result


def _units(kinds: Mapping[str, Column], columns: tuple[str, ...]) -> str:
    """What numbers are in where their columns' names do not say."""
    percents = [column for column in columns if column in kinds and kinds[column].kind == "percent"]
    return f"{', '.join(percents)}: percent" if percents else ""


def provenance(session: Connection) -> dict[str, Any]:
    """The facts every answer begins with: whose data it is, where that does not go without saying."""
    if session.settings.sandbox:
        return {"SANDBOX": SANDBOX_NOTE}
    known = which_connection(session)
    if session.platform.foreign:
        return {"host": ", ".join(dict.fromkeys(session.platform.hosts.values())), **known}
    return known


def which_connection(session: Connection) -> dict[str, str]:
    """What names the connection, where its platform has several."""
    return {"connection": session.platform.label} if session.several else {}


def stated(session: Connection) -> dict[str, Any]:
    """The facts of an answer that is no list: whose it is, and what platforms remarked meanwhile."""
    remarks = heard()
    return provenance(session) | ({"warnings": remarks} if remarks else {})


def remark_lines() -> list[str]:
    """What platforms remarked during this call, and what of the credentials ends soon, as lines of text."""
    return [f"warning: {remark}" for remark in heard()]


def with_rate(result: Result) -> Result:
    """The result, which says how little is left of a platform's limit where that is scarce."""
    if scarce := rate():
        result.meta = {**result.meta, "rate": scarce}
        result.text = "\n".join([result.text, rate_line(scarce)]) if result.text else ""
    return result


def note_lines(session: Connection) -> list[str]:
    """The lines a text answer begins with in the sandbox: that its data is made up."""
    note = provenance(session)
    return [f"SANDBOX: {note['SANDBOX']}"] if "SANDBOX" in note else []


def _columns_only(data: Any, columns: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
    """Rows with just their columns; a field with its expansion, owner{id,name}, is the column owner."""
    if not columns or columns in (("*",), ("all",)):
        return data, ()
    names = tuple(dict.fromkeys(unexpanded(column) for column in columns))
    if isinstance(data, list):
        return [_pick(row, names) if isinstance(row, dict) else row for row in data], names
    return (_pick(data, names) if isinstance(data, dict) else data), names


def _pick(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] if name in row else dig(row, name) for name in names}


def _range(call: Action, account: Account | None) -> str:
    spans = [value for name in type(call).model_fields if isinstance(value := getattr(call, name), Span)]
    zone = account.timezone if account else "UTC"
    return f"{spans[0].since}..{spans[0].until} {zone}" if spans else ""
