"""What each account is asked for one question over all of them, and what became of that."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account
from mcp_ads.core.facts import Asked, Facts, Reading, Row
from mcp_ads.core.recipe import Report
from mcp_ads.engine.reads.fanout import Ask, Heard, heard_of
from mcp_ads.engine.reads.unread import why
from mcp_ads.engine.reads.whom import place_of
from mcp_ads.engine.wire.deadline import patience

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

PATIENCE = 20.0
"""Seconds for which reports that are being built are waited for; they take minutes or seconds."""
FRESH = "fresh"


@dataclass
class Item:
    """One read of a share: of the days of the question (0) or of those before (1)."""

    reading: Reading
    at: int
    ask: Ask
    heard: Heard | None = None

    @property
    def name(self) -> str:
        """What tells it from the others of its share."""
        return f"{self.reading.product}:{self.at}"

    @property
    def absent(self) -> bool:
        """Whether the account has nothing of this product at all, and so no numbers that could be missing."""
        error = self.heard.error if self.heard else None
        said = f"{error} {getattr(error, 'platform_text', '')}" if error else ""
        return bool(self.reading.absent) and self.reading.absent in said

    @property
    def goes_on(self) -> bool:
        """Whether asking once more, later, may be enough to hear it."""
        return bool(self.heard and self.heard.can_go_on)


@dataclass
class Share:
    """One account's part in a question. `asked` are its days, those of the question first."""

    session: Session
    account: Account
    facts: Facts
    asked: Sequence[Asked]
    items: list[Item] = field(default_factory=list)

    @property
    def place(self) -> str:
        return place_of(self.session)

    @property
    def label(self) -> str:
        return f"{self.place}:{self.account.id}"

    @property
    def waits(self) -> bool:
        """Whether some of it may still be read: its rows are in no answer before all that can be is there."""
        return any(item.goes_on for item in self.items)

    @property
    def lost(self) -> dict[str, str]:
        """The products without numbers, and why: where one of the days is lost, both are."""
        return {
            item.reading.product: item.heard.unread
            for item in self.items
            if item.heard and not item.heard.read and not item.absent
        }

    @property
    def told(self) -> list[Item]:
        """The reads whose rows are in the answer."""
        there = {item.reading.product for item in self.items if not item.absent}
        wanted = set() if self.waits else there - self.lost.keys()
        return [item for item in self.items if item.reading.product in wanted and not item.absent]

    @property
    def read(self) -> bool:
        """Whether it is there, as far as anything of it can be."""
        return not self.waits and not (self.lost and not self.told) and bool(self.items)

    @property
    def unread(self) -> str:
        """Why it is not there; empty where it is, or only its report is on its way."""
        return next((item.heard.unread for item in self.items if item.heard and item.heard.unread), "")

    @property
    def ordered(self) -> bool:
        """Whether the platform is still building a report of it."""
        return any(item.heard.pending for item in self.items if item.heard)

    def rows(self) -> Iterator[tuple[Row, int]]:
        """Its rows in the schema, each with the days that it is of."""
        for item in self.told:
            whole = item.heard.whole if item.heard else None
            for record in whole.rows() if whole and whole.rows else ():
                yield item.reading.row(record, self.account), item.at

    def close(self) -> None:
        for item in self.items:
            if item.heard:
                item.heard.close()

    def noted(self) -> dict[str, Any]:
        """What has to be known to go on with it, also in another process."""
        resumes = {
            item.name: _resume(item.heard.whole.result.data)
            for item in self.items
            if item.heard and item.heard.pending and item.heard.whole
        }
        days = [[str(asked.since), str(asked.until)] for asked in self.asked]
        return {
            "connector": self.session.connector.name,
            "connection": self.session.platform.label,
            "account": asdict(self.account),
            "days": days,
            "resumes": resumes,
        }


def planned(share: Share, *, fresh: bool = False, resumes: Mapping[str, Any] | None = None) -> Share:
    """The share with the reads it takes; what is known of reports that were ordered goes on with these."""
    for at, asked in enumerate(share.asked):
        for reading in share.facts.readings(asked, share.account):
            known = (resumes or {}).get(f"{reading.product}:{at}")
            params = known or {**reading.params, **_fresh(share.session, reading, fresh=fresh)}
            action = _going_on(share.session, reading, params) if known else reading.action
            ask = Ask(share.session, reading.entity, action, params, share.account)
            share.items.append(Item(reading, at, ask))
    return share


async def hear(workspace: Workspace, shares: Iterable[Share], report: Report | None) -> None:
    """Ask for all of it at once; reports that are being built are waited for only for a while."""
    items = [item for share in shares for item in share.items]
    with patience(PATIENCE):
        found = await heard_of(workspace, [item.ask for item in items], report)
    for item, heard in zip(items, found, strict=True):
        item.heard = heard


def share_of(noted: Mapping[str, Any], session: Session, facts: Facts, like: Asked) -> Share:
    """A share as it was noted. Raises KeyError, TypeError, ValueError for another shape."""
    account = Account(**noted["account"])
    days = [(date.fromisoformat(since), date.fromisoformat(until)) for since, until in noted["days"]]
    asked = [like.of(since, until) for since, until in days]
    return planned(Share(session, account, facts, asked), resumes=dict(noted["resumes"]))


def not_ready(shares: Sequence[Share], since: float) -> str:
    """The first line of an answer that lacks reports which are being built; empty where it lacks none."""
    if not (places := dict.fromkeys(share.place for share in shares if share.ordered)):
        return ""
    usual = next((share.facts.built for share in shares if share.ordered), "")
    at = time.strftime("%H:%M UTC", time.gmtime(since))
    return f"{' and '.join(places)} not ready (ordered {at}{usual and ', '}{usual})"


def _resume(data: Any) -> dict[str, Any]:
    """The parameters that a pending answer names to go on with."""
    return {name: value for name, value in data.items() if name != "status"} if isinstance(data, dict) else {}


def _fresh(session: Session, reading: Reading, *, fresh: bool) -> dict[str, Any]:
    kind = session.connector.action(reading.entity, reading.action)
    return {FRESH: True} if fresh and FRESH in kind.model_fields else {}


def _going_on(session: Session, reading: Reading, params: Mapping[str, Any]) -> str:
    """The action that goes on with a report: the one that ordered it, or else the entity's `run`."""
    kind = session.connector.action(reading.entity, reading.action)
    return reading.action if params.keys() <= kind.model_fields.keys() else "run"


def unread(share: Share) -> str:
    """Why an account is not in an answer, in a few words."""
    return "its report is not ready" if share.ordered else share.unread


__all__ = ["Item", "Share", "hear", "not_ready", "planned", "share_of", "unread", "why"]
