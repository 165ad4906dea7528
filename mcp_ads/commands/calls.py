"""`call`, `plans` and `apply`: the engine from a shell."""

from __future__ import annotations

import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from mcp_ads.core import Progress, Result
from mcp_ads.core.once import read_once
from mcp_ads.engine.answers.plan_text import plan_record
from mcp_ads.engine.answers.shape import render
from mcp_ads.engine.changes.naming import counted, plural
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.door import Engine
from mcp_ads.engine.records.store import FileRecords
from mcp_ads.errors import AdsError, BadSettings

from .answers import complain_in_shell, show
from .stopped import call_left, plan_left
from .streams import FAILED, at_work, note, settings_here

PLAN_COLUMNS = ("plan_id", "state", "expires", "steps", "effect")


def call(connector: str, entity: str, action: str, params: dict[str, Any], style: str) -> int:
    """Carry out one action and print its answer."""
    before = 0

    async def execute(workspace: Engine) -> Result:
        nonlocal before
        before = workspace.audit.size()
        return await workspace.execute(connector, entity, action, params, _progress)

    return _show(execute, style, lambda workspace: call_left(workspace, before))


def apply(plan_id: str, style: str) -> int:
    """Carry out a plan to its end and print what became of it."""

    async def to_the_end(workspace: Engine) -> Result:
        while True:
            result = await workspace.apply(plan_id, _progress)
            if result.data.get("state") != "applying":
                return result

    return _show(to_the_end, style, lambda workspace: plan_left(workspace, plan_id))


def plans(style: str) -> int:
    """Print every plan kept here."""
    stored = FileRecords(settings_here()).plans.all()
    result = Result([_row(plan) for plan in stored], columns=PLAN_COLUMNS)
    show(result, render(result, style), style)
    if not stored:
        note("no plans; a write makes one while MCP_ADS_WRITES is plan")
    return 0


def params_of(text: str) -> dict[str, Any]:
    """The parameters as given on the command line: JSON, @file, or - for stdin. Raises BadSettings."""
    try:
        if text == "-":
            text = sys.stdin.buffer.read().decode("utf-8-sig")
        elif text.startswith("@"):
            text = Path(text[1:]).read_text(encoding="utf-8-sig")
        found = read_once(text or "{}")
    except OSError as error:
        raise BadSettings(f"--params: cannot read {text[1:]}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise BadSettings(f"--params: not valid JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadSettings(f"--params: a JSON object is needed, not {type(found).__name__}")
    return found


def _show(job: Callable[[Engine], Awaitable[Result]], style: str, left: Callable[[Engine], str]) -> int:
    async def attempt(workspace: Engine) -> int:
        try:
            result = await job(workspace)
        except BadSettings:
            raise
        except AdsError as error:
            complain_in_shell(workspace.error_text(error))
            return FAILED
        show(result, workspace.text(result, style), style)
        drifted = isinstance(result.data, dict) and "drift" in result.data
        return FAILED if result.errors or drifted else 0

    return at_work(attempt, left)


async def _progress(progress: Progress) -> None:
    if sys.stderr.isatty():
        total = f" of {progress.total:g}" if progress.total else ""
        note(f"… {progress.done:g}{total} {progress.message or ''}".rstrip())


def _row(plan: Plan) -> dict[str, Any]:
    record = plan_record(plan)
    late = plan.state == "ready" and plan.expires < time.time()
    sums = "; ".join(f"{move['amount']} {move['currency']} per {move['per']}" for move in record["effect"])
    kinds = ", ".join(f"{verb} {count} {plural(noun, count)}" for verb, noun, count in counted(plan.steps))
    effect = "; ".join(filter(None, [kinds, sums]))
    return {
        "plan_id": plan.plan_id,
        "state": "expired" if late else plan.state,
        "expires": record["expires"],
        "steps": len(plan.steps),
        "effect": effect or None,
    }
