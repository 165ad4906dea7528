"""Which conversion rules count for which campaigns."""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.linkedin_ads import restli
from mcp_ads.connectors.linkedin_ads.bases import NAMES, LinkedinRead, LinkedinWrite
from mcp_ads.connectors.linkedin_ads.dialect import FINDER
from mcp_ads.connectors.linkedin_ads.types import AccountId
from mcp_ads.connectors.linkedin_ads.urns import Urn, tail
from mcp_ads.core import DELETE, GET, PUT, Account, Action, Context, Entity, Flow, Part, Result
from mcp_ads.core.owner import Inside

from . import rules
from .base import CONVERSION, OFFSET, CampaignId, ConversionId, in_campaigns, plain_times

LEAN = ("association_id", "campaign_id", "conversion_id", "associatedAt")
PATH = "/campaignConversions/{association_id}"
OPTIMISES = "the campaign optimises for conversions: without one attached LinkedIn does not let it run"
NAMED = {
    **NAMES,
    "campaign_urn": "campaign_id",
    "conversion_urn": "conversion_id",
    "conversions": "conversion_id",
}
_PLAIN = re.compile(r"[0-9]+-[0-9]+")
_KEY = re.compile(
    r"\(campaign[:=]urn:li:sponsoredCampaign:([0-9]+),conversion[:=]urn:lla:llaPartnerConversion:([0-9]+)\)"
)


def _association(value: Any) -> Any:
    """A campaign and a rule as one id, also from LinkedIn's own key. Raises ValueError."""
    text = restli.decode(str(value).strip())
    if _PLAIN.fullmatch(text):
        return text
    if key := _KEY.fullmatch(text):
        return f"{key[1]}-{key[2]}"
    raise ValueError(f"{text[:60]!r} does not fit; write the campaign's digits, -, and the rule's")


AssociationId = Annotated[
    str,
    BeforeValidator(_association),
    Field(examples=["300000001-104012"], description="campaign_id-conversion_id, as list has it."),
]


def path_of(campaign_id: str, conversion_id: str) -> str:
    """The path of one association: its key has both URNs, each spelled whole."""
    key = {
        "campaign": Urn("sponsoredCampaign").spell(campaign_id),
        "conversion": CONVERSION.spell(conversion_id),
    }
    return f"/campaignConversions/{restli.encode(key)}"


class AssociationRow(LinkedinRead):
    """An association has plain ids beside its URNs, and both as one id."""

    known = (*LEAN, "campaign", "conversion")

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        times = plain_times({"created": record.get("associatedAt")})
        row = {**super().to_row(record, account), "associatedAt": times["created"]}
        conversion_id = tail(record.get("conversion", ""))
        both = {"conversion_id": conversion_id, "association_id": f"{row.get('campaign_id')}-{conversion_id}"}
        return {**row, **both}


class ListCampaignConversions(AssociationRow):
    """List which conversion rules count for some campaigns."""

    said = "conversions of a campaign, associated conversions"

    q: Literal["campaigns"] = "campaigns"
    account_id: AccountId
    campaign_id: Annotated[
        list[str], Urn("sponsoredCampaign", "list"), Field(alias="campaigns", examples=[["300000001"]])
    ]

    http, pages, records, lean = FINDER("/campaignConversions"), OFFSET, "elements", LEAN
    aliases = NAMED

    def inside(self) -> Iterable[Inside]:
        return in_campaigns("campaign_id", self.campaign_id)


class GetCampaignConversion(AssociationRow):
    """Read whether a conversion rule counts for a campaign, and since when."""

    account_id: AccountId
    association_id: AssociationId

    http, subject, lean = GET(PATH), "association_id", LEAN

    def to_path(self) -> str:
        return path_of(*self.association_id.split("-"))

    def to_query(self) -> Mapping[str, Any]:
        return {}

    def inside(self) -> Iterable[Inside]:
        return in_campaigns("association_id", [self.association_id.partition("-")[0]])


class AssociationWrite(LinkedinWrite):
    """Attaches a rule to a campaign, or takes it off; both have to be of the account."""

    parents = {"campaign_id": "campaigns", "conversion_id": "conversions"}
    parent_fields = ("name", "status", "enabled", "conversionMethod", "optimizationTargetType", "campaigns")
    aliases = NAMED

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        names = [
            f"the {what} is {rules.quoted(name)}"
            for what, param in (("campaign", "campaign_id"), ("conversion rule", "conversion_id"))
            if (name := parents.get(param, {}).get("name"))
        ]
        yield from [", ".join(names)] if names else []
        yield from rules.said_of_rules(parents.get("conversion_id", {}))


class Attach(AssociationWrite):
    """Puts an association under its key, whether or not it is there; LinkedIn answers with nothing."""

    campaign_id: Annotated[CampaignId, Field(alias="campaign")]
    conversion_id: Annotated[ConversionId, Field(alias="conversion")]

    does = "makes"

    def to_path(self) -> str:
        return path_of(self.campaign_id, self.conversion_id)

    def outline(self) -> tuple[Part, ...]:
        return (Part(self.to_request()),)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        """LinkedIn answers with nothing; the new id is the key that was put."""
        answer = yield self.to_request()
        return Result({"id": f"{self.campaign_id}-{self.conversion_id}"} if answer in ({}, None) else answer)

    def doubt(self, answer: Any) -> str:
        made = str(answer.get("id")) if isinstance(answer, dict) else ""
        key = _KEY.fullmatch(made)
        told = f"{key[1]}-{key[2]}" if key else made
        return "" if told == f"{self.campaign_id}-{self.conversion_id}" else "it names another association"

    def asides(self, account: str) -> Mapping[str, Action]:
        there = {"account_id": account, "campaign_id": [self.campaign_id]}
        return {"there": ListCampaignConversions.model_validate(there)}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        mine = CONVERSION.spell(self.conversion_id)
        there = any(one.get("conversion") == mine for one in live.get("there") or ())
        return "the rule counts for this campaign already" if there else ""

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "campaign_id": [self.campaign_id]}


class CreateCampaignConversion(Attach):
    """Have a conversion rule count for a campaign, which may then optimise for it."""

    said = "attach a conversion to a campaign, associate, add conversion tracking to a campaign"

    http = PUT("/campaignConversions")


class Detach(AssociationWrite):
    """Takes an association away: named by its one id, or by the campaign and the rule."""

    association_id: AssociationId
    campaign_id: Annotated[CampaignId | None, Field(alias="campaign")] = None
    conversion_id: Annotated[ConversionId | None, Field(alias="conversion")] = None

    subject, does, undone_by, watch = "association_id", "acts", "create", ("campaign", "conversion")

    @model_validator(mode="before")
    @classmethod
    def _both_ways(cls, given: Any) -> Any:
        """An association by its one id, or by the campaign and the rule."""
        if not isinstance(given, dict):
            return given
        ids = [
            given.get("campaign_id", given.get("campaign")),
            given.get("conversion_id", given.get("conversion")),
        ]
        if "association_id" not in given and all(ids):
            return {**given, "association_id": "-".join(tail(restli.decode(str(one))) for one in ids)}
        found = (
            _PLAIN.fullmatch(str(_association(given["association_id"])))
            if given.get("association_id")
            else None
        )
        return (
            dict(zip(("campaign_id", "conversion_id"), found[0].split("-"), strict=True)) | given
            if found
            else given
        )

    @model_validator(mode="after")
    def _are_the_same(self) -> Self:
        for name, one in zip(("campaign_id", "conversion_id"), self.association_id.split("-"), strict=True):
            if getattr(self, name) not in (None, one):
                raise ValueError(f"{name}: association_id names {one}")
        return self

    def to_path(self) -> str:
        return path_of(*self.association_id.split("-"))

    def to_query(self) -> Mapping[str, Any]:
        return {}

    def sets(self) -> dict[str, Any]:
        return {}

    def effect(self) -> str:
        campaign_id, conversion_id = self.association_id.split("-")
        return f"takes conversion rule {conversion_id} off campaign {campaign_id}"

    def cautions(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().cautions(parents)
        if parents.get("campaign_id", {}).get("optimizationTargetType") == "MAX_CONVERSION":
            yield OPTIMISES


class DeleteCampaignConversion(Detach):
    """Take conversion rules off campaigns: they count there no more; the rules and the campaigns stay."""

    said = "detach a conversion from a campaign, dissociate, remove conversion tracking"

    http = DELETE(PATH)


campaign_conversions = Entity(
    list=ListCampaignConversions,
    get=GetCampaignConversion,
    create=CreateCampaignConversion,
    delete=DeleteCampaignConversion,
)
