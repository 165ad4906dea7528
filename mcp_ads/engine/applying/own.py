"""What tells whether a reading of what a create was answered with shows what that create made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Write
from mcp_ads.engine.changes.likeness import unlike
from mcp_ads.engine.changes.moments import Left, left_at
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.changes.steps import Step, quoted
from mcp_ads.engine.changes.wording import short
from mcp_ads.errors import NoRecord, StalePlan, UnknownAction, UnknownPlan

from .found import made_at, plain, when_made
from .verdicts import by_now

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace


def left_before(session: Session, plan: Plan, step: Step) -> Left:
    """Before when what a step has made was not there: when it left, or when the plan was made."""
    return by_now(session, left_at(step.left) or Left(datetime.fromtimestamp(plan.created, UTC)))


def dated(session: Session, step: Step, call: Write) -> Sequence[str]:
    """The field that tells when the new object was made, where one does."""
    known = [path for path in call.made_at if path in (call.lookup().get("fields") or ())]
    with suppress(UnknownAction):  # without a list, nothing tells which fields there are
        known += filter(None, [when_made(session, step)])
    return known[:1]


def strange(
    session: Session, step: Step, call: Write, record: Mapping[str, Any], since: Left
) -> Sequence[str]:
    """What in the record of a new object shows that it is another one, a few words each."""
    names, currency = identity(call), step.account["currency"] if step.account else ""
    otherwise = (
        [name for name in unlike(call, record, currency, names) if name != call.name_at] if names else []
    )
    was, now, at = call.name_in(call.sets()), call.name_in(record), made_at(call, record)
    named = bool(was and now) and _alike(call, was, now)
    ours = named or bool(at and since.was_before(at))
    if ours:  # a rule or a person may have switched it since
        otherwise = [name for name in otherwise if name not in call.states.fields]
    shown = [f"{name} {short(record.get(name))}" for name in otherwise]
    if was and now and not named:
        shown.insert(0, quoted(now))
    if at and since.is_after(at, session.transport.clock.ahead(datetime.now(UTC))):
        shown.append(f"made {at:%Y-%m-%d %H:%M} UTC, before this")
    return shown


def _alike(call: Write, was: str, now: str) -> bool:
    """Whether a name is the one that was given; where the platform takes no two alike, in whatever order."""
    one, other = plain(was), plain(now)
    return one == other or bool(call.unlike and sorted(one) == sorted(other))


def identity(call: Write) -> Sequence[str]:
    """The fields that a call sets which tell what it makes from another: its parents and its state."""
    fields: dict[str, Any] = type(call).model_fields
    parents = [fields[name].alias or name for name in call.parents if name in fields]
    sets = call.sets()
    return [name for name in dict.fromkeys([call.name_at, *call.states.fields, *parents]) if name in sets]


def check_removals(workspace: Workspace, plan: Plan, steps: Sequence[Step]) -> None:
    """Raise StalePlan where an undo would put away what nothing has shown to be what its plan made."""
    ending = {(step.connector, step.object_id) for step in steps if step.ending}
    if not plan.undoes or not ending:
        return
    again = f"call ads_apply({plan.undoes}) again: it reads what was made and gives the undo"
    try:
        origin = workspace.plans.get(plan.undoes)
    except (UnknownPlan, NoRecord):
        raise StalePlan("nothing shows any more that this removes what was made from here") from None
    unproven = [step for step in origin.steps if step.makes and not step.proven]
    if named := [step.target for step in unproven if (step.connector, step.object_id) in ending]:
        raise StalePlan(f"nothing has shown that {named[0]} is what was made from here", fix=again)
