"""Ad accounts and the people who may work in them: /adAccounts, /adAccountUsers."""

from __future__ import annotations

from typing import Any

from mcp_ads.sandbox.linkedin_ads.errors import bad_param, no_access, not_found
from mcp_ads.sandbox.linkedin_ads.paging import cursor_page, offset_page
from mcp_ads.sandbox.linkedin_ads.params import (
    PAGED,
    SORT,
    Params,
    boolean,
    either,
    enum,
    integer,
    listed,
    record,
    text,
    urn_of,
    values,
)
from mcp_ads.sandbox.linkedin_ads.searching import matching
from mcp_ads.sandbox.linkedin_ads.state import ACCOUNT, MEMBER, USER, Answer, Body, Call, public

STATUSES = ("ACTIVE", "CANCELED", "DRAFT", "PENDING_DELETION", "REMOVED")
ACCOUNT_URN = urn_of("sponsoredAccount")
SEARCH = Params(
    {
        **PAGED,
        "pageSize": integer(1, 1000),
        "sort": SORT,
        "search": record(
            status=values(enum(*STATUSES)),
            type=values(enum("BUSINESS", "ENTERPRISE")),
            test=boolean,
            name=values(text),
            id=values(ACCOUNT_URN),
            reference=values(urn_of("organization", "person")),
        ),
    }
)
OFFSETS = {"q": text, "fields": text, "start": integer(0, 10**9), "count": integer(1, 1000)}
MINE = Params(OFFSETS, ("q",))
OF_ACCOUNTS = Params({**OFFSETS, "accounts": either(listed(ACCOUNT_URN), ACCOUNT_URN)}, ("accounts",))
USER_KEY = record(account=ACCOUNT_URN, user=urn_of("person"), required=("account", "user"))


def search(call: Call) -> Answer:
    """The accounts the member can see."""
    if "search" in call.query and "pageToken" in call.query:
        raise bad_param("pageToken", "A page token does not go with search here; ask for a larger page")
    wanted = call.query.get("search", {})
    found = [each for each in call.store.all(ACCOUNT) if matching(each, wanted, "sponsoredAccount")]
    page, metadata = cursor_page(call, found)
    paging = {"start": 0, "count": call.query.get("pageSize", 100), "links": []}
    elements = [public(each) for each in page]
    return Answer(200, {"paging": paging, "metadata": metadata, "elements": elements})


def get(call: Call) -> Answer:
    found = call.store.get(ACCOUNT, call.keys["id"])
    if found is None:
        raise no_access(f"urn:li:sponsoredAccount:{call.keys['id']}")
    return Answer(200, public(found))


def batch_get(call: Call) -> Answer:
    results: Body = {}
    statuses: dict[str, int] = {}
    errors: Body = {}
    for key in call.query["ids"]:
        if found := call.store.get(ACCOUNT, key):
            results[key], statuses[key] = public(found), 200
        else:
            errors[key], statuses[key] = no_access(f"urn:li:sponsoredAccount:{key}").body, 403
    return Answer(200, {"results": results, "statuses": statuses, "errors": errors})


def my_users(call: Call) -> Answer:
    """The member's own role in each account."""
    mine = [each for each in call.store.all(USER) if each["user"] == MEMBER]
    return Answer(200, offset_page(call, [public(each) for each in mine]))


def users_of(call: Call) -> Answer:
    """Everyone with a role in the accounts asked for."""
    asked: Any = call.query["accounts"]
    accounts = asked if isinstance(asked, list) else [asked]
    known = {f"urn:li:sponsoredAccount:{each['id']}" for each in call.store.all(ACCOUNT)}
    for each in accounts:
        if each not in known:
            raise no_access(each)
    found = [each for each in call.store.all(USER) if each["account"] in accounts]
    return Answer(200, offset_page(call, [public(each) for each in found]))


def get_user(call: Call) -> Answer:
    key = call.keys["id"]
    found = call.store.get(USER, f"{key['account']},{key['user']}")
    if found is None:
        raise not_found("ad account user", f"(account:{key['account']},user:{key['user']})")
    return Answer(200, public(found))
