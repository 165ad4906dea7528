"""What is left to do about a plan that ended before all of it was sent: it is never gone on with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from mcp_ads.engine.changes.plan import FINISHED, Plan
from mcp_ads.engine.changes.steps import Step, shown_id
from mcp_ads.errors import PartlyDone

from .lost_text import FOUND

PAIR, MOST_RANGES, MOST_REFS = 2, 8, 6
RENUMBERED = "references among these count the new plan's steps"
ENDED = "next: nothing more of this plan is sent; plan anew"


def next_lines(plan: Plan, seen: Mapping[int, str] = MappingProxyType({})) -> list[str]:
    """The line that says what to plan anew, and with which ids; nothing where every step was sent.

    `seen` is what reading showed of steps of unknown outcome, by index.
    """
    left = [n for n, step in enumerate(plan.steps, 1) if step.state == "ready" and not step.begun]
    if plan.state not in FINISHED or not left:
        return []
    refused = [n for n, step in enumerate(plan.steps, 1) if _is_refused(step)]
    what = [f"{ranges(refused)} (put right as its error says)"] if refused else []
    what.append(f"{ranges(left)} (not sent)")
    counted = {*left, *refused}
    renumbered = any(counted & {*plan.steps[n - 1].refs} for n in left)
    said = [*_refs_said(plan, left, seen), *([RENUMBERED] if renumbered else [])]
    return ["; ".join([f"{ENDED} {', '.join(what)}", *said])]


def ranges(numbers: Sequence[int]) -> str:
    """Ascending numbers in words, those in a row together: "2, 4 to 9"."""
    rows = [[n for _, n in row] for _, row in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
    said = [f"{row[0]} to {row[-1]}" if len(row) > PAIR else ", ".join(map(str, row)) for row in rows]
    more = sum(map(len, rows[MOST_RANGES:]))
    return ", ".join(said[:MOST_RANGES]) + (f" and {more} more" if more else "")


def _is_refused(step: Step) -> bool:
    return step.state == "failed" and (step.error or {}).get("code") != PartlyDone.__name__


def _refs_said(plan: Plan, left: Sequence[int], seen: Mapping[int, str]) -> Iterator[str]:
    """What their references to steps that were sent mean by now."""
    named = sorted({number for n in left for number in plan.steps[n - 1].refs} - {*left})
    known = [number for number in named if 1 <= number <= len(plan.steps)]
    for number in known[:MOST_REFS]:
        step = plan.steps[number - 1]
        if step.state == "done":
            yield f"@{number}.id is {shown_id(step.object_id)}"
        elif step.state == "unknown":
            found = _ids_in(seen.get(number - 1, ""))
            there = f"{found[0]} for @{number}.id if that is what {number} made" if len(found) == 1 else ""
            yield there or f"first find out whether {number} was made: @{number}.id is its id"
    if len(known) > MOST_REFS:
        yield "the others' ids stand beside them above"


def _ids_in(text: str) -> list[str]:
    """The ids of what a list shows of something that may have been made."""
    if not text.startswith(FOUND):
        return []
    told = text.rpartition(", id ")[2].partition(";")[0].split(", ")
    return [shown_id(one.partition(" ")[0]) for one in told]
