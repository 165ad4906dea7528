"""What a plan and its outcome say of the way back: what of them no undo takes back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.steps import Step

from .shape import cut

MOST_LINE = 600
MOST_BEFORE, MOST_KINDS = 200, 5
MOST_ALIKE, MOST_REASONS, MOST_NUMBERS = 3, 20, 8
_DONE = re.compile(r'(\w+ [\w-]+ \S+(?: "(?:[^"\\]|\\.)*")?): (.*)', re.DOTALL)
"""What was done, as "pause thing 1 \"its name\"", and why there is no way back."""


def way_back_lines(steps: Sequence[Step]) -> list[str]:
    """What a person should know of the undo before agreeing; nothing where it takes everything back."""
    numbers: dict[str, list[int]] = {}
    for number, step in enumerate(steps, 1):
        for reason in dict.fromkeys(step.stays):
            numbers.setdefault(reason, []).append(number)
    lines = [cut(f"no undo{_among(of, len(steps))}: {why}", MOST_BEFORE) for why, of in numbers.items()]
    rest = {number for of in list(numbers.values())[MOST_KINDS:] for number in of}
    more = [f"no undo{_among(sorted(rest), len(steps))}, for other reasons"] if rest else []
    return [*lines[:MOST_KINDS], *more]


def _among(numbers: Sequence[int], count: int) -> str:
    """Names the steps a line is about, and counts them; empty when the plan has one step only."""
    if count == 1:
        return ""
    named = ", ".join(map(str, numbers[:MOST_NUMBERS])) + ("…" if len(numbers) > MOST_NUMBERS else "")
    which = "" if len(numbers) == count else f" ({named})"
    return f" for {len(numbers)} of {count} steps{which}"


def undone_line(origin: Plan, undo: Plan) -> str:
    """How much of a plan this one has undone."""
    return f"{origin.taken_back(undo)} of {origin.done} steps of {origin.plan_id} are undone by this"


def no_undo_lines(reasons: Sequence[str]) -> list[str]:
    """Why some of what was done cannot be taken back: each reason once, with what it is for."""
    shared: dict[str, list[str]] = {}
    for reason in reasons:
        match = _DONE.fullmatch(reason)
        what, why = (match[1], match[2]) if match else (reason, "")
        shared.setdefault(why or reason, []).append(what)
    lines = [_no_undo(names, why) for why, names in shared.items()]
    more = (
        [f"no undo for {len(lines) - MOST_REASONS} more kinds of steps"] if len(lines) > MOST_REASONS else []
    )
    return [*(cut(line, MOST_LINE) for line in lines[:MOST_REASONS]), *more]


def _no_undo(names: Sequence[str], why: str) -> str:
    if names[0] == why:
        return f"no undo for {why}"
    more = f" and {len(names) - MOST_ALIKE} more" if len(names) > MOST_ALIKE else ""
    return f"no undo for {', '.join(names[:MOST_ALIKE])}{more}: {why}"
