"""A creative of content that is there: a post, a text ad, a dynamic ad, an event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.bases import LinkedinWrite
from mcp_ads.connectors.linkedin_ads.types import Name
from mcp_ads.connectors.linkedin_ads.urns import Urn
from mcp_ads.core import POST, Action, Context

from . import content as rules
from .changes import MINE, PATH
from .content import Content, LeadForm
from .forms import FORMS, FormsOfAccount, check_form, named
from .reads import ListCreatives

CampaignId = Annotated[str, Urn("sponsoredCampaign"), Field(alias="campaign", examples=["300000001"])]
NewStatus = Annotated[
    Literal["DRAFT", "ACTIVE"],
    Field(description="ACTIVE submits it for review; it cannot begin PAUSED."),
]
MOST_ACTIVE, MOST = 15, 100
BESIDE = "creatives of its campaign"
PARENT = ("name", "status", "type", "format", "objectiveType")


class NewCreative(LinkedinWrite):
    """What creatives that are made have in common: they are one of a campaign's, and begin as drafts."""

    name: Name | None = None
    leadgen_call_to_action: LeadForm = None

    http, does, parents = POST(PATH), "makes", {"campaign_id": "campaigns"}
    parent_fields, aliases = PARENT, {**LinkedinWrite.aliases, **MINE}

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().cautions(parents)
        if self.delivers():
            yield "ACTIVE submits it for review; it is shown once that says APPROVED"
        campaign = parents.get("campaign_id") or {}
        if self.delivers() and campaign.get("status") not in (None, "ACTIVE"):
            yield f"its campaign is {campaign['status']}: it shows nothing until that is ACTIVE"

    def asides(self, account: str) -> Mapping[str, Action]:
        """The creatives that are in the campaign already, and the forms that one for leads may open."""
        campaign = getattr(self, "campaign_id", None)
        beside = {BESIDE: ListCreatives(account_id=account, campaign_id=[campaign])} if campaign else {}
        return {**beside, **({FORMS: FormsOfAccount(account_id=account)} if self.opens_form() else {})}

    def opens_form(self) -> bool:
        """Whether there may be a lead form, given or taken over."""
        return self.leadgen_call_to_action is not None

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        check_form(call.leadgen_call_to_action, live)
        return call

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from named(self.leadgen_call_to_action, live)
        beside = live.get(BESIDE) or ()
        active = sum(row.get("intendedStatus") == "ACTIVE" for row in beside)
        if len(beside) >= MOST or active >= MOST_ACTIVE:
            yield (
                f"its campaign has {active} active creatives and {len(beside) - active} others; "
                f"LinkedIn takes {MOST_ACTIVE} and {MOST - MOST_ACTIVE}"
            )

    @classmethod
    def removed_by(cls, made: Mapping[str, Any]) -> Sequence[str]:
        """A draft can be deleted as if it had never been; what was submitted is put away."""
        return ("delete",) if made.get("intendedStatus") == "DRAFT" else ("archive",)

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "campaign_id": [getattr(self, "campaign_id", None)]}


class CreateCreative(NewCreative):
    """Create a creative from a post, or a text, spotlight or event ad. It starts as DRAFT.

    Its content fits the campaign's type and format. `create_inline` writes the post too.
    """

    campaign_id: CampaignId
    content: Content
    intended_status: NewStatus = "DRAFT"

    prominent: ClassVar[tuple[str, ...]] = ("content", "destination", "label")

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().problems(parents)
        campaign, kind = parents["campaign_id"], rules.kind_of(self.content)
        yield from rules.fits(kind, campaign, str(self.content.get("reference") or ""))
        yield from rules.needs_form(campaign, self.sent())

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().cautions(parents)
        yield from rules.doubts(rules.kind_of(self.content), parents["campaign_id"])
