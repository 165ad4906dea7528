"""The people who may work in ad accounts: /adAccountUsers, whose keys are an account and a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mcp_ads.sandbox.linkedin_ads import schema
from mcp_ads.sandbox.linkedin_ads.errors import Fault, bad_schema, gateway, invalid, no_access, not_found
from mcp_ads.sandbox.linkedin_ads.paging import offset_page
from mcp_ads.sandbox.linkedin_ads.params import Params, either, integer, listed, record, text, urn_of
from mcp_ads.sandbox.linkedin_ads.patches import patched
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource
from mcp_ads.sandbox.linkedin_ads.state import (
    ACCOUNT,
    MEMBER,
    PLATFORM,
    USER,
    Answer,
    Body,
    Call,
    audit,
    now_ms,
    public,
    tail,
)

ACCOUNT_URN = urn_of("sponsoredAccount")
ROLES = ("ACCOUNT_BILLING_ADMIN", "ACCOUNT_MANAGER", "CAMPAIGN_MANAGER", "CREATIVE_MANAGER", "VIEWER")
MANAGING = ROLES[:2]
UNCONFIRMED = "urn:li:person:uNconf1rmed"
"""Somebody whose e-mail address is not confirmed."""
OFFSETS = {"q": text, "fields": text, "start": integer(0, 10**9), "count": integer(1, 1000)}
MINE = Params(OFFSETS, ("q",))
OF_ACCOUNTS = Params({**OFFSETS, "accounts": either(listed(ACCOUNT_URN), ACCOUNT_URN)}, ("accounts",))
USER_KEY = record(account=ACCOUNT_URN, user=urn_of("person"), required=("account", "user"))
NEW = schema.record(
    {
        "account": schema.urn_of("sponsoredAccount"),
        "user": schema.urn_of("person"),
        "role": schema.enum(*ROLES),
    }
)


def my_users(call: Call) -> Answer:
    """The member's own role in each account."""
    mine = [user for user in call.store.all(USER) if user["user"] == MEMBER]
    return Answer(200, offset_page(call, [public(user) for user in mine]))


def users_of(call: Call) -> Answer:
    """Everyone with a role in the first account asked for; the member alone, below an account manager."""
    asked: Any = call.query["accounts"]
    account = asked[0] if isinstance(asked, list) else asked
    own = _role(call, account)
    users = [
        public(user)
        for user in call.store.all(USER)
        if user["account"] == account and (own in MANAGING or user["user"] == MEMBER)
    ]
    return Answer(200, offset_page(call, users))


def get_user(call: Call) -> Answer:
    return Answer(200, public(_found(call)))


def put_user(call: Call) -> Answer:
    """A new role, or another one for somebody who has one."""
    key, body = call.keys["id"], call.body
    _manage(call)
    if complaints := list(NEW(body, "")):
        raise bad_schema(complaints)
    if faults := list(_mismatches(key, body)):
        raise invalid(faults)
    with call.store.transaction():
        old = call.store.get(USER, _id(key))
        stamps = audit(old["changeAuditStamps"]["created"]["time"] if old else now_ms(), now_ms())
        call.store.put(USER, _id(key), {**body, "changeAuditStamps": stamps})
        call.store.journal(PLATFORM, "put account user", _id(key), body)
    return Answer(204 if old else 201)


def update_user(call: Call) -> Answer:
    _manage(call)
    with call.store.transaction():
        new, touched = patched(_found(call), call.body)
        if strange := touched - {"role"}:
            raise bad_schema([(f"/{name}", schema.UNKNOWN) for name in sorted(strange)])
        if complaints := list(schema.enum(*ROLES)(new.get("role"), "/role")):
            raise bad_schema(complaints)
        stamps = audit(new["changeAuditStamps"]["created"]["time"], now_ms())
        call.store.put(USER, _id(call.keys["id"]), {**new, "changeAuditStamps": stamps})
        call.store.journal(PLATFORM, "update account user", _id(call.keys["id"]), call.body)
    return Answer(204)


def delete_user(call: Call) -> Answer:
    _manage(call)
    _found(call)
    with call.store.transaction():
        call.store.delete(USER, _id(call.keys["id"]))
        call.store.journal(PLATFORM, "delete account user", _id(call.keys["id"]), None)
    return Answer(204)


def _id(key: Body) -> str:
    return f"{key['account']},{key['user']}"


def _found(call: Call) -> Body:
    key = call.keys["id"]
    found = call.store.get(USER, _id(key))
    if found is None:
        raise not_found("ad account user", f"(account:{key['account']},user:{key['user']})")
    return found


def _role(call: Call, account: str) -> str:
    """The member's own role in an account it may see."""
    if call.store.get(ACCOUNT, tail(account)) is None:
        raise no_access(account)
    own = call.store.get(USER, f"{account},{MEMBER}")
    return str(own["role"]) if own else ""


def _manage(call: Call) -> None:
    if _role(call, call.keys["id"]["account"]) not in MANAGING:
        raise gateway(
            403, "NO_PERMISSION_TO_UPDATE", "The member may not change the users of this account", 100
        )


def _mismatches(key: Body, body: Body) -> Iterator[Fault]:
    if body["account"] != key["account"]:
        yield Fault("ACCOUNT_ID_MISMATCH_IN_PARAM_AND_BODY", "/account", "The account is not that of the key")
    if body["user"] != key["user"]:
        yield Fault("USER_MISMATCH_IN_PARAM_AND_BODY", "/user", "The user is not that of the key")
    if body["user"] == UNCONFIRMED:
        yield Fault("MEMBER_HAD_UNCONFIRMED_EMAIL", "/user", "The member has no confirmed e-mail address")


USERS = Resource(
    "adAccountUsers",
    USER_KEY,
    {
        "GET": Method(get_user, Params({"fields": text})),
        "FINDER authenticatedUser": Method(my_users, MINE),
        "FINDER accounts": Method(users_of, OF_ACCOUNTS),
        "UPDATE": Method(put_user),
        "PARTIAL_UPDATE": Method(update_user),
        "DELETE": Method(delete_user),
    },
)
