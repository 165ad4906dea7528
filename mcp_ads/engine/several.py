"""A whole plan made in one call: its `steps`, each a write of its own, planned in order and kept together."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from mcp_ads.core import Result, Write, validate
from mcp_ads.core.once import read_once
from mcp_ads.core.private import beside_rows, is_about_people
from mcp_ads.core.synonyms import closest
from mcp_ads.engine.changes.plan import APPEND_TO, Plan
from mcp_ads.engine.changes.references import places
from mcp_ads.engine.changes.steps import Step, quoted, shown_id
from mcp_ads.engine.planning.items import MOST_ITEMS, expand, raise_mistakes
from mcp_ads.engine.planning.left_out import Drafted
from mcp_ads.engine.planning.policy import check_mode
from mcp_ads.engine.selecting.asked import selects
from mcp_ads.engine.session.depth import check_depth
from mcp_ads.engine.session.intake import Intake
from mcp_ads.engine.session.params import account_left_out, checked
from mcp_ads.engine.wire.deadline import deadline
from mcp_ads.engine.wire.people import hide_given
from mcp_ads.errors import AdsError, CallError, InvalidParams, PolicyError, Rejected

from .meant import PARAM, meant
from .write import draft, open_plan, planned_together

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

    from .workspace import Workspace

STEPS = "steps"
KEYS = ("connector", "entity", "action", "params")
MOST_ENTRIES, MOST_KEY = 100, 40
FORM = "a list of {connector, entity, action, params}, one for each write"
NO_PLANS = "steps: there are no plans where writes go out directly; send these writes one by one"


@dataclass(frozen=True)
class Entry:
    """One write of several."""

    connector: str
    entity: str
    action: str
    params: Mapping[str, Any]


@dataclass
class _Making:
    """A plan in the making: what is drafted, by which sessions, up to which step numbers are `known`, and why
    not further; `pending` is the answer where figures are not ready that a step looks at.
    """

    workspace: Workspace
    base: Plan | None
    intake: Intake
    found: Drafted = field(default_factory=Drafted)
    lines: list[str] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    known: int | None = None
    unsure: str = ""
    pending: Result | None = None

    @property
    def steps(self) -> list[Step]:
        """The steps there are so far, of the plan that is added to as well: those that references mean."""
        return [*(self.base.steps if self.base else []), *self.found.steps]

    def doubt(self, why: str) -> None:
        """Take it that the numbers of all steps from the next on are others than the call reckons with."""
        if self.known is None:
            self.known, self.unsure = len(self.steps), why

    def beyond(self, value: Any) -> list[str]:
        """The references in a value to steps whose numbers are unsure."""
        if self.known is None:
            return []
        found = (f"@{number}.{word}" for _, number, word in places("", value) if number > self.known)
        return list(dict.fromkeys(found))

    def check_numbers(self, value: Any) -> None:
        """Raise InvalidParams for references in a value to steps whose numbers are unsure."""
        if beyond := self.beyond(value):
            raise InvalidParams("\n".join(f"{reference}: {self.unsure}" for reference in beyond))


async def make_plan(
    workspace: Workspace, own: Entry | None, given: Mapping[str, Any], default: str
) -> Result:
    """Plan all writes of a call: its `own`, if it is one, then its `steps`, as one plan.

    `given` has the steps, and the plan they are added to; `default` is the connector of those that name none.
    Raises AdsError, with every mistake of every step; then nothing is kept.
    """
    check_mode(workspace.settings, sends=workspace.settings.writes == "direct")
    if workspace.settings.writes == "direct":
        raise InvalidParams(NO_PLANS)
    workspace.audit.check()
    plan_id = next((given[name] for name in APPEND_TO if given.get(name)), None)
    making = _Making(
        workspace,
        open_plan(workspace, str(plan_id)) if plan_id else None,
        Intake(workspace.settings.files, workspace.blobs.put, workspace.check_given),
    )
    entries: list[Entry | CallError] = [*([own] if own else []), *_entries(given.get(STEPS), default)]
    labels = [f"{own.entity}.{own.action}"] if own else []
    labels += [f"entry {number} of {STEPS}" for number in range(1, len(entries) - len(labels) + 1)]
    try:
        with deadline():
            outcomes = [
                await _outcome(making, label, entry) for label, entry in zip(labels, entries, strict=True)
            ]
            raise_mistakes(outcomes, labels, many=True)
            if making.pending:
                return making.pending
            if (count := len(making.steps)) > MOST_ITEMS:
                raise InvalidParams(f"{STEPS}: the plan would have {count:,} steps, at most {MOST_ITEMS:,}")
            return await planned_together(workspace, making.sessions, making.found, making.base, making.lines)
    finally:
        workspace.forget_unneeded(making.intake.digests)


def _entries(steps: Any, default: str) -> Iterator[Entry | CallError]:
    """The writes that `steps` has, or what is wrong with one. Raises InvalidParams for what is no list."""
    if isinstance(steps, str):
        try:
            steps = read_once(steps)
        except (ValueError, RecursionError):
            raise InvalidParams(f"{STEPS}: not valid JSON; {FORM}") from None
    if not isinstance(steps, list) or not steps:
        raise InvalidParams(f"{STEPS}: {FORM}")
    if len(steps) > MOST_ENTRIES:
        raise InvalidParams(
            f"{STEPS}: {len(steps):,} are too many, at most {MOST_ENTRIES} in one call; one may have items"
        )
    for step in steps:
        try:
            yield _entry(step, default)
        except CallError as error:
            yield error


def _entry(step: Any, default: str) -> Entry:
    """One write of the list. Raises InvalidParams, a line for each mistake."""
    if not isinstance(step, Mapping):
        raise InvalidParams("write an object with connector, entity, action and params")
    mistakes = [_no_key(str(name)) for name in step if name not in KEYS]
    names = [step.get(name) or (default if name == "connector" else "") for name in KEYS[:-1]]
    for name, value in zip(KEYS, names, strict=False):
        if not isinstance(value, str) or not value.strip():
            mistakes.append(f"{name}: {'write text' if value else 'missing, required'}")
    try:
        params = _object(step.get("params"))
    except InvalidParams as error:
        mistakes += error.lines
        params = {}
    mistakes += [
        f"params.{name}: it stands beside {STEPS}, once for the whole plan"
        for name in params
        if validate.snake(str(name)) in (STEPS, APPEND_TO[0])
    ]
    if mistakes:
        raise InvalidParams("\n".join(mistakes))
    connector, entity, action = map(str.strip, names)
    return Entry(connector, entity, action, params)


def _no_key(name: str) -> str:
    """That a step has no such key, with what may be meant; what may be anything else is not repeated."""
    shown = name if name.isidentifier() and name.isascii() and len(name) <= MOST_KEY else "…"
    meant = closest(name, KEYS)
    hint = f"did you mean {' or '.join(meant)}?" if meant else f"a step has {', '.join(KEYS)}"
    return f"{shown}: no such key; {hint}"


def _object(params: Any) -> dict[str, Any]:
    if isinstance(params, str) and params.strip():
        try:
            params = read_once(params)
        except (ValueError, RecursionError):
            raise InvalidParams("params: not valid JSON; write an object") from None
    if params in (None, ""):
        return {}
    if not isinstance(params, dict):
        raise InvalidParams(f"params: an object is needed, not {type(params).__name__}")
    return dict(params)


async def _outcome(making: _Making, label: str, entry: Entry | CallError) -> AdsError | None:
    """What is wrong with one write, which is drafted where nothing is.

    Raises AdsError for what says nothing of the write, such as a platform that does not answer.
    """
    if isinstance(entry, CallError):
        making.doubt("")
        return entry
    try:
        await _add(making, entry)
    except (CallError, PolicyError, Rejected) as error:
        making.doubt("")
        return error
    except AdsError as error:
        error.args = (f"{label}: {error}",)
        raise
    return None


async def _add(making: _Making, entry: Entry) -> None:
    """Draft one write after those before it. Raises AdsError."""
    workspace, params = making.workspace, dict(entry.params)
    offer = workspace.offer(entry.connector)
    if offer.name in workspace.beside:
        raise InvalidParams(f"connector: {offer.name} has no writes; name the platform")
    action = offer.meant(entry.entity, entry.action, params)
    kind = offer.action(entry.entity, action)
    if not issubclass(kind, Write):
        raise InvalidParams(f"action: {entry.entity}.{action} reads; a plan has writes only")
    check_depth(params)
    try:
        params = await asyncio.to_thread(making.intake.exchanged, kind, params)
        if PARAM in params or workspace.has_several(offer.name):
            named = (offer.name, entry.entity, action)
            session, params = await meant(workspace, *named, params, making.steps)
        else:
            session = workspace.session(offer.name)
        params = session.without_credentials(params)
        await _draft_one(making, session, entry.entity, action, params)
    except AdsError as error:
        if is_about_people(kind):
            hide_given(error, beside_rows(kind, partial(validate.our_name, kind), params))
        raise


async def _draft_one(
    making: _Making, session: Session, entity: str, action: str, params: dict[str, Any]
) -> None:
    """Draft a write that is understood, or look at it as far as goes where what it refers to is wrong itself.

    Raises AdsError, also for a reference to a step of which nobody can have known the number.
    """
    kind = session.connector.action(entity, action)
    assert issubclass(kind, Write)
    making.workspace.check_configured(session)
    if making.beyond(params) and not making.unsure:
        for item in expand(kind, params):
            checked(session, kind, item | account_left_out(session, kind, item))
        return
    making.check_numbers(params)
    found, drafted = await draft(session, entity, action, params, making.steps)
    making.check_numbers([step.params for step in drafted.steps])
    if selects(kind, params):
        making.doubt("how many steps a condition finds is known only afterwards; put what is made before it")
    elif drafted.excluded:
        left = drafted.excluded[0]
        name = quoted(left["name"]) if left["name"] else ""
        what = " ".join(filter(None, [shown_id(str(left["id"])), name]))
        making.doubt(f"{entity}.{action} before it leaves {what} out ({left['why']}): later steps move up")
    if found.instead and not found.lines:
        making.pending = found.instead
    making.found.steps += drafted.steps
    making.found.excluded += drafted.excluded
    making.lines += found.lines
    making.sessions += [session] if session not in making.sessions else []
