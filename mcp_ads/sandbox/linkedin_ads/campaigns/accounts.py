"""Ad accounts and the people who may work in them: /adAccounts, /adAccountUsers."""

from __future__ import annotations

from typing import ClassVar

from mcp_ads.sandbox.linkedin_ads.collection import Collection
from mcp_ads.sandbox.linkedin_ads.errors import ApiError, bad_param, no_access
from mcp_ads.sandbox.linkedin_ads.params import (
    Params,
    either,
    enum,
    integer,
    listed,
    record,
    text,
    urn_of,
    values,
)
from mcp_ads.sandbox.linkedin_ads.searching import search_filters
from mcp_ads.sandbox.linkedin_ads.state import ACCOUNT, Answer, Call, urn

STATUSES = ("ACTIVE", "CANCELED", "DRAFT", "PENDING_DELETION", "REMOVED")
ACCOUNT_URN = urn_of("sponsoredAccount")
OFFSETS = {"q": text, "fields": text, "start": integer(0, 10**9), "count": integer(1, 1000)}
MINE = Params(OFFSETS, ("q",))
OF_ACCOUNTS = Params({**OFFSETS, "accounts": either(listed(ACCOUNT_URN), ACCOUNT_URN)}, ("accounts",))
USER_KEY = record(account=ACCOUNT_URN, user=urn_of("person"), required=("account", "user"))


class Accounts(Collection):
    """Accounts the member may see; one that is not there is one the member may not see."""

    path = "adAccounts"
    noun, kind, urn_kind = "account", ACCOUNT, "sponsoredAccount"
    methods = ("GET",)
    filters: ClassVar = search_filters(
        "sponsoredAccount",
        STATUSES,
        type=values(enum("BUSINESS", "ENTERPRISE")),
        reference=values(urn_of("organization", "person")),
    )

    def search(self, call: Call) -> Answer:
        if "search" in call.query and "pageToken" in call.query:
            raise bad_param("pageToken", "A page token does not go with search here; ask for a larger page")
        return super().search(call)

    def absent(self, id: str) -> ApiError:
        return no_access(urn(self.urn_kind, id))
