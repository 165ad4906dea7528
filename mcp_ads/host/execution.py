"""One call of one connector: carried out by its workspace's engine, answered with the platform's records."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mcp_ads.core import Result
from mcp_ads.core.door import with_records
from mcp_ads.core.synonyms import cut
from mcp_ads.engine import overview
from mcp_ads.engine.answers.own_plans import whole_text
from mcp_ads.engine.answers.plan_text import plan_record
from mcp_ads.engine.applying.apply import NOT_APPLIED
from mcp_ads.engine.changes.plan import Plan
from mcp_ads.engine.wire.authority import Authority, acting, authority
from mcp_ads.engine.wire.redaction import mapped
from mcp_ads.engine.workspace import plan_of
from mcp_ads.errors import AdsError, PartlyDone, UnknownPlan
from mcp_ads.platforms import PLATFORMS
from mcp_ads.sdk.backend import Answered, Shape
from mcp_ads.sdk.outcomes import status_of
from mcp_ads.sdk.shaping import check_shapeless, fields_asked, shaped

from . import faults, words
from .callers import Caller
from .catalog import DEFINITIONS
from .desks import Made
from .onward import placed
from .parts import Host
from .pinned import pinned
from .records.intents import INTENT
from .refusals import Refused, not_found
from .store.connectors import Kept

DESCRIBE = "describe"
MOST_BESIDE = 4_000
"""Characters of a plan that stand in the message of a 409, too: some clients show nothing else of it."""
MOST_STEPS = 20
"""Steps of each plan in a list of plans; one that is looked at has them all."""
NO_PLAN_ID = "-"
"""The `plan_id` of what was carried out without a plan that is kept."""
NO_PLAN = "plan_id: there is no such plan of this connector, or it has ended"
ABSENT = {
    "context_store_search": "this server keeps no copies of records to search: ask with `list`",
    "context_store_sql_query": "this server keeps no copies of records to query: ask with `list`",
    "search": "this server keeps no copies of records to search: ask with `list`",
}


@dataclass(frozen=True)
class Asked:
    """What a request wants carried out."""

    entity: str
    action: str
    params: Mapping[str, Any] = field(default_factory=dict)
    shape: Shape = field(default_factory=Shape)
    intent: str = ""


async def carried_out(made: Made, caller: Caller, kept: Kept, asked: Asked) -> dict[str, Any]:
    """The envelope of an answer. Raises Refused, also for a write that waits as a plan (409)."""
    return await _enveloped(made, caller, kept, asked.intent, lambda: _answered(made, kept, asked))


async def _enveloped(
    made: Made, caller: Caller, kept: Kept, intent: str, work: Callable[[], Awaitable[Answered]]
) -> dict[str, Any]:
    """The envelope of what work for a caller comes to. Raises Refused."""
    began, token = time.monotonic(), INTENT.set(intent)
    try:
        with acting(caller.authority):
            answered = await work()
    except PartlyDone as error:
        answered = _partly(made, kept, error)
    except AdsError as error:
        raise refused(made, kept, error) from None
    finally:
        INTENT.reset(token)
    return envelope(kept, answered.data, answered.meta, began)


def is_read(made: Made, kept: Kept, asked: Asked) -> bool:
    """Whether what is asked changes nothing. Raises AdsError for what there is not."""
    if (asked.entity, asked.action) == ("*", "check") or asked.action in (DESCRIBE, *ABSENT):
        return True
    known = made.desk.offer(DEFINITIONS[kept.slug].name)
    return known.action(asked.entity, known.meant(asked.entity, asked.action, asked.params)).risk == "read"


async def applied(host: Host, caller: Caller, kept: Kept, plan_id: str, intent: str = "") -> dict[str, Any]:
    """The envelope of what became of a plan. Raises Refused; 409 where it has to be agreed to anew."""
    made = await host.desks.made(caller, kept.workspace_id)

    async def apply() -> Answered:
        check_plan(made, kept, plan_id)
        return written(made, kept, await made.desk.apply(plan_id))

    return await _enveloped(made, caller, kept, intent, apply)


async def listed(host: Host, caller: Caller, kept: Kept) -> list[dict[str, Any]]:
    """The plans of a connector that a caller may apply, each with its owner. Raises Refused."""
    made, held_to = await host.desks.made(caller, kept.workspace_id), caller.authority
    found = [
        {**plan_record(plan, MOST_STEPS), "owner": plan.owner}
        for plan in made.desk.plans.all()
        if _is_theirs(caller.id, held_to, plan) and held_to.covers(plan.accounts) and _is_of(made, kept, plan)
    ]
    return [mapped(record, made.desk.trace.without_secrets) for record in found]


async def looked_at(host: Host, caller: Caller, kept: Kept, plan_id: str) -> dict[str, Any]:
    """A plan as data, with its whole text. Raises Refused."""
    made = await host.desks.made(caller, kept.workspace_id)
    try:
        with acting(caller.authority):
            check_plan(made, kept, plan_id)
            plan = plan_of(made.desk, plan_id)
            text = _plan_text(made, kept, plan_id)
            record = {**plan_record(plan), "owner": plan.owner, "plan": text}
    except AdsError as error:
        raise refused(made, kept, error) from None
    return dict(mapped(record, made.desk.trace.without_secrets))


def _plan_text(made: Made, kept: Kept, plan_id: str) -> str:
    text = made.desk.trace.without_secrets(whole_text(made.desk, plan_id))
    return words.plan(text, kept.id, plan_id)


def check_plan(made: Made, kept: Kept, plan_id: str) -> None:
    """Raise UnknownPlan unless a plan is theirs to apply, all of this connector. Raises PolicyError."""
    try:
        plan = made.desk.plans.get(plan_id)
    except UnknownPlan:
        plan = None
    theirs = plan is not None and _is_theirs(made.desk.who().id, authority(), plan)
    if plan is None or not theirs or not _is_of(made, kept, plan):
        raise UnknownPlan(NO_PLAN, fix="make the plan again")
    plan_of(made.desk, plan_id)


def _is_theirs(caller: str, held_to: Authority, plan: Plan) -> bool:
    return plan.owner == caller or held_to.may_approve(plan.owner)


def _is_of(made: Made, kept: Kept, plan: Plan) -> bool:
    ours = (DEFINITIONS[kept.slug].name, made.labels.get(kept.id))
    return all((step.connector, step.connection_name) == ours for step in plan.steps)


def envelope(kept: Kept, result: Any, meta: Mapping[str, Any], began: float) -> dict[str, Any]:
    """An answer as clients read it: `connector_metadata` is an object on every list."""
    took = round((time.monotonic() - began) * 1000)
    return {
        "status": "success",
        "result": result,
        "connector_metadata": dict(meta),
        "execution_metadata": {"connector_instance_id": kept.id, "execution_time_ms": took},
    }


async def _answered(made: Made, kept: Kept, asked: Asked) -> Answered:
    desk, name = made.desk, DEFINITIONS[kept.slug].name
    if (asked.entity, asked.action) == ("*", "check"):
        return Answered(await checked(made, kept), {})
    if asked.action == DESCRIBE:
        return Answered(await _described(made, kept, asked), {})
    known = desk.offer(name)
    if asked.action in ABSENT and asked.action not in known.entity(asked.entity).actions:
        raise Refused(501, f"{asked.action}: {ABSENT[asked.action]}", "not_implemented", "action")
    kind = known.action(asked.entity, known.meant(asked.entity, asked.action, asked.params))
    if kept.id not in made.labels:
        raise not_found()  # deleted since it was looked up
    params = pinned(kept, made.labels[kept.id], asked.params)
    if kind.risk != "read":
        check_shapeless(asked.shape, f"{asked.entity}.{asked.action}, which is a write")
        return written(made, kept, await desk.execute(name, asked.entity, asked.action, params))
    params = placed(kind, params) | fields_asked(
        desk.connector(name), asked.entity, asked.action, asked.params, asked.shape
    )
    found = await desk.vendor_records(name, asked.entity, asked.action, params)
    has_get = "get" in known.entity(asked.entity).actions
    answered = Answered(found.data, dict(found.meta))
    return answered if found.meta.get("pending") else shaped(answered, asked.shape, has_get=has_get)


async def _described(made: Made, kept: Kept, asked: Asked) -> str:
    """What there is, as text; asks no platform. Raises AdsError."""
    if wrong := sorted(set(asked.params) - {"action"}):
        raise Refused(
            422, f"params.{cut(wrong[0])}: describe takes `action` alone", field=f"params.{cut(wrong[0])}"
        )
    entity = "" if asked.entity == "*" else asked.entity
    given = {
        "connector": DEFINITIONS[kept.slug].name,
        "entity": entity,
        "action": asked.params.get("action", ""),
    }
    with with_records():
        page = await overview.page(made.desk, {name: str(text) for name, text in given.items() if text})
    return words.said(page, kept.id)


def written(made: Made, kept: Kept, result: Result) -> Answered:
    """What a write or a plan came to. Raises Refused for a plan that waits, and for what was not done,
    or nobody knows of. Of what was done in part the answer's `status` is "partial".
    """
    desk = made.desk
    text, clean = words.outcome(desk.text(result), kept.id), mapped(result.data, desk.trace.without_secrets)
    data = clean if isinstance(clean, dict) else {"rows": clean}
    if data.get("state") == "ready" and "plan_id" in data:
        raise waits(made, kept, data["plan_id"], data.get("drift"), text)
    status = "pending" if result.meta.get("pending") else status_of(data)
    if status in ("not done", "failed") and any(
        one.get("code") == PartlyDone.__name__ or one.get("sent") == "yes" for one in result.errors or ()
    ):
        status = "partial"
    more = {"errors": mapped(result.errors, desk.trace.without_secrets)} if result.errors else {}
    answer = {"plan_id": NO_PLAN_ID, **data, "status": status, "text": text, **more}
    if status in ("unknown", "not done", "failed"):
        if plan_id := data.get("plan_id", "") if status == "unknown" else "":
            look = f"GET {words.path_of(kept.id, plan_id)} shows what was sent; look before sending any again"
            text = f"{text}\n{look}"
        code = "outcome_unknown" if status == "unknown" else "platform_refused"
        raise Refused(502 if status == "unknown" else 422, text, code,
                      details={"outcome": answer, "plan_id": data.get("plan_id", "")})  # fmt: skip
    return Answered(answer, dict(result.meta))


def _partly(made: Made, kept: Kept, error: PartlyDone) -> Answered:
    """A write of which some was done: a refusal would say that nothing was, and have it sent again."""
    told = refused(made, kept, error)
    failed = {"code": PartlyDone.__name__, "message": str(told), "sent": "yes"}
    known = {"plan_id": error.plan_id or NO_PLAN_ID, "status": "partial", "text": str(told)}
    return Answered({**known, "errors": [failed]}, {})


def waits(
    made: Made, kept: Kept, plan_id: str, drift: Sequence[str] | None = None, text: str = ""
) -> Refused:
    """409: what is to be done is written down, and a person has to agree to it first.

    In the place of a plan that the account has left behind, `drift` says how; `text` says it whole.
    """
    path = f"{words.path_of(kept.id, plan_id)}/apply"
    why, more = "nothing was changed yet", dict[str, Any]()
    if drift is not None:
        why = text.partition("\nA fresh plan:")[0]
        why, more = f"{why[max(why.find(NOT_APPLIED), 0) :]}\nA fresh plan", {"drift": list(drift)}
    told = (
        f"{why}: the plan {plan_id} waits. Show it to the person who answers for the money, and do not "
        f"call again; once they agree, the application sends POST {path}"
    )
    plan = _plan_text(made, kept, plan_id)
    beside = (
        f"\n{plan}" if len(plan) <= MOST_BESIDE else f"\nThe plan is long: GET {path.removesuffix('/apply')}"
    )
    told += beside
    details = {"plan_id": plan_id, "plan": plan, "apply": path, **more}
    return Refused(409, told, "plan_required", details=details)


async def checked(made: Made, kept: Kept) -> dict[str, Any]:
    """Whether the platform accepts the credentials, by an ordinary read of the accounts there are."""
    name = DEFINITIONS[kept.slug].name
    accounts = made.desk.connector(name).accounts
    said = {"checked_entity": accounts.entity, "checked_action": "list"}
    params = {"connection": made.labels[kept.id], "limit": 1}
    try:
        await made.desk.vendor_records(name, accounts.entity, "list", params)
    except AdsError as error:
        return {"status": "unhealthy", "error": str(refused(made, kept, error)), **said}
    return {"status": "healthy", **said}


def refused(made: Made, kept: Kept, error: AdsError) -> Refused:
    """What an error is answered as, without anything secret, in words for its caller."""
    made.desk.trace.secrets.clean(error)
    words.mend(error, kept.id, PLATFORMS[DEFINITIONS[kept.slug].name])
    return faults.of_ads(error)
