"""What all writes share: statuses, clearing, saving, the journal."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from .calls import Call, fields_of
from .errors import GraphError, invalid, missing, refused
from .logged import log
from .params import SECRET, Attached, Body, checked
from .state import CHILD, local_text, now_text
from .tables import KINDS, edge_params
from .views import view

TIMES = ("created_time", "updated_time", "start_time", "stop_time")
QUIET = {"daily_budget", "lifetime_budget", "spend_cap", "execution_options"}
MONEY = {
    "daily_budget",
    "lifetime_budget",
    "spend_cap",
    "daily_min_spend_target",
    "daily_spend_cap",
    "lifetime_min_spend_target",
    "lifetime_spend_cap",
}
ALWAYS = {"name", "objective", "optimization_goal", "billing_event", "targeting", "creative"}
NOT_KEPT = {
    "account_id",
    "execution_options",
    "campaign_spec",
    "adset_spec",
    "budget_schedule_specs",
    "include_demolink_hashes",
}
HEAVY = {"bytes", "payload", "data"}
"""Parameters that are files or people."""
DONE: Body = {"success": True}


def validates(call: Call) -> bool:
    """Only a trial? Edges whose parameters lack execution_options do not know the idea and go ahead."""
    known = "execution_options" in (edge_params(call.edge) or {})
    return known and "validate_only" in str(call.params.get("execution_options", ""))


def require(sent: Body, *names: str) -> None:
    for name in names:
        if sent.get(name) in (None, ""):
            raise missing(name)


def check_name(sent: Body, longest: int = 400) -> None:
    if "name" in sent and not str(sent["name"]).strip():
        raise invalid("Param name must be a non-empty string")
    if len(str(sent.get("name", ""))) > longest:
        raise invalid(f"Param name must be at most {longest} characters")


def check_fixed(call: Call, sent: Body) -> None:
    """What the table of kinds calls fixed stays as it was made."""
    for name, subcode in KINDS[call.kind].fixed.items():
        if name in sent and sent[name] != call.node.get(name):
            text = f"{name} cannot be changed after the {call.kind} was made: create a new {call.kind}."
            raise refused(subcode, "Field cannot be edited", text, blame=name)


def check_first_status(sent: Body) -> None:
    if sent.get("status", "PAUSED") not in ("ACTIVE", "PAUSED"):
        raise invalid(f"Param status must be one of {{ACTIVE, PAUSED}} on creation - got {sent['status']!r}")


def check_transition(now: Body, sent: Body) -> None:
    """What is archived can only be renamed or deleted, what is deleted only renamed."""
    names = set(sent) - {"execution_options", "name"}
    old, new = now["status"], sent.get("status")
    if old == "DELETED" and names:
        raise invalid("A deleted object cannot be edited; only its name may change")
    if old == "ARCHIVED" and (names - {"status"} or new not in (None, "ARCHIVED", "DELETED")):
        raise invalid("An archived object can only be renamed or deleted")


def merged(now: Body, sent: Body) -> Body:
    """The object after the change: empty values clear, budgets become text, times move on."""
    after = {**now, **{name: _kept(name, value) for name, value in sent.items() if name not in NOT_KEPT}}
    cleared = [name for name, value in sent.items() if value in ("", None) or (name in MONEY and value == 0)]
    if fixed := ALWAYS & set(cleared):
        raise missing(fixed.pop())
    after = {name: value for name, value in after.items() if name not in cleared or name == "account_id"}
    if set(sent) - QUIET:
        after["updated_time"] = now_text()
    return after


def _kept(name: str, value: Any) -> Any:
    return str(value) if name in MONEY else value


def save(call: Call, kind: str, verb: str, body: Body) -> Body:
    """Carry a change out and note it, without the caller's secrets; times get the account's offset."""
    times = [name for name in TIMES if body.get(name, "0") != "0"] if "account_id" in body else []
    kept = body | {name: local_text(body[name], call.state.account_of(body)) for name in times}
    with call.state.store.transaction():
        log(call.state, kind, call.state.get(kind, kept["id"]), kept)
        return keep(call, kind, verb, kept)


def keep(call: Call, kind: str, verb: str, body: Body) -> Body:
    """Carry a change out and note it, the object as it stands."""
    with call.state.store.transaction():
        call.state.put(kind, body)
        note(call, f"{verb} {kind}", body["id"])
    return body


def note(call: Call, what: str, id: str) -> None:
    """Write down what was carried out: no secret, and of files and people no more than a digest."""
    params = {name: _noted(name, value) for name, value in call.params.items() if name not in SECRET}
    call.state.store.journal("facebook_marketing", what, id, params)


def _noted(name: str, value: Any) -> Any:
    if name not in HEAVY and not isinstance(value, Attached):
        return value
    content = value.content if isinstance(value, Attached) else str(value).encode()
    return {"sha256": sha256(content).hexdigest(), "size": len(content)}


def created(call: Call, kind: str, body: Body) -> Body:
    """The answer to a create, carried out unless it was a trial; `fields` asks for more than the id."""
    if validates(call):
        return DONE
    made = save(call, kind, "create", {"id": call.state.new_id(), **body})
    return view(call.to(f"GET {kind}", kind, made, {}), fields_of(call.params, "id"))


def updated(call: Call, kind: str, body: Body) -> Body:
    if not validates(call):
        with call.state.store.transaction():
            save(call, kind, "update", body)
            if body.get("status") == "DELETED":
                _delete_below(call, kind, body)
    return DONE


def remove(call: Call) -> Body:
    """DELETE a node: it and everything below it."""
    if call.node["status"] == "DELETED":
        raise GraphError(100, "(#100) Unsupported delete request: the object is deleted already", subcode=33)
    body = {**call.node, "status": "DELETED", "updated_time": now_text()}
    with call.state.store.transaction():
        save(call, call.kind, "delete", body)
        _delete_below(call, call.kind, body)
    return DONE


def erase(call: Call) -> Body:
    """DELETE a node that leaves nothing behind."""
    checked(call.edge, call.params)
    return forget(call, call.kind, call.node)


def forget(call: Call, kind: str, body: Body) -> Body:
    """Delete an object of this caller, as if it had never been."""
    with call.state.store.transaction():
        call.state.drop(kind, body)
        note(call, f"delete {kind}", body["id"])
    return DONE


def _delete_below(call: Call, kind: str, body: Body) -> None:
    if kind not in CHILD:
        return
    child = CHILD[kind][0]
    for row in call.state.children(kind, body):
        if row["status"] != "DELETED":
            after = {**row, "status": "DELETED"}
            call.state.put(child, after)
            _delete_below(call, child, after)
