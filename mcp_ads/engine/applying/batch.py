"""Steps that travel together: items of one change, in one request where the platform has one.

Which steps these are follows from the plan alone, so that a plan that is gone on with has the same ones.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Write, dig
from mcp_ads.core.bundles import Bundle
from mcp_ads.engine.changes.calls import call_of
from mcp_ads.engine.changes.steps import Step
from mcp_ads.engine.records.audit import Who
from mcp_ads.engine.records.lately import SENDING
from mcp_ads.engine.wire.flows import is_recipe
from mcp_ads.engine.wire.together import send_together
from mcp_ads.errors import AdsError, ApiError, NoRecord, OutcomeUnknown

from .parts import in_time
from .send import believe, leaves_now, note, repeated
from .verdicts import how_to_check

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session
    from mcp_ads.engine.workspace import Workspace


class Group:
    """Steps in a row that are items of one change, and do not depend on each other.

    `bundle` says how they travel; a step that is sent by itself is a group of its own.
    """

    def __init__(self, bundle: Bundle | None) -> None:
        self.bundle = bundle
        self.indexes: list[int] = []
        self._apart: list[str] = []
        self._subjects: set[str] = set()
        self._ways: set[bool] = set()

    def takes(self, step: Step, bundle: Bundle | None) -> bool:
        """Whether a step is one more of these: alike, of another object, and money goes the same way."""
        alike = bundle is not None and bundle == self.bundle
        again = bool(step.subject) and step.subject in self._subjects
        return alike and not again and len(self._ways | _way(step)) < 2  # noqa: PLR2004

    def add(self, index: int, step: Step, apart: str) -> None:
        self.indexes.append(index)
        self._apart.append(apart)
        self._subjects.add(step.subject)
        self._ways |= _way(step)

    def batches(self, steps: Sequence[Step]) -> Iterator[list[int]]:
        """Those of its steps that are ready, as they are sent: so many at once, and some never together."""
        batches: list[tuple[list[int], set[str]]] = []
        most = self.bundle.most if self.bundle else 1
        for index, apart in zip(self.indexes, self._apart, strict=True):
            if steps[index].state != "ready":
                continue
            fits = (pair for pair in batches if len(pair[0]) < most and not (apart and apart in pair[1]))
            batch, values = next(fits, ([], set()))
            if not batch:
                batches.append((batch, values))
            batch.append(index)
            values.add(apart)
        return iter(batch for batch, _ in batches)

    def goes_on(self, steps: Sequence[Step]) -> bool:
        """Whether what is left of it may be sent: items are independent, but what fails whole ends it."""
        states = {steps[index].state for index in self.indexes}
        return not states & {"unknown", SENDING} and ("failed" not in states or "done" in states)


def groups_of(workspace: Workspace, steps: Sequence[Step]) -> list[Group]:
    """All steps in their order, in groups."""
    groups: list[Group] = []
    for index, step in enumerate(steps):
        bundle, apart = _travels(workspace.session_of(step), step)
        if not groups or not groups[-1].takes(step, bundle):
            groups.append(Group(bundle))
        groups[-1].add(index, step, apart)
    return groups


def _travels(session: Session, step: Step) -> tuple[Bundle | None, str]:
    """The bundle a step may travel in, and the value no other step of that batch may have as well.

    A raw request goes as it was written.
    """
    if step.refs or step.raw:
        return None, ""
    call = call_of(session.connector, step)
    if is_recipe(call):
        return None, ""
    bundle = session.connector.together(call.to_request())
    if bundle is None:
        return None, ""
    whose = (
        step.connector,
        step.connection_name,
        step.entity,
        step.action,
        step.account and step.account["id"],
    )
    value = dig({**step.before, **step.changes}, call.apart) if call.apart else None
    return Bundle((whose, bundle.key), bundle.most, bundle.counted), str(value or "")


def _way(step: Step) -> set[bool]:
    """Whether a step lowers what may be spent, or raises it; neither where it does nothing to it."""
    rise = sum(budget.rise for budget in step.budgets if budget.pays)
    return {rise > 0} if rise else set()


async def perform_together(
    workspace: Workspace,
    steps: Sequence[Step],
    who: Who,
    plan_id: str = "",
    refs: Sequence[str] = (),
    among: Sequence[Step] = (),
) -> list[AdsError | None]:
    """Send steps of one batch once, and note in them and in the audit log what came of each.

    `among` are the steps they are some of: what they make has ids none of these has.
    Raises NoRecord when that they are about to be sent cannot be written down; then nothing is sent.
    """
    refs = refs or [secrets.token_hex(6) for _ in steps]
    session, lines = workspace.session_of(steps[0]), list(zip(steps, refs, strict=True))
    since = leaves_now(session)
    checks = [how_to_check(session, step, since.said) for step in steps]
    for step in steps:
        step.state = SENDING
    workspace.audit.note_all(lines, who, plan_id)
    errors: list[AdsError | None] = [
        OutcomeUnknown("the call was cancelled while this was being sent") for _ in steps
    ]
    try:
        outcomes = await _outcomes(session, steps)
        again = repeated(session, steps, among)
        errors = [error or doubt for error, doubt in zip(outcomes, again, strict=True)]
    finally:
        for step, error, check in zip(steps, errors, checks, strict=True):
            note(step, error, check, since)
        try:
            workspace.audit.note_all(lines, who, plan_id)
        except NoRecord as unwritten:
            for step in steps:
                step.warnings.append(f"missing in the audit log: {unwritten}")
    session.under_way.clear()
    for step in steps:
        if step.state == "done" and step.makes and step.account:
            session.accounts.own(step.id, step.account["id"])
    return errors


async def _outcomes(session: Session, steps: Sequence[Step]) -> list[AdsError | None]:
    """Send them in what is left of the call; what was sent and has no answer may have been done."""
    calls = [call_of(session.connector, step) for step in steps]
    requests = [call.to_request() for call in calls]
    bundle, answers = session.connector.together(requests[0]), list[Any]([None] * len(steps))
    assert bundle
    lost: AdsError = OutcomeUnknown.because("no answer to this one")
    try:
        await in_time(send_together(session, requests, bundle, steps[0].owner, answers))
    except AdsError as failed:
        lost = failed
    return [
        _outcome(step, call, copy(lost) if answer is None else answer)
        for step, call, answer in zip(steps, calls, answers, strict=True)
    ]


def _outcome(step: Step, call: Write, answer: Any) -> AdsError | None:
    """None for a step whose answer shows that it was done, else the error that says why not, or that
    nobody knows.
    """
    if isinstance(answer, AdsError):
        return answer
    try:
        believe(step, call, answer)
    except ApiError as doubt:
        return doubt
    except Exception as broken:  # noqa: BLE001
        return OutcomeUnknown.because(type(broken).__name__)
    return None
