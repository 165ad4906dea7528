"""Plans on disk: made in one process, applied in another, never applied twice.

`<sha256(plan_id)>.json` holds the plan; while it is applied the file is named `.applying.json` and a
journal beside it gets a line, on disk before each request is sent and after each answer, so that a killed
process leaves no doubt about what was under way. `.done.json` is what it became. A plan that another one
replaces is void from the moment that one is on disk, and not before.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mcp_ads.engine.changes.plan import Plan, PlanState
from mcp_ads.errors import NoRecord, StalePlan
from mcp_ads.files import journal
from mcp_ads.files.lock import Busy, locked
from mcp_ads.files.private_files import NO_LINKS, put, sync_folder
from mcp_ads.files.unwritten import remedy

from .plan_keeping import KEPT, NOTHING, PlanKeeping, ended, listed
from .plan_shape import UNREADABLE, read_plan, replay, written

NEWEST_FIRST = (".done", ".applying", "")


class PlanStore(PlanKeeping):
    """The plans of one MCP_ADS_HOME."""

    lists = "ads_describe() and `mcp-ads plans` list"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(self, plan: Plan) -> None:
        """Keep a new plan. Raises NoRecord when it cannot be written."""
        with self._recorded():
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._write(self._file(plan.plan_id), plan, os.O_EXCL)
            sync_folder(self.folder)
            self._forget_old()

    def all(self) -> list[Plan]:
        """Every plan that is open or was applied, oldest first."""
        stems = {path.name.partition(".")[0] for path in self.folder.glob("*.json")}
        return listed(map(self._kept, stems))

    @contextlib.contextmanager
    def claim(self, plan_id: str) -> Iterator[Plan]:
        """The plan for this holder alone. Raises StalePlan while another has it, UnknownPlan."""
        self.get(plan_id)
        with self._held(plan_id):
            if self.get(plan_id).state == "ready":
                with self._recorded(), contextlib.suppress(FileNotFoundError):
                    self._file(plan_id).rename(self._file(plan_id, ".applying"))
            yield self.get(plan_id)

    def release(self, plan: Plan) -> None:
        """Give back a claimed plan nothing was done of, as far as its journal can be read."""
        if plan.damaged:
            return
        with contextlib.suppress(OSError):  # under either name it can be applied
            self._file(plan.plan_id, ".applying").rename(self._file(plan.plan_id))
            self._journal(plan.plan_id).unlink(missing_ok=True)

    def succeed(self, old: Plan, new: Plan) -> None:
        """Keep a plan in the place of one that is held. Raises NoRecord; then the old one stays as it was.

        The old one's end is written first and counts from the moment the new one is there: however this is
        interrupted, one of the two can be applied.
        """
        state, old.replaced_by = old.state, new.plan_id
        try:
            with self._recorded():
                self._record(old, "void")
            self.add(new)
        except NoRecord:
            old.state, old.replaced_by = state, ""
            raise
        with contextlib.suppress(OSError):
            self._remove(old)

    def _add(self, plan: Plan, *lines: Mapping[str, Any]) -> None:
        with self._recorded():
            text = "\n".join(json.dumps(line, default=str) for line in lines)
            journal.append(self._journal(plan.plan_id), text)

    def finish(self, plan: Plan, state: PlanState) -> None:
        """Write down what the plan became. Raises NoRecord."""
        with self._recorded():
            plan.finished = plan.finished or time.time()
            self._record(plan, state)
            self._remove(plan)

    def _record(self, plan: Plan, state: PlanState) -> None:
        """Write the plan's last file, whole or not at all."""
        ended(plan, state)
        draft = self._file(plan.plan_id, ".draft").with_suffix(f".{os.getpid()}.tmp")
        self._write(draft, plan, os.O_TRUNC)
        put(draft, self._file(plan.plan_id, ".done"))
        sync_folder(self.folder)  # before what it stands for is removed

    def _remove(self, plan: Plan) -> None:
        """Remove what a plan's last file stands for."""
        for suffix in ("", ".applying"):
            self._file(plan.plan_id, suffix).unlink(missing_ok=True)
        self._journal(plan.plan_id).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _held(self, plan_id: str) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            try:
                with self._recorded():
                    stack.enter_context(locked(self._file(plan_id).with_suffix(".lock")))
            except Busy:
                raise StalePlan(
                    "this plan is being applied at this moment; ask again when that is done"
                ) from None
            yield

    @contextlib.contextmanager
    def _recorded(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise NoRecord(
                f"plans cannot be kept ({error.strerror}), so nothing is changed",
                fix=remedy(error, self.folder),
            ) from None

    def _found(self, plan_id: str) -> Plan | None:
        return self._kept(self._stem(plan_id))

    def _kept(self, stem: str) -> Plan | None:
        """A plan as the newest of its files has it; None where that one cannot be read, or there is none."""
        for suffix in NEWEST_FIRST:
            path = self.folder / f"{stem}{suffix}.json"
            if os.path.lexists(path):
                plan = self._read(path)
                if plan is None or not self._waits_for_successor(plan):
                    return plan
        return None

    def _waits_for_successor(self, plan: Plan) -> bool:
        """Whether a plan's end does not count: what was to take its place never came to be."""
        if plan.state != "void" or plan.replaced_by in ("", NOTHING):
            return False
        return not any(self._read(self._file(plan.replaced_by, suffix)) for suffix in NEWEST_FIRST)

    def _read(self, path: Path) -> Plan | None:
        """A plan as kept; None where there is none, or what is there was cut or is no plan of ours."""
        with contextlib.suppress(OSError, *UNREADABLE):
            return self._with_journal(read_plan(journal.read(path), Plan))
        return None

    def _write(self, path: Path, plan: Plan, mode: int) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | mode | NO_LINKS, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(written(plan))
            file.flush()
            os.fsync(file.fileno())

    def _with_journal(self, plan: Plan) -> Plan:
        path = self._journal(plan.plan_id)
        if os.path.lexists(path):
            plan.damaged = not replay(plan.steps, journal.read(path).split(b"\n")[:-1])
            plan.state = "applying" if plan.state == "ready" else plan.state
        return plan

    def _forget_old(self) -> None:
        """Remove what nobody asks for any more."""
        for path in self.folder.iterdir():
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > KEPT:
                    path.unlink()

    def _file(self, plan_id: str, suffix: str = "") -> Path:
        return self.folder / f"{self._stem(plan_id)}{suffix}.json"

    def _stem(self, plan_id: str) -> str:
        return hashlib.sha256(plan_id.encode(errors="replace")).hexdigest()

    def _journal(self, plan_id: str) -> Path:
        return self._file(plan_id).with_suffix(".journal")
