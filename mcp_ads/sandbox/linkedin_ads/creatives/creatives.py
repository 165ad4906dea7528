"""Creatives: /adAccounts/{account}/creatives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from mcp_ads.sandbox.linkedin_ads import delivery, schema
from mcp_ads.sandbox.linkedin_ads.collection import Collection
from mcp_ads.sandbox.linkedin_ads.errors import Fault
from mcp_ads.sandbox.linkedin_ads.params import PAGED, Params, boolean, enum, integer, listed, urn_of
from mcp_ads.sandbox.linkedin_ads.resource import Method
from mcp_ads.sandbox.linkedin_ads.state import (
    CAMPAIGN,
    CREATIVE,
    MEMBER,
    Answer,
    Body,
    Call,
    now_ms,
    public,
    tail,
    urn,
)
from mcp_ads.sandbox.store import Store

from . import inline, posts, rules

STATUSES = ("ACTIVE", "PAUSED", "DRAFT", "ARCHIVED", "CANCELED", "PENDING_DELETION", "REMOVED")
POSTS = ("share", "ugcPost", "adInMailContent", "sponsoredConversation")
NO_FORM = ("SEE_MORE", "BUY_NOW", "SHOP_NOW")
LABELS = (*(label for label in inline.LABELS if label not in NO_FORM), "UNLOCK_FULL_DOCUMENT")
LIST_OF = {
    "campaigns": ("campaign", "sponsoredCampaign"),
    "creatives": ("id", "sponsoredCreative"),
    "contentReferences": ("content", *POSTS),
    "leadgenCreativeCallToActionDestinations": ("leadgenCallToAction", "adForm"),
}
CRITERIA = Params(
    {
        **PAGED,
        **{name: listed(urn_of(*kinds)) for name, (_, *kinds) in LIST_OF.items()},
        "intendedStatuses": listed(enum(*STATUSES)),
        "isTestAccount": boolean,
        "isTotalIncluded": boolean,
        "pageSize": integer(1, 100),
    }
)
TEXT_AD = schema.record(
    {"headline": schema.string, "description": schema.string, "landingPage": schema.string},
    {"image": schema.urn_of("image", "digitalmediaAsset")},
)
SPOTLIGHT = schema.record(
    dict.fromkeys(("headline", "description", "callToAction", "landingPage", "logo"), schema.string),
    {"organizationName": schema.string, "showMemberProfilePhoto": schema.boolean},
)
EVENT_AD = schema.record(
    {"event": schema.urn_of("event"), "post": schema.urn_of("share", "ugcPost")},
    {
        "directSponsoredContent": schema.boolean,
        "preEventRegistrationImage": schema.urn_of("image"),
        "contentAuthor": schema.urn_of("organization", "person"),
        "hidePreviewVideo": schema.boolean,
    },
)
DOCUMENT_AD = schema.record({}, {"gatedLeadgenPreviewPageCount": schema.long})


class Creatives(Collection):
    """Creatives, which the advertiser's own pages call ads."""

    path = "adAccounts/{account}/creatives"
    noun, kind, urn_kind, first_id = "creative", CREATIVE, "sponsoredCreative", 180_000_000
    fields: ClassVar = {
        "campaign": schema.urn_of("sponsoredCampaign"),
        "content": schema.union(
            reference=schema.urn_of(*POSTS),
            textAd=TEXT_AD,
            spotlight=SPOTLIGHT,
            follow=schema.anything,
            jobs=schema.anything,
            eventAd=EVENT_AD,
            documentAd=DOCUMENT_AD,
        ),
        "intendedStatus": schema.enum(*STATUSES),
        "name": schema.string,
        "leadgenCallToAction": schema.record(
            {"destination": schema.urn_of("adForm"), "label": schema.enum(*LABELS)}
        ),
    }
    required = ("campaign", "content")
    read_only = (
        "id", "account", "review", "isServing", "servingHoldReasons", "isTest", "createdAt", "createdBy",
        "lastModifiedAt", "lastModifiedBy",
    )  # fmt: skip
    status = "intendedStatus"
    strict = ("FINDER", "DELETE")
    by_urn, modern = True, False

    def named(self) -> Mapping[str, Method]:
        return {
            "FINDER criteria": Method(self.criteria, CRITERIA),
            "ACTION createInline": Method(self.create_inline),
        }

    def create_inline(self, call: Call) -> Answer:
        """A post and the creative that shows it, in one; its id is in the body, and in no header."""
        creative, post = inline.parted(call)
        self.refuse([*inline.faults(call, post), *rules.fits_format(call.store, creative, post)])
        inline.check_access(call, post)
        share = posts.new_id(call.store)
        number = self.make(call, {**creative, "content": {"reference": share}})
        posts.keep(call.store, share, post)
        return Answer(200, {"value": {"creative": urn(self.urn_kind, number)}})

    def criteria(self, call: Call) -> Answer:
        return self.page(call, [creative for creative in self.owned(call) if _matches(creative, call.query)])

    def completed(self, call: Call, body: Body) -> Body:
        own = {"account": urn("sponsoredAccount", call.keys["account"]), "isTest": False}
        review = {"status": "PENDING"}
        return {"intendedStatus": "DRAFT", **body, **own, "review": review, "createdAt": now_ms()}

    def stamped(self, body: Body) -> Body:
        mark = {"lastModifiedAt": now_ms(), "lastModifiedBy": MEMBER}
        return {**body, "createdBy": body.get("createdBy", MEMBER), **mark}

    def faults(self, call: Call, new: Body, old: Body | None) -> Iterator[Fault]:
        campaign = call.store.get(CAMPAIGN, tail(new.get("campaign", "")))
        if campaign is None or tail(campaign["account"]) != call.keys["account"]:
            text = "No such campaign in this account"
            yield Fault("FIELD_VALUE_DOES_NOT_EXIST", "/campaign", text, new.get("campaign"))
            return
        yield from rules.follows(new, old)
        yield from rules.fits(new, campaign)
        yield from rules.room(call, new, old)
        yield from rules.fixed(new, old) if old else ()
        yield from rules.opens(call, new, old)
        if campaign.get("objectiveType") == "LEAD_GENERATION" and not new.get("leadgenCallToAction"):
            text = "A creative for leads needs a lead form"
            yield Fault("CONDITIONAL_MISSING_FIELD", "/leadgenCallToAction", text)

    def undeletable(self, call: Call, old: Body) -> Iterator[Fault]:
        campaign = call.store.get(CAMPAIGN, tail(old["campaign"])) or {}
        failed = "PROCESSING_FAILED" in rules.held(call.store, old)
        if "DRAFT" not in (old["intendedStatus"], campaign.get("status")) and not failed:
            text = "Only drafts, or creatives of a draft campaign, can be deleted"
            yield Fault("DELETE_ALLOWED_ONLY_FOR_DRAFT_STATUS", "/intendedStatus", text)

    def found(self, call: Call, id: str) -> Body:
        """What is to be deleted is not there any more, to whoever asks for it by its id."""
        creative = super().found(call, id)
        if creative["intendedStatus"] in ("PENDING_DELETION", "REMOVED"):
            raise self.absent(id)
        return creative

    def changed(self, call: Call, new: Body) -> None:
        delivery.refresh(call.store, call.keys["account"], new["campaign"])

    def view(self, store: Store, body: Body) -> Body:
        serving = delivery.is_serving(store, body)
        held = [] if serving else list(rules.held(store, body))
        shown = {
            name: value for name, value in public(body).items() if name != "review" or rules.reviewed(body)
        }
        return {**shown, "isServing": serving, **({"servingHoldReasons": held} if held else {})}


def _matches(creative: Body, query: Body) -> bool:
    if creative["intendedStatus"] == "REMOVED":
        return False
    if creative["isTest"] != query.get("isTestAccount", creative["isTest"]):
        return False
    if wanted := query.get("intendedStatuses"):
        return creative["intendedStatus"] in wanted and _in_lists(creative, query)
    return _in_lists(creative, query)


def _in_lists(creative: Body, query: Body) -> bool:
    return all(
        _value(creative, field) in query[name] for name, (field, *_) in LIST_OF.items() if query.get(name)
    )


def _value(creative: Body, field: str) -> str | None:
    value = creative.get(field)
    if isinstance(value, dict):
        return value.get("reference") or value.get("destination")
    return value
