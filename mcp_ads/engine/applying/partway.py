"""A write of several requests of which the answer to one is lost: what of it may be done, and what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mcp_ads.engine.answers.facts import which_connection
from mcp_ads.engine.answers.lost_text import IN_PART
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.changes.ways_back import opposite

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

UNLISTED = "nothing lists it"
BY_HAND = "it is not what was planned"


def lost_part(step: Step) -> int:
    """The number of the request of which nobody knows, where others of its step were not sent; else 0."""
    last = step.sent[-1] if step.sent else None
    return last.part if last and last.state == "sending" and last.part < len(step.requests) else 0


def making_part(step: Step) -> int:
    """The number of the request that makes the step's own object."""
    entities = ((request.get("leaves") or {}).get("entity") for request in step.requests)
    return next((at for at, entity in enumerate(entities, 1) if entity == step.entity), len(step.requests))


def part_said(step: Step, number: int) -> str:
    """A request of several in words."""
    does = step.requests[number - 1].get("does")
    return f"request {number} of {len(step.requests)}{f' ({does})' if does else ''}"


def unsent(step: Step) -> str:
    """Which requests were not sent after the one whose answer is lost."""
    first, last = lost_part(step) + 1, len(step.requests)
    does = step.requests[last - 1].get("does") if first == last else ""
    named = (
        f"request {last}{f' ({does})' if does else ''} was" if first == last else f"{first} to {last} were"
    )
    return f"{named if first == last else f'requests {named}'} not sent"


def not_made(step: Step) -> str:
    """What is said where the object's own request was not sent, so that none of its name can be this one."""
    number = lost_part(step)
    if number < making_part(step):
        return f"no {step.noun} was made: {unsent(step)}; plan it anew"
    return f"the {step.noun} is there, not all of it: {unsent(step)}"


def unlisted(step: Step) -> str:
    """What is said where no list shows what its request may have made."""
    said = f"{UNLISTED}: {part_said(step, lost_part(step))} may have been done, {unsent(step)}"
    return f"{said}; it is not usable so: plan it anew"


def took_effect(step: Step) -> str:
    """That the request of which nobody knew was done, and the others not."""
    return f"{IN_PART}{part_said(step, lost_part(step))} took effect; {unsent(step)}"


def way_on(session: Session, step: Step, found: str) -> str:
    """What to do about an object that is there in part: the call that plans to take it back, if any does."""
    step = Step(**{**vars(step), "id": found})
    action, params, _ = opposite(session.connector.entity(step.entity).actions, step)
    if not action:
        return f"{BY_HAND}: do the rest by hand"
    call = (
        f'{session.connector.name}_execute("{step.entity}", "{action}", {params | which_connection(session)})'
    )
    return f"{BY_HAND}: do the rest by hand, or take it back and plan anew: {call}"
