"""Creatives as they are read: found by campaign, post or state, with campaign and text when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.bases import NAMES, Get, LinkedinRead
from mcp_ads.connectors.linkedin_ads.dialect import CURSOR, FINDER
from mcp_ads.connectors.linkedin_ads.types import AccountId, Order
from mcp_ads.connectors.linkedin_ads.urns import Urn, tail
from mcp_ads.core import GET, Account, Context, Flow
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.record_fields import resolved

from .changes import PATH
from .joined import OF_CAMPAIGN, OF_POST, is_joined, joined

Intended = Literal["ACTIVE", "PAUSED", "DRAFT", "ARCHIVED", "CANCELED", "PENDING_DELETION", "REMOVED"]
CreativeIds = Annotated[
    str | list[str],
    Urn("sponsoredCreative", "either", whole=True),
    Field(examples=["180000001"], description="One, or a list; digits or URNs."),
]
LEAN = ("creative_id", "name", "campaign_id", "intendedStatus", "serving", "review.status")
MORE = (
    *LEAN, "content", "leadgenCallToAction", "review.rejectionReasons", "isTest", "createdAt",
    "lastModifiedAt",
)  # fmt: skip
CREATIVE = (
    "id", "creative_id", "campaign_id", "account_id", "name", "intendedStatus", "serving", "isServing",
    "isTest", "servingHoldReasons", "review.status", "review.rejectionReasons", "campaign", "account",
    "content.*", "inlineContent.*", "leadgenCallToAction.destination", "leadgenCallToAction.label",
    "createdAt", "createdBy", "lastModifiedAt", "lastModifiedBy",
)  # fmt: skip
OF_CREATIVES = {
    "status": "intendedStatus",
    "review_status": "review.status",
    "rejection_reasons": "review.rejectionReasons",
    "why": "serving",
    "holds": "serving",
    "created": "createdAt",
    "updated": "lastModifiedAt",
    "commentary": "text",
    "copy": "text",
    "body": "text",
    "ad_text": "text",
    "title": "headline",
    "url": "landing_page",
    "link": "landing_page",
    "cta": "call_to_action",
}
TEXTS = "ad text, copy, headline, landing page, what an ad says, rejected, why an ad does not serve"


class CreativeRow(LinkedinRead):
    """Creatives are named by URN; `creative_id` is its number, `serving` says what holds it."""

    known: ClassVar[tuple[str, ...]] = CREATIVE
    alike, said = OF_CREATIVES, TEXTS

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        row = {"creative_id": tail(record.get("id", "")), **super().to_row(record, account)}
        return row | ({"serving": serving(record)} if "isServing" in record else {})


class ListCreatives(CreativeRow):
    """List the creatives of one ad account, or of some campaigns. `get` with their ids has their texts."""

    q: Literal["criteria"] = "criteria"
    account_id: AccountId
    campaign_id: Annotated[list[str] | None, Urn("sponsoredCampaign", "list"), Field(alias="campaigns")] = (
        None
    )
    creative_id: Annotated[list[str] | None, Urn("sponsoredCreative", "list"), Field(alias="creatives")] = (
        None
    )
    intended_statuses: list[Intended] | None = None
    content_references: Annotated[
        list[Annotated[str, Field(pattern=r"^urn:li:[A-Za-z]+:.+$")]] | None,
        Field(examples=["urn:li:share:7200000000180000001"], description="URNs of posts: urn:li:share:…."),
    ] = None
    lead_form_id: Annotated[
        list[str] | None,
        Urn("adForm", "list"),
        Field(alias="leadgenCreativeCallToActionDestinations", description="Lead forms they lead to."),
    ] = None
    is_test_account: bool | None = None
    sort_order: Order = None

    http = FINDER(PATH)
    pages, records, lean = replace(CURSOR, most=100), "elements", LEAN
    aliases = {**NAMES, "status": "intended_statuses", "intended_status": "intended_statuses"}
    retired = {"is_total_included": "every answer says whether there is more; limit=1000 counts"}

    def to_query(self) -> Mapping[str, Any]:
        return self.sent()

    def mistakes(self) -> Iterable[str]:
        named = resolved(self.fields or (), (*CREATIVE, *OF_CAMPAIGN, *OF_POST), OF_CREATIVES)
        if beside := [name for name in named if is_joined(name)]:
            yield f"fields: {', '.join(beside)}: `get` with creative_id=[…] has it, a list does not"
        else:
            yield from super().mistakes()


class GetCreative(CreativeRow, Get):
    """Read one creative, or several with a list of ids: content, review, and why it does not serve.

    `fields` may also name text, headline, landing_page, call_to_action (or all of post), which are the post's
    where it shows one, and campaign_name, campaign_status, campaign_group_id.
    """

    account_id: AccountId
    creative_id: CreativeIds

    http = GET(PATH + "/{creative_id}")
    subject, lean = "creative_id", MORE
    known = (*CREATIVE, *OF_CAMPAIGN, *OF_POST)

    def flow(self, context: Context) -> Flow:
        result = yield from super().flow(context)
        if isinstance(self, AsSent):
            return result
        rows = result.data if isinstance(result.data, list) else [result.data]
        if warnings := (yield from joined(rows, self.account_id, self.columns())):
            result.meta["warnings"] = warnings
        return result


def serving(record: Mapping[str, Any]) -> str:
    """Whether a creative is served, or everything that holds it, with why it was rejected."""
    if record["isServing"]:
        return "SERVING"
    why = ", ".join(map(str, (record.get("review") or {}).get("rejectionReasons") or ()))
    holds = [
        f"{hold} ({why})" if hold == "REJECTED" and why else str(hold)
        for hold in record.get("servingHoldReasons") or ()
    ]
    return " ".join(holds) or "NOT SERVING"
