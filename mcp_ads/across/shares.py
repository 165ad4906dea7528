"""What each account is asked for one question over all of them, and what became of that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Account, Progress
from mcp_ads.core.facts import Asked, Facts, NoFigure, Reading, Row
from mcp_ads.core.recipe import Report
from mcp_ads.engine.reads.fanout import Ask, Heard, heard_of
from mcp_ads.engine.reads.whom import place_of
from mcp_ads.engine.wire.deadline import patience
from mcp_ads.errors import RateLimited

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace

PATIENCE = 20.0
"""Seconds for which reports that are being built are waited for: they take seconds, or minutes."""
UNLIKE = "it has numbers of one of the two ranges only"
LATER = "kept from {} on: one of the two ranges begins before"
FRESH, REPORT = "fresh", "report_id"
"""The parameter that orders anew, and the one for what was ordered, of actions that have them."""


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
    def meta(self) -> Mapping[str, Any]:
        """What was said of its rows."""
        return self.heard.whole.result.meta if self.heard and self.heard.whole else {}

    @property
    def resume(self) -> dict[str, Any]:
        """The parameters that go on with it without another order, of what was ordered; empty for others."""
        got = self.heard.whole.result if self.heard and self.heard.whole else None
        if got and self.heard and self.heard.pending and isinstance(got.data, Mapping):
            return {name: value for name, value in got.data.items() if name != "status"}
        if got and REPORT in got.meta and REPORT in self.ask.kind.model_fields:
            fields = self.ask.params.get("fields")
            return {REPORT: got.meta[REPORT], **({"fields": fields} if fields else {})}
        return {}

    @property
    def has_rows(self) -> bool:
        """Whether there is any row of it."""
        return self.heard is not None and any(True for _ in self.heard.rows())

    @property
    def absent(self) -> bool:
        """Whether the account has nothing of this product at all, and so no numbers that could be missing."""
        error = self.heard.error if self.heard else None
        said = f"{error} {getattr(error, 'platform_text', '')}" if error else ""
        return bool(self.reading.absent) and self.reading.absent in said


@dataclass(frozen=True)
class Outcome:
    """What became of a share.

    `lost` are products without numbers, and why: where one of the days is lost, both are. One that `waits`
    may still be read, and is `ordered` where its report is being built; none of its rows is in an answer
    before all is there. `unread` says why it is not there, `cut` that rows are missing; `over` are products
    of which nothing more will come, because there is nothing or they are lost. One that is `new` has numbers
    and had none in the days before.
    """

    read: bool = False
    waits: bool = False
    ordered: bool = False
    lost: Mapping[str, str] = field(default_factory=dict)
    unread: str = ""
    cut: str = ""
    over: Sequence[str] = ()
    new: bool = False

    @property
    def never(self) -> bool:
        """Whether going on brings not all of it."""
        return bool({*self.lost} & {*self.over}) or not (self.read or self.waits)


@dataclass
class Share:
    """One account's part in a question. `asked` are its days, those of the question first."""

    session: Session
    account: Account
    facts: Facts
    asked: Sequence[Asked]
    today: date
    items: list[Item] = field(default_factory=list)
    outcome: Outcome = Outcome()

    @property
    def place(self) -> str:
        return place_of(self.session)

    @property
    def label(self) -> str:
        return f"{self.place}:{self.account.id}"

    @property
    def lacks(self) -> list[str]:
        """What the platform cannot tell of any of the days, in words."""
        every = (said for asked in self.asked for said in self.facts.lacks(asked, self.account))
        return list(dict.fromkeys(every))

    @property
    def told(self) -> list[Item]:
        """The reads whose rows are in the answer."""
        there = self.items if self.outcome.read else []
        return [item for item in there if not item.absent and item.reading.product not in self.outcome.lost]

    @property
    def readings(self) -> list[Reading]:
        """What the rows in the answer were read by, also where that was an earlier call."""
        gone = {*self.outcome.lost, *self.outcome.over}
        every = [self.facts.readings(asked, self.account) for asked in self.asked if self.outcome.read]
        return [reading for readings in every for reading in readings if reading.product not in gone]

    def plan(self, *, fresh: bool = False, resumes: Mapping[str, Any] | None = None) -> None:
        """Say which reads it takes; what is known of reports that were ordered goes on with these."""
        every = [self.facts.readings(asked, self.account) for asked in self.asked]
        products = [{reading.product for reading in readings} for readings in every]
        first, *others = products
        unlike = dict.fromkeys(sorted(first.union(*others) - first.intersection(*others)), UNLIKE)
        late = (reading for readings in every for reading in readings if others and reading.begins)
        unlike |= {reading.product: LATER.format(reading.begins) for reading in late}
        lost, over = {**self.outcome.lost, **unlike}, (*self.outcome.over, *unlike)
        self.outcome = replace(self.outcome, lost=lost, over=tuple(dict.fromkeys(over)))
        for at, readings in enumerate(every):
            for reading in [reading for reading in readings if reading.product not in over]:
                kind = self.session.connector.action(reading.entity, reading.action)
                action, params = reading.action, dict(reading.params)
                params |= {FRESH: True} if fresh and FRESH in kind.model_fields else {}
                if known := (resumes or {}).get(f"{reading.product}:{at}"):
                    params = dict(known)
                    action = action if params.keys() <= kind.model_fields.keys() else "run"
                ask = Ask(self.session, reading.entity, action, params, self.account)
                self.items.append(Item(reading, at, ask))

    def settle(self) -> None:
        """Make out what became of it."""
        heard = [item.heard for item in self.items if item.heard and not item.absent]
        products = {item.reading.product for item in self.items if not item.absent}
        lost = {name: why for name, why in self.outcome.lost.items() if name in self.outcome.over} | {
            item.reading.product: item.heard.unread
            for item in self.items
            if item.heard and not item.heard.read and not item.absent
        }
        odd = {item.reading.product: why for item in self.items if (why := self._odd(item))}
        lost |= odd
        again = self.outcome.waits  # who did not answer twice is not asked for ever
        waits = any(one.pending or isinstance(one.error, RateLimited) for one in heard)
        waits = waits or (not again and any(one.can_go_on for one in heard))
        over = [
            item.reading.product
            for item in self.items
            if item.heard and not item.heard.read and not (waits and item.heard.can_go_on)
        ]
        cuts = (str(said) for item in self.items if (said := item.meta.get("coverage")))
        self.outcome = Outcome(
            read=bool(self.items) and not waits and (not products or bool(products - lost.keys())),
            waits=waits,
            ordered=any(one.pending and not one.shut for one in heard),
            lost=lost,
            unread=next(
                filter(None, [*(one.unread for one in heard), *odd.values()]),
                "" if self.items else "; ".join(self.lacks),
            ),
            cut=next(cuts, ""),
            over=tuple(dict.fromkeys([*self.outcome.over, *over, *odd])),
        )
        rows = {item.at for item in self.told if item.has_rows}
        self.outcome = replace(self.outcome, new=len(self.asked) > 1 and rows == {0})

    def _odd(self, item: Item) -> str:
        """Why the rows of a read cannot be added up; "" where they can. A figure that is none is no 0."""
        whole = item.heard.whole if item.heard and item.heard.read and not item.absent else None
        try:
            for record in whole.rows() if whole and whole.rows else ():
                item.reading.row(record, self.account)
        except NoFigure as error:
            return str(error)
        return ""

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
        """What has to be known of it later, also in another process: plain values."""
        resumes = {item.name: known for item in self.items if (known := item.resume)}
        return {
            "connector": self.session.connector.name,
            "connection": self.session.platform.label,
            "account": asdict(self.account),
            "days": [[str(asked.since), str(asked.until)] for asked in self.asked],
            "today": str(self.today),
            "resumes": resumes,
            "outcome": asdict(self.outcome),
        }


async def hear(workspace: Workspace, shares: Iterable[Share], report: Report | None) -> None:
    """Ask for all of it at once; reports that are being built are waited for only for a while."""
    known = [share for share in shares if share.items]
    items = [item for share in known for item in share.items]
    told = _reads(report) if report else None
    with patience(PATIENCE):
        found = await heard_of(workspace, [item.ask for item in items], told)
    for item, heard in zip(items, found, strict=True):
        item.heard = heard
    for share in known:
        share.settle()


def _reads(report: Report) -> Report:
    """Progress in reads, of which an account takes several."""

    async def told(progress: Progress) -> None:
        message = f"{progress.done:.0f} of {progress.total:.0f} reads"
        await report(Progress(progress.done, progress.total, message))

    return told


def share_of(noted: Mapping[str, Any], session: Session, facts: Facts, like: Asked) -> Share:
    """A share as it was noted; one that waits goes on. Raises KeyError, TypeError, ValueError for others."""
    days = [(date.fromisoformat(since), date.fromisoformat(until)) for since, until in noted["days"]]
    today, outcome = date.fromisoformat(noted["today"]), Outcome(**noted["outcome"])
    asked = [replace(like, since=since, until=until, today=today) for since, until in days]
    share = Share(session, Account(**noted["account"]), facts, asked, today, outcome=outcome)
    if outcome.waits:
        share.plan(resumes=noted["resumes"])
    return share
