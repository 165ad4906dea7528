"""Which conversion rules count for which campaigns."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.linkedin_ads.bases import NAMES, Associate, Keyed, LinkedinRead, LinkedinWrite
from mcp_ads.connectors.linkedin_ads.dialect import FINDER, OFFSET
from mcp_ads.connectors.linkedin_ads.types import AccountId
from mcp_ads.connectors.linkedin_ads.urns import KeyPart, Urn, tail
from mcp_ads.core import DELETE, GET, PUT, Account, Action, Delete, Entity
from mcp_ads.core.owner import Inside

from . import rules
from .base import in_campaigns, plain_times

LEAN = ("campaign_id", "conversion_id", "associatedAt")
KEY = (
    "/campaignConversions/(campaign:urn%3Ali%3AsponsoredCampaign%3A{campaign_id},"
    "conversion:urn%3Alla%3AllaPartnerConversion%3A{conversion_id})"
)
SEVERAL = (
    'one of them: several associations are items=[{"campaign_id": …, "conversion_id": …}, …], and all '
    "campaigns of a rule are `campaigns` of conversions.update"
)
OPTIMISES = "the campaign optimises for conversions: without one attached LinkedIn does not let it run"
NAMED = {
    **NAMES,
    "campaign": "campaign_id",
    "campaign_urn": "campaign_id",
    "conversion_urn": "conversion_id",
    "conversion": "conversion_id",
    "conversions": "conversion_id",
}
CAMPAIGN = KeyPart("sponsoredCampaign", name="campaign")
CONVERSION = KeyPart("llaPartnerConversion", space="lla", name="conversion")
CampaignId = Annotated[str, CAMPAIGN, Field(examples=["300000001"])]
ConversionId = Annotated[
    str, CONVERSION, Field(examples=["104002"], description="A conversion rule: digits, or its URN.")
]


def _one(value: Any) -> Any:
    """Raises ValueError for several, which are no association."""
    if isinstance(value, list) or ("," in str(value) and "(" not in str(value)):
        raise ValueError(SEVERAL)
    return value


class AssociationRow(LinkedinRead):
    """An association has plain ids beside its URNs; its time is UTC."""

    aliases = NAMED
    known = (*LEAN, "campaign", "conversion")

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        row = super().to_row(plain_times(record), account)
        return row | {"conversion_id": tail(record.get("conversion", ""))}


class ListCampaignConversions(AssociationRow):
    """List which conversion rules count for some campaigns."""

    said = "conversions of a campaign, associated conversions"

    q: Literal["campaigns"] = "campaigns"
    account_id: AccountId
    campaign_id: Annotated[
        list[str], Urn("sponsoredCampaign", "list"), Field(alias="campaigns", examples=[["300000001"]])
    ]

    http, pages, records, lean = FINDER("/campaignConversions"), OFFSET, "elements", LEAN

    def inside(self) -> Iterable[Inside]:
        return in_campaigns("campaign_id", self.campaign_id)


class GetCampaignConversion(Keyed, AssociationRow):
    """Read whether a conversion rule counts for a campaign, and since when."""

    account_id: AccountId
    campaign_id: CampaignId
    conversion_id: ConversionId

    http, subject, lean = GET(KEY), "conversion_id", LEAN

    def inside(self) -> Iterable[Inside]:
        return in_campaigns("campaign_id", [self.campaign_id])


class AssociationWrite(Keyed, LinkedinWrite):
    """Attaches a rule to a campaign, or takes it off; both have to be of the account."""

    campaign_id: Annotated[CampaignId, BeforeValidator(_one), Field(alias="campaign")]
    conversion_id: Annotated[ConversionId, BeforeValidator(_one), Field(alias="conversion")]

    parents = {"campaign_id": "campaigns", "conversion_id": "conversions"}
    parent_fields = ("name", "status", "enabled", "optimizationTargetType")
    aliases = NAMED

    def clash(self, other: Self) -> str:
        ours, theirs = ((one.campaign_id, one.conversion_id) for one in (self, other))
        return f"rule {ours[1]} and campaign {ours[0]} are named twice" if ours == theirs else ""

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from rules.said_of_rules(parents.get("conversion_id", {}))


class CreateCampaignConversion(Associate, AssociationWrite):
    """Have a conversion rule count for a campaign, which may then optimise for it."""

    said = "attach a conversion to a campaign, associate, add conversion tracking to a campaign"

    http, sample = PUT(KEY), {"conversion_id": "104003"}

    def to_body(self) -> Mapping[str, Any]:
        return self.sets()

    def sets(self) -> dict[str, Any]:
        return {
            "campaign": CAMPAIGN.spell(self.campaign_id),
            "conversion": CONVERSION.spell(self.conversion_id),
        }

    def asides(self, account: str) -> Mapping[str, Action]:
        there = {"account_id": account, "campaign_id": [self.campaign_id]}
        return {"there": ListCampaignConversions.model_validate(there)}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        mine = CONVERSION.spell(self.conversion_id)
        there = any(row.get("conversion") == mine for row in live.get("there") or ())
        return f"rule {self.conversion_id} counts for campaign {self.campaign_id} already" if there else ""

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "campaign_id": [self.campaign_id]}


class DeleteCampaignConversion(AssociationWrite, Delete):
    """Take conversion rules off a campaign: they count there no more; rules and campaign stay."""

    said = "detach a conversion from a campaign, dissociate, remove conversion tracking"

    http, subject, does, undone_by = DELETE(KEY), "conversion_id", "acts", "create"
    watch = ("campaign", "conversion")

    def sets(self) -> dict[str, Any]:
        return {}

    def effect(self) -> str:
        return f"takes conversion rule {self.conversion_id} off campaign {self.campaign_id}"

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        campaign, rule = (parents.get(name, {}) for name in self.parents)
        names = (rules.quoted(record.get("name")) for record in (campaign, rule))
        yield "the campaign is {}, and the conversion rule {}".format(*names)
        if campaign.get("optimizationTargetType") == "MAX_CONVERSION":
            yield OPTIMISES


campaign_conversions = Entity(
    noun="campaign conversion",
    list=ListCampaignConversions,
    get=GetCampaignConversion,
    create=CreateCampaignConversion,
    delete=DeleteCampaignConversion,
)
