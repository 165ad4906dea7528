"""What is there of the name of something that may have been made: looked up in a list, read to its end."""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mcp_ads.core.paginators import dig
from mcp_ads.core.record_fields import KnownRead, has
from mcp_ads.core.runs import moment
from mcp_ads.core.view import ListView
from mcp_ads.engine.changes.calls import call_of
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.wire.gathering import gathering
from mcp_ads.engine.wire.pages import Collected, Place, collect

from .partway import lost_part

if TYPE_CHECKING:
    from mcp_ads.core import Account, Action, Write
    from mcp_ads.engine.session.session import Session

MOST_LISTED = 10_000
TOLD = "%Y-%m-%d %H:%M"


def required(session: Session, kind: Any, step: Step) -> dict[str, Any]:
    """The account of a step, where an action has to be told one."""
    name = session.accounts.param
    field = kind.model_fields.get(name)
    return {name: step.account["id"]} if step.account and field and field.is_required() else {}


def lookup_of(session: Session, step: Step) -> dict[str, Any]:
    """The parameters of the list that shows what a step may have made."""
    call, kind = call_of(session.connector, step), session.connector.action(step.entity, "list")
    params = dict(call.lookup()) | required(session, kind, step)
    if kind.lean and "fields" not in params and (when := when_made(session, step)):
        params["fields"] = [*dict.fromkeys((*kind.lean, when))]
    return {name: value for name, value in params.items() if value is not None}


def when_made(session: Session, step: Step) -> str | None:
    """The column of an entity's list that tells when something was made; empty where it is not known which
    columns there are, None where none tells.
    """
    kind, call = session.connector.action(step.entity, "list"), call_of(session.connector, step)
    known = kind.known if issubclass(kind, KnownRead) else ()
    return next((path for path in call.made_at if has(path, known)), None) if known else ""


@dataclass(frozen=True)
class Named:
    """What a list has of a name, with when each was made as far as it says, and whether it was read whole."""

    named: Sequence[tuple[str, datetime | None]]
    whole: bool

    @staticmethod
    def told(own: str, at: datetime | None) -> str:
        """One of them in words."""
        return f"id {own}{f' (made {at:{TOLD}} UTC)' if at else ''}"


async def found_named(session: Session, step: Step) -> Named | None:
    """What is there by now of the name of what a step makes; None where nothing is looked up by its name.

    Raises AdsError.
    """
    kind, call = session.connector.action(step.entity, "list"), call_of(session.connector, step)
    if not step.name or not call.lookup():
        return None
    collected = await _found(session, kind.model_validate(lookup_of(session, step)), step.owner)
    first = call.first_called() or step.name
    names = [plain(name) for name in ([first] if lost_part(step) else [step.name, first])]
    rows = [row for row in collected.records if plain(call.name_in(row)) in names]
    whole = not (collected.after or collected.warnings)
    return Named([(call.id_in(row), made_at(call, row)) for row in rows], whole)


def plain(name: str) -> list[str]:
    """The words of a name, as platforms that change case, spacing or the form of letters may keep them."""
    return unicodedata.normalize("NFC", name).casefold().split()


async def _found(session: Session, read: Action, account: Account | None) -> Collected:
    """What a list has, read once for all steps that look at the same one. Raises AdsError."""
    view, reads = ListView.model_construct(limit=MOST_LISTED, cursor=""), gathering()

    async def listed(wanted: list[Any]) -> list[Collected]:
        return [await collect(session, one, view, account, Place()) for one in wanted]

    if reads is None:
        return (await listed([read]))[0]
    key = (session.whose, type(read), account and account.id, repr(read.to_request()), read.columns())
    found: Collected = await reads.ask(key, key, 1, read, listed)
    return found


def made_at(call: Write, row: Mapping[str, Any]) -> datetime | None:
    """When a record says that it was made; None where it does not."""
    for path in call.made_at:
        with contextlib.suppress(ValueError, OverflowError, OSError):
            if at := moment(dig(row, path), "UTC", last=False):
                return at.astimezone(UTC)
    return None
