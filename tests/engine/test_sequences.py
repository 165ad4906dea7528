"""Random sequences of plans, edits from outside, applies, crashes and clock steps: no promise is broken.

Each has a seed, so that one that fails can be run again by itself.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from budget import scale
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from world import PARENT, WORLD, Thing

from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.sums import paid
from mcp_ads.engine.records.plan_store import PlanStore
from mcp_ads.errors import AdsError, Unexpected
from mcp_ads.files import journal
from mcp_ads.sandbox.app import Sandbox

pytestmark = pytest.mark.anyio
CAP, RISE = Decimal(100), Decimal("1.3")
OPERATIONS = 12
WHOLE = 20_000
QUICK, NEXT, MORE = 30, 20, scale(WHOLE)
CAPS = {"MCP_ADS_MAX_DAILY_BUDGET": f"{CAP} USD", "MCP_ADS_MAX_BUDGET_INCREASE_PCT": "30"}


class Killed(BaseException):
    """The process ends here."""


@dataclass
class Death:
    """Ends the process at one of the next things it writes: before it is written, after, or in the middle."""

    after: int = -1
    how: str = "before"
    dead: bool = False

    def strikes(self) -> bool:
        self.after -= 1
        return self.after < 0

    def reset(self, after: int = 10**9, how: str = "before") -> None:
        self.after, self.how, self.dead = after, how, False


@pytest.fixture
def death(monkeypatch: pytest.MonkeyPatch) -> Death:
    """Everything that is written down goes past it."""
    made, add, write, release = Death(10**9), journal.add, PlanStore._write, PlanStore.release

    def check(write_it: Any, half: Any) -> None:
        if made.dead:
            raise Killed
        if not made.strikes():
            return write_it()  # type: ignore[no-any-return]
        made.dead = True
        if made.how == "after":
            write_it()
        elif made.how == "half":
            half()
        raise Killed

    def cut(handle: int, line: str) -> None:
        os.write(handle, line[: len(line) // 2].encode())

    def torn(path: Path) -> None:
        path.write_text('{"plan_id": "')

    monkeypatch.setattr(
        journal, "add", lambda handle, line: check(lambda: add(handle, line), lambda: cut(handle, line))
    )
    monkeypatch.setattr(
        PlanStore, "_write",
        lambda store, path, plan, mode: check(lambda: write(store, path, plan, mode), lambda: torn(path)),
    )  # fmt: skip
    monkeypatch.setattr(PlanStore, "release", lambda store, plan: None if made.dead else release(store, plan))
    return made


@dataclass
class Clock:
    """The time of day, which may be set."""

    offset: float = 0.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that can be set; what measures durations does not look at it."""
    made, real = Clock(), time.time
    monkeypatch.setattr(time, "time", lambda: real() + made.offset)
    return made


@dataclass
class Sequence:
    """One random sequence, and what must hold after each of its operations."""

    seed: int
    home: Path
    sandbox: Sandbox
    death: Death
    clock: Clock
    plans: list[str] = field(default_factory=list)
    last: Thing = WORLD[0]

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.engine_client = self.process()
        self.begun = len(self.engine_client.store.writes())

    def process(self) -> EngineClient:
        """A new process in the same home, with the sandbox that is there."""
        return process(self.home, self.sandbox, **CAPS)

    async def run(self) -> None:
        for _ in range(OPERATIONS):
            name = self.rng.choice(("plan", "plan", "edit", "apply", "apply", "crash", "step", "race"))
            try:
                await getattr(self, name)()
            except Unexpected as error:
                raise AssertionError(f"seed {self.seed}: {error}") from error
            except AdsError:
                pass
        for plan_id in self.plans:
            with contextlib.suppress(AdsError):
                await self.applied(plan_id)
        self.check_counts()
        await self.engine_client.workspace.close()

    async def race(self) -> None:
        """An activation is planned, somebody else raises what is below it, then it is applied."""
        PARENT.edit(self.engine_client.store, on=False)
        made = await self.engine_client.do(PARENT.connector, PARENT.entity, "activate", **PARENT.names)
        self.plans.append(str(made.data["plan_id"]))
        PARENT.edit(self.engine_client.store, self.rng.randrange(20, 200))
        await self.applied(self.plans[-1])

    async def plan(self) -> None:
        thing, rng = self.rng.choice((*WORLD, PARENT, PARENT)), self.rng
        self.last = thing
        params: dict[str, Any] = dict(thing.names)
        action = rng.choice(("update", "update", "activate", "activate", "pause", "rename"))
        if thing.connector == LINKEDIN and action in ("activate", "pause"):
            params["status"], action = ("ACTIVE" if action == "activate" else "PAUSED"), "update"
        elif action == "rename":
            params["name"], action = f"Name {rng.randrange(99)}", "update"
        elif action == "update":
            params["daily_budget"] = rng.choice(("+10%", "+25%", "-20%", f"{rng.randrange(20, 140)} USD"))
        if self.plans and rng.random() < 0.3:
            params["append_to"] = rng.choice(self.plans)
        made = await self.engine_client.do(thing.connector, thing.entity, action, **params)
        if plan_id := made.data.get("plan_id"):
            self.plans.append(str(plan_id))

    async def edit(self) -> None:
        """Somebody else changes something, often what was planned for just now."""
        thing = self.rng.choice((self.last, self.rng.choice(WORLD)))
        amount = self.rng.choice((None, self.rng.randrange(20, 400), self.rng.randrange(20, 400)))
        thing.edit(self.engine_client.store, amount, on=self.rng.choice((None, None, True, False)))

    async def step(self) -> None:
        self.clock.offset += self.rng.choice((-86_400, -600, 600, 1800, 5400))

    async def apply(self) -> None:
        if self.plans:
            await self.applied(self.rng.choice((self.plans[-1], self.rng.choice(self.plans))))

    async def crash(self) -> None:
        """Kill the process while it applies or appends; the next one goes on from what is on disk."""
        self.death.reset(self.rng.randrange(7), self.rng.choice(("before", "after", "half")))
        try:
            await (self.apply() if self.rng.random() < 0.8 else self.plan())
        except Killed:
            pass
        finally:
            self.death.reset()
            await self.engine_client.workspace.close()
            self.engine_client = self.process()

    async def applied(self, plan_id: str) -> None:
        """Apply one, and hold what became of the world against what was agreed to."""
        store = self.engine_client.store
        before = {thing: (thing.budget(store), thing.live(store)) for thing in WORLD}
        agreed, dead = self.agreed(plan_id), True
        try:
            result = await self.engine_client.workspace.apply(plan_id)
            dead = False
        finally:
            self.check_world(before, agreed)
            if not dead and isinstance(result.data, dict) and "drift" in result.data:
                self.plans.append(str(result.data.get("plan_id", "none")))

    def agreed(self, plan_id: str) -> Plan | None:
        with contextlib.suppress(AdsError):
            return self.engine_client.workspace.plans.get(plan_id)
        return None

    def check_world(self, before: dict[Thing, tuple[Decimal, Decimal]], agreed: Plan | None) -> None:
        store, rises = self.engine_client.store, Decimal(0)
        if agreed:
            rises = sum((max(budget.rise, Decimal(0)) for budget in paid(agreed.steps)), Decimal(0))
        added = sum((thing.live(store) - before[thing][1] for thing in WORLD), Decimal(0))
        assert added <= rises, f"seed {self.seed}: {added} more a day, {rises} were agreed to"
        for thing in WORLD:
            budget, live = before[thing]
            assert thing.budget(store) <= max(budget, CAP), f"seed {self.seed}: {thing.id} is over the cap"
            assert thing.live(store) <= max(live, CAP), f"seed {self.seed}: {thing.id} spends over the cap"
            assert thing.budget(store) <= max(budget * RISE, budget), f"seed {self.seed}: {thing.id} rose"

    def check_counts(self) -> None:
        """What reached the platforms is what is done, and at most what is not known beside it."""
        sent = len(self.engine_client.store.writes()) - self.begun
        steps = [step for plan in self.engine_client.workspace.plans.all() for step in plan.steps]
        done = sum(step.state == "done" for step in steps)
        unknown = sum(step.state == "unknown" for step in steps)
        assert done <= sent <= done + unknown, (
            f"seed {self.seed}: {sent} sent, {done} done, {unknown} unknown"
        )


def process(home: Path, sandbox: Sandbox, **environ: str) -> EngineClient:
    """An engine client at a sandbox that others use too; all see its one store."""
    engine_client = EngineClient(home, environ)
    engine_client.store.close()
    engine_client.store = sandbox.store
    engine_client.workspace.__dict__["_sandbox_transport"] = httpx.ASGITransport(sandbox.by_host())
    return engine_client


@contextlib.contextmanager
def as_it_was(engine_client: EngineClient) -> Iterator[None]:
    """The world of one sequence is not the next one's."""
    kinds = ("facebook.campaign", "facebook.adset", "linkedin.campaign", "amazon.campaigns")
    kept = [(thing.kind, thing.id, dict(thing.record(engine_client.store))) for thing in WORLD]
    kept += [(kinds[1], adset["id"], dict(adset)) for adset in engine_client.store.all(kinds[1])
             if adset["campaign_id"] in {thing.id for thing in WORLD}]  # fmt: skip
    yield
    with engine_client.store.transaction():
        for kind, object_id, record in kept:
            engine_client.store.put(kind, object_id, record)


async def run(first: int, count: int, home: Path, death: Death, clock: Clock) -> None:
    sandbox = Sandbox(home / "sandbox")
    world = process(home, sandbox)
    for connector, account in ((FACEBOOK, US), (LINKEDIN, LINKEDIN_US), (AMAZON, PROFILE)):
        entity = "sponsored_product_campaigns" if connector == AMAZON else "campaigns"
        await world.do(connector, entity, "list", account_id=account, limit=1)
    for seed in range(first, first + count):
        with as_it_was(world):
            await Sequence(seed, home, sandbox, death, clock).run()
        clock.offset = 0.0
        shutil.rmtree(world.home / "plans", ignore_errors=True)
        (world.home / "audit.jsonl").unlink(missing_ok=True)
    await world.close()


@pytest.mark.slow
async def test_random_sequences(tmp_path: Path, death: Death, clock: Clock) -> None:
    """Never more is spent than was agreed to and the caps allow, nothing is sent twice, nothing breaks."""
    await run(1, QUICK, tmp_path / "home", death, clock)


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.parametrize(("first", "count"), [(QUICK + 1, NEXT), (1_000_001, MORE)])
async def test_more_random_sequences(
    tmp_path: Path, death: Death, clock: Clock, first: int, count: int
) -> None:
    """The same for the seeds that follow, and for many; MCP_ADS_TEST_SCALE is these in percent of 20,000."""
    await run(first, count, tmp_path / "home", death, clock)
