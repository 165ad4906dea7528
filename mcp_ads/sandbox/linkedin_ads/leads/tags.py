"""Insight Tags: /insightTags."""

from __future__ import annotations

from mcp_ads.sandbox.linkedin_ads.errors import no_access
from mcp_ads.sandbox.linkedin_ads.paging import offset_page
from mcp_ads.sandbox.linkedin_ads.params import Params, number_key
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource
from mcp_ads.sandbox.linkedin_ads.state import ACCOUNT, Answer, Call, public, tail

from .conversions import OF_ACCOUNT, OFFSETS

TAG = "linkedin.tag"


def of_account(call: Call) -> Answer:
    account = call.query["account"]
    if call.store.get(ACCOUNT, tail(account)) is None:
        raise no_access(account)
    mine = [public(tag) for tag in call.store.all(TAG) if account in tag["sponsoredAccounts"]]
    return Answer(200, offset_page(call, mine))


TAGS = Resource(
    "insightTags",
    number_key,
    {"FINDER account": Method(of_account, Params({**OFFSETS, "account": OF_ACCOUNT}, ("account",)))},
)
