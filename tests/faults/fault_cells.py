"""One cell: an operation meets a fault, and what came of it is judged against the one word expected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fault_clock import JumpingClock
from fault_operations import LAUNCH, RENAMED, Operation
from fault_table import SENT_NO, Fault
from fault_world import World
from planning import checks_in

from mcp_ads.across.desk import Desk
from mcp_ads.core import Result
from mcp_ads.errors import AdsError, NotFound, RateLimited

READ_WITHIN, CHANGE_WITHIN = 46.0, 56.0
"""Seconds: a call has 45, a change that is under way a little longer, and clients give up at 60."""
MOST_TRIES, MOST_SIGNED = 4, 6
"""Requests that one becomes where it may be sent again, or where a token is renewed: LinkedIn takes new ones
only after a moment. A change that may have arrived is never sent again.
"""
SIGNED = ("expired-token", "revoked-token", "401-html")
SECRETS = ("sandbox-token", "sandbox-refresh", "sandbox-secret")


@dataclass
class Cell:
    """An operation under a fault, in a world that forgets it afterwards."""

    world: World
    clock: JumpingClock
    operation: Operation
    fault: Fault
    desk: Desk
    plan_id: str = ""
    told: list[str] = field(default_factory=list)
    """Everything a client was told."""

    async def check(self, word: str) -> None:
        """Let it happen, and see that it is what is expected. Raises AssertionError."""
        self.plan_id = await self.operation.begin(self.desk)
        where = {"method": self.operation.method, "path": self.operation.path, "skip": self.operation.skip}
        self.world.breaks(**{**where, **self.fault.how, "platform": self.operation.connector})
        began = self.clock.monotonic()
        before = len(self.met())
        outcome = await self.call()
        tries = len(self.met()) - before - (0 if self.operation.among else self.operation.skip)
        most = 1 if word == "unknown" else MOST_SIGNED if self.fault.how["kind"] in SIGNED else MOST_TRIES
        assert 1 <= tries <= most, (tries, self.world.network.asked[:])
        seconds = self.clock.monotonic() - began
        assert seconds <= (CHANGE_WITHIN if self.operation.change else READ_WITHIN), (seconds, outcome)
        assert isinstance(outcome, Result) or (outcome.sent, word) in self.may_say(), (outcome.sent, outcome)
        await JUDGES[word](self, outcome)
        if self.operation.change:
            done = self.operation.carried_out(self.world.store.writes())
            assert done <= self.operation.count, self.world.store.writes()
            assert len(self.world.store.writes()) == done, self.world.store.writes()
        self.keeps_secrets()

    async def call(self) -> Result | AdsError:
        """What the call ends with, once more if need be."""
        try:
            result = await self.operation.call(self.desk, self.plan_id)
        except AdsError as error:
            self.told.append(" ".join([str(error), error.fix, getattr(error, "platform_text", "")]))
            return error
        self.told.append(self.desk.text(result))
        return result

    def may_say(self) -> list[tuple[str, str]]:
        """What an error may say of having been sent, with each word."""
        answered = "no" if self.fault.how["kind"] in SENT_NO else "yes"
        unheard = "no" if not self.operation.change else answered
        return [("unknown", "unknown"), (answered, "later"), (answered, "error"), (unheard, "error")]

    def met(self) -> list[str]:
        """The requests that the fault is about, so far."""
        said = re.compile(f"{self.operation.method} .*{self.operation.path}")
        asked = (one.partition(" with ") for one in self.world.network.asked)
        return [line for line, _, inside in asked if said.match(line) and self.operation.among in inside]

    def done(self) -> int:
        return self.operation.carried_out(self.world.store.writes())

    def keeps_secrets(self) -> None:
        """See that no credential is in what was said, nor in a file that we write."""
        secrets = {*SECRETS, *self.world.network.secrets}
        home = self.desk.settings.records
        written = [path for path in home.rglob("*") if path.is_file() and path.parent.name != "tokens"]
        texts = {path.name: path.read_bytes().decode(errors="replace") for path in written}
        texts["told"] = "".join(self.told)
        leaks = [(name, secret) for secret in secrets for name, text in texts.items() if secret in text]
        assert leaks == [], leaks


async def is_right(cell: Cell, outcome: Result | AdsError) -> None:
    """All rows, or the change done once, and said."""
    assert isinstance(outcome, Result), outcome
    if not cell.operation.change:
        assert rows(outcome) == await cell_rows(cell), outcome.meta
        return
    assert cell.done() == cell.operation.count
    assert cell.operation.direct or "APPLIED: " in cell.told[-1], cell.told[-1]


async def is_error(cell: Cell, outcome: Result | AdsError) -> None:
    """It says what to do; nothing was changed, and once it is over the same call goes well."""
    assert isinstance(outcome, AdsError), outcome
    assert outcome.sent != "unknown", outcome
    assert outcome.fix, outcome
    assert cell.done() == 0
    cell.world.mend()
    await is_right(cell, await cell.call())


async def is_later(cell: Cell, outcome: Result | AdsError) -> None:
    """It says when to call again; nothing was changed, and then the same call goes well."""
    assert isinstance(outcome, RateLimited), outcome
    found = re.search(r"call again in (\d+) s|, in (?:(\d+) h )?(\d+) min;", f"{outcome}; {outcome.fix}")
    assert found, cell.told
    seconds, hours, minutes = (int(part or 0) for part in found.groups())
    assert cell.done() == 0
    cell.world.mend()
    cell.clock.forward(seconds + 3600 * hours + 60 * minutes)
    await is_right(cell, await cell.call())


async def is_unknown(cell: Cell, outcome: Result | AdsError) -> None:
    """It says so, the printed check tells what became of it, and applying again sends nothing."""
    said = cell.told[-1]
    assert "UNKNOWN" in said or (isinstance(outcome, AdsError) and outcome.sent == "unknown"), said
    assert cell.done() == (cell.operation.count if cell.fault.done else 0)
    cell.world.mend()
    assert await shown(cell, said) == cell.done(), said
    if cell.plan_id:
        again = await cell.call()
        assert "UNKNOWN" in cell.told[-1], again
    await cell.world.network.settled()
    assert await shown(cell, said) == cell.done() <= cell.operation.count, said


async def is_rest(cell: Cell, outcome: Result | AdsError) -> None:
    """Rows, why it ends there, and a cursor: going on gives all rows, none twice."""
    assert isinstance(outcome, Result), outcome
    seen = rows(outcome)
    assert 0 < len(seen) < len(await cell_rows(cell))
    assert "cut short" in str(outcome.meta["warnings"]), outcome.meta
    cell.world.mend()
    midnight = 86_401 - cell.clock.time() % 86_400
    cell.clock.forward(midnight if cell.fault.how["kind"] == "quota" else 60)
    went_on = await cell.desk.execute(
        cell.operation.connector,
        cell.operation.entity,
        cell.operation.action,
        {**cell.operation.params, "cursor": outcome.meta["cursor"]},
    )
    both, there = [*seen, *rows(went_on)], await cell_rows(cell)
    unlike = [(one, other) for one, other in zip(both, there, strict=False) if one != other]
    assert unlike[:2] == [], (len(seen), unlike[:2], went_on.meta)
    assert len(both) >= len(there), went_on.meta
    assert len({str(row) for row in both}) == len(both)


async def is_part(cell: Cell, outcome: Result | AdsError) -> None:
    """Rows as they are, none twice, and that the list may be incomplete."""
    assert isinstance(outcome, Result), outcome
    seen, there = rows(outcome), await cell_rows(cell)
    known = [row for row in seen if row in there]
    assert 0 < len(known) < len(there)
    assert seen[: len(known)] == known == [row for row in there if row in known]
    assert len({str(row) for row in seen}) == len(seen)
    assert re.search("incomplete|may lack others", str(outcome.meta["warnings"])), outcome.meta
    assert outcome.partial


JUDGES = {
    "right": is_right,
    "error": is_error,
    "later": is_later,
    "unknown": is_unknown,
    "rest": is_rest,
    "part": is_part,
}


def rows(result: Result) -> Sequence[Any]:
    """The rows of an answer; one object is one row."""
    return result.data if isinstance(result.data, list) else [result.data]


async def cell_rows(cell: Cell) -> Sequence[Any]:
    """What there is to read, asked for without a fault."""
    known, name = cell.world.whole, f"{cell.operation.connector} {cell.operation.name}"
    if name not in known:
        cell.world.mend()
        desk = cell.world.desk()
        known[name] = rows(await cell.operation.call(desk, ""))
        await desk.close()
    return known[name]


async def shown(cell: Cell, said: str) -> int:
    """How many changes the printed checks, called as printed, show to be done."""
    return sum([await _shows(cell, *check) for check in checks_in(said)])


async def _shows(cell: Cell, connector: str, entity: str, action: str, params: dict[str, Any]) -> bool:
    try:
        found = rows(await cell.desk.execute(connector, entity, action, params))
    except NotFound:
        return cell.operation.name == "delete"
    texts = [str(row) for row in found]
    if cell.operation.name == "delete":
        return any(word in text for text in texts for word in ("DELETED", "ARCHIVED"))
    return any(
        (LAUNCH if cell.operation.name in ("create", "creates") else RENAMED) in text for text in texts
    )
