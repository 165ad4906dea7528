"""What is about to be made once more: agents forget what they have done, or ask for it twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

import pydantic

from mcp_ads.core import Write
from mcp_ads.engine.changes.calls import call_of
from mcp_ads.engine.changes.naming import with_article
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.steps import Step, shown_id
from mcp_ads.engine.changes.wording import MAYBE_MADE
from mcp_ads.engine.records.audit import made_key
from mcp_ads.engine.records.lately import Lately, Made
from mcp_ads.errors import AdsError

from .found import found_named
from .moved_amounts import moves_on, warn_of_moved
from .verdicts import how_to_check

if TYPE_CHECKING:
    from mcp_ads.engine.workspace import Workspace


async def warn_of_repeats(workspace: Workspace, steps: Sequence[Step], earlier: Sequence[Step] = ()) -> None:
    """Say what is about to be done once more, by this plan or as far as the log of changes knows: agents
    forget what they have done, or ask for it twice.

    What the platform takes no two of that are alike has been looked for there.
    """
    named, moving = [*filter(_told_apart, steps)], [*filter(moves_on, steps)]
    new = [step for step in named if not _looked_for(workspace, step)]
    known = workspace.audit.lately() if named or moving else Lately()
    _keep(named, known)
    warn_of_moved(moving, known)
    planned = {_twin_key(step) for step in earlier if step.makes or step.raw}
    for step in new:
        if twin := known.made.get(made_key(step)):
            doubtful = not twin.id and not step.raw
            said = await _lost_twin(workspace, step, twin.at) if doubtful else _twin_said(step, twin)
            step.warnings.insert(0, said)
        if _twin_key(step) in planned:
            same = "sends the same request" if step.raw else f"makes the same {step.noun} {step.quoted}"
            step.warnings.append(f"another step {same}")
        planned.add(_twin_key(step))


def keep_twins(workspace: Workspace, steps: Sequence[Step]) -> None:
    """Keep with steps what the log knows of their like by now: what is made from now on is news."""
    if named := [*filter(_told_apart, steps)]:
        _keep(named, workspace.audit.lately())


def _keep(steps: Sequence[Step], known: Lately) -> None:
    for step in steps:
        step.twin = twin.ref if (twin := known.made.get(made_key(step))) else ""


def made_since(workspace: Workspace, plan: Plan, steps: Sequence[Step]) -> list[str]:
    """What another plan or call has made since these steps of a plan were planned, or may have, that they
    would make once more: who agreed to them did not know of it.
    """
    told = [step for step in steps if _told_apart(step) and not step.begun]
    named = [step for step in told if not _looked_for(workspace, step)]
    known, own = workspace.audit.lately().made if named else {}, plan.plan_id.rpartition(".")[2]
    news = [(step, twin) for step in named if (twin := known.get(made_key(step)))]
    return [
        _news_said(step, twin)
        for step, twin in news
        if _is_news(twin, plan, step) and twin.ref.rpartition(".")[0] != own and not _shares(workspace, step)
    ]


def _is_news(twin: Made, plan: Plan, step: Step) -> bool:
    """Whether a twin came after a plan was made; of one without a time that can be read nothing is known."""
    with suppress(ValueError):
        if datetime.fromisoformat(twin.at).timestamp() < int(plan.created):
            return False
    return twin.ref != step.twin


def _news_said(step: Step, twin: Made) -> str:
    if step.raw:
        return f"{step.target}: the same request was sent at {twin.at}, after this plan was made"
    if not twin.id:
        return f"{step.target}: one of this name {MAYBE_MADE} {twin.at}, after this plan, of unknown outcome"
    return f"{step.target}: one of this name was made at {twin.at}, after this plan: {shown_id(twin.id)}"


def _told_apart(step: Step) -> bool:
    """Whether a step makes something that is told by its name, or sends what somebody wrote out."""
    return bool(step.makes and step.name) or step.raw


def _shares(workspace: Workspace, step: Step) -> bool:
    return call_of(workspace.session_of(step).connector, step).shares


def _looked_for(workspace: Workspace, step: Step) -> bool:
    kind = workspace.session_of(step).connector.action(step.entity, step.action)
    return issubclass(kind, Write) and bool(kind.unlike)


def _twin_key(step: Step) -> tuple[str, ...]:
    """What makes two creations one intention: their name where they have one, else all that they set."""
    same = "" if "name" in step.changes else json.dumps(step.changes, sort_keys=True, default=str)
    return (*made_key(step), same)


def _twin_said(step: Step, twin: Made) -> str:
    if step.raw:
        return f"the same request was sent at {twin.at} already"
    return f"{with_article(step.noun)} of this name was made at {twin.at} already: {twin.id}"


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
