"""Records that live in memory: what a server of many users would keep in a database."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import hashlib
import io
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from mcp_ads.auth.tokens import Token
from mcp_ads.engine.changes.naming import plan_id as name_of
from mcp_ads.engine.changes.plan import Plan, PlanState
from mcp_ads.engine.changes.sent import Sent
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.records.audit import Who, made_key
from mcp_ads.engine.records.blobs import Blob
from mcp_ads.engine.records.lately import Lately
from mcp_ads.engine.records.notes import Notes
from mcp_ads.engine.records.results import Results
from mcp_ads.engine.records.shelf import Shelf
from mcp_ads.engine.records.spool import Spool
from mcp_ads.errors import StalePlan, UnknownPlan
from mcp_ads.files.lock import Busy
from mcp_ads.files.places import FolderPlace

BAR = Path("/dev/null/nothing is written here")


class MemoryPlans:
    """Plans in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, Plan] = {}
        self.claimed: set[str] = set()

    def keep(
        self,
        steps: list[Step],
        owner: str,
        excluded: list[dict[str, Any]],
        instead_of: Plan | None = None,
        selections: Sequence[str] = (),
    ) -> Plan:
        plan = Plan(name_of(steps), steps, owner, excluded, selections=[*selections])
        if instead_of:
            self.succeed(instead_of, plan)
        else:
            self.add(plan)
        return plan

    def add(self, plan: Plan) -> None:
        self.kept[plan.plan_id] = copy.deepcopy(plan)

    def get(self, plan_id: str) -> Plan:
        plan = self.kept.get(plan_id)
        if plan is None or plan.state == "void":
            raise UnknownPlan("no such plan")
        return copy.deepcopy(plan)

    def all(self) -> list[Plan]:
        return [copy.deepcopy(plan) for plan in self.kept.values() if plan.state != "void"]

    @contextlib.contextmanager
    def claim(self, plan_id: str) -> Iterator[Plan]:
        if plan_id in self.claimed:
            raise StalePlan("another has it")
        self.claimed.add(plan_id)
        try:
            yield self.get(plan_id)
        finally:
            self.claimed.discard(plan_id)

    def release(self, plan: Plan) -> None:
        plan.state = "ready"
        self.add(plan)

    def succeed(self, old: Plan, new: Plan) -> None:
        self.add(new)
        old.state = "void"
        self.add(old)

    def void(self, plan: Plan) -> None:
        self.finish(plan, "void")

    def journal(self, plan: Plan, *indexes: int) -> None:
        for index in indexes:
            self.kept[plan.plan_id].steps[index] = copy.deepcopy(plan.steps[index])

    def journal_part(self, plan: Plan, index: int, part: int, state: str, kept: Mapping[str, Any]) -> None:
        step = self.kept[plan.plan_id].steps[index]
        if step.sent and step.sent[-1].state == "sending":
            step.sent.pop()
        if state in ("sending", "done"):
            step.sent.append(Sent(part, "done" if state == "done" else "sending", dict(kept)))

    def finish(self, plan: Plan, state: PlanState) -> None:
        plan.state = state
        self.add(plan)

    def lost(self, plan: Plan) -> list[int]:
        found = [index for index, step in enumerate(plan.steps) if step.state == "sending"]
        for index in found:
            plan.steps[index].state = "unknown"
        return found


class MemoryAudit:
    """Lines in a list."""

    place = "memory"

    def __init__(self) -> None:
        self.lines: list[tuple[str, Step]] = []

    def check(self) -> None:
        """There is always room."""

    def note(self, step: Step, who: Who, plan_id: str = "", ref: str = "") -> None:
        self.note_all([(step, ref)], who, plan_id)

    def note_all(self, steps: Iterable[tuple[Step, str]], who: Who, plan_id: str = "") -> None:
        self.lines += [(step.state, copy.deepcopy(step)) for step, _ in steps]

    def size(self) -> int:
        return len(self.lines)

    def changed(self) -> dict[tuple[str, str], float]:
        whose = ((step.connector, step.account["id"] if step.account else "") for _, step in self.lines)
        return dict.fromkeys(whose, time.time())

    def lately(self) -> Lately:
        done = (step for state, step in self.lines if state == "done" and step.makes)
        return Lately(made={made_key(step): (step.object_id, "now") for step in done})

    def gap(self) -> str:
        return ""


class MemoryFacts:
    """Values in a dictionary."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def get(self, key: str) -> Any:
        return self.values.get(key)

    def put(self, key: str, value: Any) -> None:
        self.values[key] = json.loads(json.dumps(value))


class MemoryBlobs:
    """Contents in a dictionary."""

    def __init__(self) -> None:
        self.contents: dict[str, bytes] = {}

    def put(self, content: bytes | BinaryIO, most: int = 2**20) -> Blob:
        whole = content if isinstance(content, bytes) else content.read()
        name = hashlib.sha256(whole).hexdigest()
        self.contents[name] = whole
        return Blob(name, len(whole))

    def open(self, sha256: str) -> BinaryIO:
        return io.BytesIO(self.contents[sha256])

    def check(self, sha256: str) -> Blob:
        if sha256 not in self.contents:
            raise StalePlan("no such file")
        return Blob(sha256, len(self.contents[sha256]))

    def forget(self, sha256: str) -> None:
        self.contents.pop(sha256, None)


class MemoryTokens:
    """One token."""

    def __init__(self) -> None:
        self.token: Token | None = None

    def read(self) -> Token | None:
        return self.token

    def write(self, token: Token) -> None:
        self.token = token

    def locked(self) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()


class MemoryRecords:
    """All of it; rows of reports pass through temporary files, as where nothing can be written."""

    def __init__(self) -> None:
        self.plans, self.audit = MemoryPlans(), MemoryAudit()
        self.blobs = MemoryBlobs()
        self.spool, self.shelf, self.notes = Spool(BAR), Shelf(FolderPlace(BAR)), Notes(FolderPlace(BAR))
        self.results = Results(FolderPlace(BAR))
        self._facts: dict[str, MemoryFacts] = defaultdict(MemoryFacts)
        self._tokens: dict[tuple[str, ...], MemoryTokens] = defaultdict(MemoryTokens)
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def hold(self, stack: contextlib.ExitStack, name: str, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._locks[name].acquire(), seconds)
        except TimeoutError:
            raise Busy from None
        stack.callback(self._locks[name].release)

    def facts(self, name: str, seconds: float) -> MemoryFacts:
        return self._facts[name]

    def tokens(self, *identity: str) -> MemoryTokens:
        return self._tokens[identity]
