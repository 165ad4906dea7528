"""Ad accounts the member may see: found, made, changed and put away."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field

from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead, RestliWrite, Search, lines_of
from mcp_ads.connectors.linkedin_ads.dialect import FINDER, METHOD, PATCH, WholePages
from mcp_ads.connectors.linkedin_ads.patching import Patched
from mcp_ads.connectors.linkedin_ads.types import AccountId, Name, Names
from mcp_ads.connectors.linkedin_ads.urns import Urn
from mcp_ads.core import DELETE, GET, NONE, POST, Action, Context, Delete, Entity, Request
from mcp_ads.core.marks import Found
from mcp_ads.errors import ApiError

from .accounts_by_role import AccountsByRole, may_not_search
from .reads import ListCampaignGroups, ListCampaigns
from .record_names import ACCOUNT, OTHER_WORDS
from .references import Reference
from .rules import OVER

DRAFT, MOST_NAMED = "DRAFT", 5
LEAN = ("id", "name", "status", "type", "currency", "serving", "test", "reference")
NOTICES = (
    "notifiedOnCampaignOptimization", "notifiedOnCreativeApproval", "notifiedOnCreativeRejection",
    "notifiedOnEndOfCampaign", "notifiedOnNewFeaturesEnabled",
)  # fmt: skip
MORE = (*LEAN, "changeAuditStamps.created.time")
PAGES = WholePages("metadata.nextPageToken", "pageToken", size="pageSize", most=1000)
ONE: Mapping[str, str] = {"id": "account_id", "account": "account_id"}
AccountIds = Annotated[
    list[str] | None, Urn("sponsoredAccount", "list"), Field(alias="id", description="Only these.")
]
Currency = Annotated[
    str,
    AfterValidator(str.upper),
    Field(
        pattern="^[A-Za-z]{3}$", examples=["USD"], description="Of three letters; it can never be changed."
    ),
]
FIRST_GROUP = "LinkedIn makes a first campaign group in a new account by itself"
NO_RETURN = "LinkedIn opens no account again that was {}"


class ListAccounts(Search):
    """List the ad accounts the member may see; `reference` is the Page (organization), an author of ads.

    Test accounts (`test`) never spend.
    """

    status: list[Literal["ACTIVE", "CANCELED", "DRAFT", "PENDING_DELETION", "REMOVED"]] | None = None
    type: list[Literal["BUSINESS", "ENTERPRISE"]] | None = None
    name: Names = None
    test: Annotated[bool | None, Field(description="Only test accounts, or only real ones.")] = None
    ids: AccountIds = None
    reference: Annotated[list[Reference] | None, Field(description="Only those of these Pages.")] = None

    http, whose = FINDER("/adAccounts"), NONE
    pages, records, lean = PAGES, "elements", LEAN
    known, alike = ACCOUNT, OTHER_WORDS

    def instead(self, error: ApiError) -> Action | None:
        """Apps without the product may not search, and may read where the member has a role."""
        given = self.to_query().get("search", {})
        return AccountsByRole(fields=self.fields, wanted=given) if may_not_search(error) else None


class GetAccount(LinkedinRead):
    """Read one ad account: status, currency, what holds it back, whose it is."""

    account_id: AccountId

    http = GET("/adAccounts/{account_id}")
    subject, lean, aliases = "account_id", MORE, ONE
    known, alike = ACCOUNT, OTHER_WORDS


class AnyCampaign(LinkedinRead):
    """Whether an account has a campaign, for plans: the first one."""

    account_id: AccountId

    http, records = FINDER("/adAccounts/{account_id}/adCampaigns"), "elements"

    def to_query(self) -> Mapping[str, Any]:
        return {"q": "search", "pageSize": 1}


class CreateAccount(RestliWrite):
    """Create an ad account of type BUSINESS. It starts as DRAFT, which alone can be deleted again.

    Apps on the Development tier may make one test account and no other.
    """

    name: Name
    type: Annotated[Literal["BUSINESS"], Field(description="ENTERPRISE ones are made by LinkedIn.")] = (
        "BUSINESS"
    )
    currency: Currency = "USD"
    status: Literal["DRAFT", "ACTIVE"] = "DRAFT"
    reference: Annotated[Reference | None, Field(description="The Page or person it advertises for.")] = None
    test: Annotated[bool | None, Field(description="true: never spends; fixed, one for each app.")] = None

    http, whose, does = POST("/adAccounts"), NONE, "makes"
    sample: ClassVar[Mapping[str, Any]] = {"name": "Tern & Tide test", "test": True}

    def delivers(self) -> bool:
        """There is nothing in it yet."""
        return False

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield f"{FIRST_GROUP}; its currency, {self.currency}, can never be changed"

    def lookup(self) -> Mapping[str, Any]:
        return {"name": [self.name]}


class AccountChange(RestliWrite):
    """What changing one account takes; its campaigns count where one is switched on or put away."""

    account_id: AccountId

    subject = "account_id"
    aliases: ClassVar[Mapping[str, str]] = ONE
    watch: ClassVar[tuple[str, ...]] = ("name", "status", "type", "reference", "test")
    moving, children = ("servingStatuses",), ("campaigns", "account_id")
    final: ClassVar[Mapping[str, str]] = {state: NO_RETURN.format(state) for state in sorted(OVER)}

    def asides(self, account: str) -> Mapping[str, Action]:
        return {"campaigns": AnyCampaign(account_id=account or self.account_id)}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        status = live.get("status")
        return f"it is {status}, and stays as it is" if status in OVER else ""

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if live.get("type") == "ENTERPRISE":
            yield "an ENTERPRISE account was set up by LinkedIn, which refuses most changes of it"
        if self.sets().get("status") in OVER and live.get("campaigns") != []:
            yield "its campaigns stop with it"


class UpdateAccount(AccountChange, Patched):
    """Change an ad account: its name, who is notified, its status. Its currency and `test` are fixed."""

    name: Name | None = None
    status: Annotated[
        Literal["ACTIVE", "CANCELED"] | None, Field(description="CANCELED closes it for good.")
    ] = None
    reference: Annotated[Reference | None, Field(description="Fixed once it has campaigns.")] = None
    notified_on_campaign_optimization: bool | None = None
    notified_on_creative_approval: bool | None = None
    notified_on_creative_rejection: bool | None = None
    notified_on_end_of_campaign: bool | None = None
    notified_on_new_features_enabled: bool | None = None

    http, sample = PATCH("/adAccounts/{account_id}"), {"name": "Tern & Tide US"}
    watch = (*AccountChange.watch, *NOTICES)

    def asides(self, account: str) -> Mapping[str, Action]:
        return super().asides(account) if self.reference or self.status else {}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        moved = self.reference is not None and self.reference != live.get("reference")
        fixed = "reference: fixed once the account has campaigns" if moved and live.get("campaigns") else ""
        return super().obstacle(live) or fixed


class DeleteAccount(AccountChange, Delete):
    """Delete an ad account for good: a DRAFT at once, any other by the status PENDING_DELETION."""

    was: Annotated[str | None, Found(), Field(exclude=True)] = None

    http = DELETE("/adAccounts/{account_id}")
    irreversible: ClassVar[str] = NO_RETURN.format("deleted")

    def asides(self, account: str) -> Mapping[str, Action]:
        of = account or self.account_id
        return {"groups": ListCampaignGroups(account_id=of), "campaigns": ListCampaigns(account_id=of)}

    def goes_along(self, live: Mapping[str, Any]) -> Sequence[str] | None:
        groups, campaigns = live.get("groups"), live.get("campaigns")
        if groups is None or campaigns is None:
            return None
        return [*lines_of("campaign group", groups, "is in it"), *lines_of("campaign", campaigns, "is in it")]

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        inside = [
            f"{noun} {json.dumps(str(row.get('name')), ensure_ascii=False)}"
            for noun, name in (("campaign group", "groups"), ("campaign", "campaigns"))
            for row in live.get(name) or ()
        ]
        more = f" and {len(inside) - MOST_NAMED} more" if len(inside) > MOST_NAMED else ""
        yield f"in it: {', '.join(inside[:MOST_NAMED]) or 'nothing'}{more}"

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """LinkedIn takes DELETE of a draft only."""
        was = str((live or {}).get("status") or DRAFT)
        return super().settled(context, live).model_copy(update={"was": was})

    def to_request(self) -> Request:
        if self.was == DRAFT:
            return super().to_request()
        body, headers = {"patch": {"$set": self.sets()}}, {METHOD: "PARTIAL_UPDATE"}
        return Request("POST", self.to_path(), {}, body, headers, risk=self.risk)

    def sets(self) -> dict[str, Any]:
        return {} if self.was == DRAFT else {"status": "PENDING_DELETION"}

    def effect(self) -> str:
        return "deletes the draft, and all that is in it" if self.was == DRAFT else ""


accounts = Entity(
    list=ListAccounts, get=GetAccount, create=CreateAccount, update=UpdateAccount, delete=DeleteAccount
)
