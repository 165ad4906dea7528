"""Rows of several accounts as one table: those each of them gave, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mcp_ads.core import Result
from mcp_ads.engine.answers.error_text import as_row
from mcp_ads.engine.records.spool import Kept
from mcp_ads.engine.session.params import names_of
from mcp_ads.errors import AdsError, PlatformDown, RateLimited

from .fanout import Heard
from .together import ADDED, hidden_of, tagged, warnings_of
from .unread import Lacks, Unread
from .whole import Whole

CHANGING = "provisional_from"


@dataclass
class Joined(Whole):
    """The rows of all that were heard, after those that were kept `before`; closing it closes all."""

    heard: Sequence[Heard] = field(default_factory=list)
    before: Kept | None = None

    def close(self) -> None:
        for item in self.heard:
            item.close()
        if self.before:
            self.before.close()


def joined(heard: Sequence[Heard], lacks: Lacks, before: Kept | None = None) -> Joined:
    """One table of what was heard, after the rows that were kept `before`; `lacks` is what was known missing.

    Raises AdsError where no account answers: the gravest, with all of them named.
    """
    read = [item for item in heard if item.read]
    asked = {item.ask.account.id for item in heard}
    unread = [one for one in lacks.unread if one.account not in asked]
    short = [f"{item.ask.account.id} {cut}" for item in read if (cut := _said(item, "coverage"))]
    now = replace(
        lacks,
        unread=[*unread, *(missing(item) for item in heard if item.unread)],
        short=[*lacks.short, *short],
    )
    if not read and before is None and not any(item.pending for item in heard):
        for item in heard:
            item.close()
        raise gravest([item.error for item in heard if item.error], now)

    def rows() -> Iterator[dict[str, Any]]:
        if before:
            yield from (row for _, row in before.table.every())
        for item in read:
            account = item.account or item.ask.account
            yield from (tagged(row, account.id, account.currency) for row in item.rows())

    former = before.meta if before else {}
    told = warnings_of([(item.ask.account.id, item.whole.result) for item in read if item.whole])
    meta = {**now.facts, "warnings": [*dict.fromkeys([*former.get("warnings", []), *told])]}
    meta |= hidden_of([former.get("hidden", ""), *(_said(item, "hidden") for item in read)])
    columns = next((item.whole.result.columns for item in read if item.whole), ())
    columns = (*ADDED, *columns) if columns else ()
    meta |= _counted(former, read)
    return Joined(Result([], meta, errors_of(heard), columns), rows, heard, before)


def _counted(before: Mapping[str, Any], read: Sequence[Heard]) -> dict[str, str]:
    """By what conversions are attributed, each way once, and from which day on numbers may change at all."""
    was, now = str(before.get("basis", "")), dict.fromkeys(_said(item, "basis") for item in read)
    firsts = [str(before.get(CHANGING, "")), *(_said(item, CHANGING) for item in read)]
    found = {
        "basis": " / ".join([*filter(None, [was]), *(one for one in now if one and one not in was)]),
        CHANGING: min(filter(None, firsts), default=""),
    }
    return {name: said for name, said in found.items() if said}


def _said(item: Heard, name: str) -> str:
    return str(item.whole.result.meta.get(name) or "") if item.whole else ""


def missing(item: Heard) -> Unread:
    """What is kept of an account without rows, and the call that goes on with what it began."""
    resume: Mapping[str, Any] = {}
    action = f"{item.ask.entity}.{item.ask.action}"
    if item.pending and item.whole and item.call:
        named = {name: value for name, value in item.whole.result.data.items() if name != "status"}
        fields = {"fields": [*item.call.columns()]} if "fields" in item.call.model_fields_set else {}
        resume = {**(fields if item.call.resumed_alone else item.ask.params), **named}
        action = ".".join(names_of(item.ask.session, type(item.call)))
    return Unread(item.ask.account.id, item.unread, item.can_go_on, action, resume)


def errors_of(heard: Sequence[Heard]) -> list[dict[str, Any]]:
    """What went wrong, once for all accounts of which the same is said; not what only needs time."""
    found: dict[str, dict[str, Any]] = {}
    for index, item in enumerate(heard):
        if item.error and not item.late:
            row = as_row(index, item.error)
            of = {"index": index, "accounts": list[str]()}
            known = found.setdefault(f"{row['code']} {row['message']}", of | row)
            known["accounts"].append(item.ask.account.id)
    return [*found.values()]


def gravest(errors: Sequence[AdsError], lacks: Lacks) -> AdsError:
    """The error to raise where every account has one: what waiting does not mend comes first."""
    passing = (RateLimited, PlatformDown)
    grave = next((error for error in errors if not isinstance(error, passing)), errors[0])
    if lacks.of > 1:
        grave.args = (f"{grave}\nno account was read: {lacks.coverage}",)
    return grave
