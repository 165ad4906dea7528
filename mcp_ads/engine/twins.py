"""What is about to be made once more: agents forget what they have done, or ask for it twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

import pydantic

from mcp_ads.core import Write
from mcp_ads.engine.applying.verdicts import found_named, how_to_check
from mcp_ads.engine.changes.naming import with_article
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.changes.wording import MAYBE_MADE
from mcp_ads.engine.records.audit import made_key
from mcp_ads.engine.records.lately import Lately
from mcp_ads.errors import AdsError

from .moved_amounts import moves_on, warn_of_moved

if TYPE_CHECKING:
    from .workspace import Workspace


async def warn_of_repeats(workspace: Workspace, steps: Sequence[Step], earlier: Sequence[Step] = ()) -> None:
    """Say what is about to be done once more, by this plan or as far as the log of changes knows: agents
    forget what they have done, or ask for it twice.

    What the platform takes no two of that are alike has been looked for there.
    """
    named = [step for step in steps if (step.makes and step.name) or step.raw]
    new, moving = [step for step in named if not _looked_for(workspace, step)], [*filter(moves_on, steps)]
    known = workspace.audit.lately() if new or moving else Lately()
    warn_of_moved(moving, known)
    planned = {_twin_key(step) for step in earlier if step.makes or step.raw}
    for step in new:
        if twin := known.made.get(made_key(step)):
            doubtful = not twin[0] and not step.raw
            said = await _lost_twin(workspace, step, twin[1]) if doubtful else _twin_said(step, *twin)
            step.warnings.insert(0, said)
        if _twin_key(step) in planned:
            same = "sends the same request" if step.raw else f"makes the same {step.noun} {step.quoted}"
            step.warnings.append(f"another step {same}")
        planned.add(_twin_key(step))


def _looked_for(workspace: Workspace, step: Step) -> bool:
    kind = workspace.session_of(step).connector.action(step.entity, step.action)
    return issubclass(kind, Write) and bool(kind.unlike)


def _twin_key(step: Step) -> tuple[str, ...]:
    """What makes two creations one intention: their name where they have one, else all that they set."""
    same = "" if "name" in step.changes else json.dumps(step.changes, sort_keys=True, default=str)
    return (*made_key(step), same)


def _twin_said(step: Step, made: str, at: str) -> str:
    if step.raw:
        return f"the same request was sent at {at} already"
    return f"{with_article(step.noun)} of this name was made at {at} already: {made}"


async def _lost_twin(workspace: Workspace, step: Step, at: str) -> str:
    """What became of the same creation whose outcome is not known, as a list shows by now."""
    session, there = workspace.session_of(step), None
    with suppress(AdsError, pydantic.ValidationError):
        there = None if step.refs else await found_named(session, step)
    tried = f"{with_article(step.noun)} of this name {MAYBE_MADE} {at} already, of unknown outcome"
    if there and there.named:
        ids = ", ".join(there.told(*one) for one in there.named)
        return f"{tried}, and reading now there is one: {ids}; this makes another one"
    if there and there.whole:
        return f"{tried}, and reading now there is none; it may still be on its way: look again in a minute"
    check = how_to_check(session, step)
    return f"{tried}: look before this makes another one{f': {check}' if check else ''}"
