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
    urn_kind,
)
from mcp_ads.sandbox.store import Store

from . import inline, posts

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
TAKES = {
    "TEXT_AD": ("textAd",),
    "SPONSORED_UPDATES": ("share", "ugcPost", "eventAd", "documentAd"),
    "SPONSORED_INMAILS": ("adInMailContent", "sponsoredConversation"),
    "DYNAMIC": ("spotlight", "follow", "jobs"),
}
"""What creatives of a campaign show: a kind of content, or the kind of a reference."""
NEXT = {
    "DRAFT": ("ACTIVE", "ARCHIVED"),
    "ACTIVE": ("PAUSED", "ARCHIVED", "CANCELED", "PENDING_DELETION"),
    "PAUSED": ("ACTIVE", "ARCHIVED", "CANCELED", "PENDING_DELETION"),
    "ARCHIVED": ("ACTIVE", "PAUSED", "PENDING_DELETION"),
}
MOST_PER_CAMPAIGN, MOST_ACTIVE = 100, 15


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
        self.refuse(inline.faults(call, post))
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
        yield from _status(new, old)
        yield from _content(new, campaign)
        yield from _room(call, new, old)
        yield from _fixed(new, old) if old else ()
        if campaign.get("objectiveType") == "LEAD_GENERATION" and not new.get("leadgenCallToAction"):
            text = "A creative for leads needs a lead form"
            yield Fault("CONDITIONAL_MISSING_FIELD", "/leadgenCallToAction", text)

    def undeletable(self, call: Call, old: Body) -> Iterator[Fault]:
        campaign = call.store.get(CAMPAIGN, tail(old["campaign"])) or {}
        failed = "PROCESSING_FAILED" in _held(call.store, old)
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
        held = [] if serving else list(_held(store, body))
        shown = {name: value for name, value in public(body).items() if name != "review" or _reviewed(body)}
        return {**shown, "isServing": serving, **({"servingHoldReasons": held} if held else {})}


def _reviewed(creative: Body) -> bool:
    """A review begins when a draft is submitted."""
    return bool(creative["intendedStatus"] != "DRAFT")


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


def _status(new: Body, old: Body | None) -> Iterator[Fault]:
    path, wanted = "/intendedStatus", new["intendedStatus"]
    if old is None:
        if wanted not in ("DRAFT", "ACTIVE"):
            yield Fault("INVALID_VALUE_FOR_FIELD", path, "A new creative is DRAFT or ACTIVE", wanted)
        return
    before = old["intendedStatus"]
    if wanted == before:
        return
    if wanted not in NEXT.get(before, ()):
        yield Fault("INVALID_STATUS_TRANSITION", path, f"{before} cannot become {wanted}", wanted)
    elif wanted == "PAUSED" and old["review"]["status"] != "APPROVED":
        yield Fault("STATUS_CHANGE_NOT_ALLOWED", path, "Only an approved creative can be paused", wanted)


def _content(new: Body, campaign: Body) -> Iterator[Fault]:
    content = new.get("content", {})
    kind = next(iter(content), "")
    shown = urn_kind(content["reference"]) if kind == "reference" else kind
    if shown not in TAKES.get(campaign["type"], (shown,)):
        yield Fault("MISMATCH_FIELDS", "/content", f"This content does not fit a {campaign['type']} campaign")
    for field, longest in (("headline", 25), ("description", 75)):
        if len(content.get("textAd", {}).get(field, "")) > longest:
            text = f"More than {longest} characters"
            yield Fault("FIELD_LENGTH_TOO_LONG", f"/content/textAd/{field}", text)


def _room(call: Call, new: Body, old: Body | None) -> Iterator[Fault]:
    active = new["intendedStatus"] == "ACTIVE" and (old is None or old["intendedStatus"] != "ACTIVE")
    if old is not None and not active:
        return
    beside = [creative for creative in call.store.all(CREATIVE) if creative["campaign"] == new["campaign"]]
    if old is None and len(beside) >= MOST_PER_CAMPAIGN:
        text = f"A campaign holds at most {MOST_PER_CAMPAIGN} creatives"
        yield Fault("FIELD_VALUE_TOO_HIGH", "/campaign", text)
    if active and sum(creative["intendedStatus"] == "ACTIVE" for creative in beside) >= MOST_ACTIVE:
        text = f"A campaign has at most {MOST_ACTIVE} active creatives"
        yield Fault("FIELD_VALUE_TOO_HIGH", "/intendedStatus", text)


def _fixed(new: Body, old: Body) -> Iterator[Fault]:
    if new["campaign"] != old["campaign"]:
        yield Fault("FIELD_NOT_EDITABLE", "/campaign", "Field campaign cannot be changed")
    if _unalterable(new) != _unalterable(old):
        yield Fault("FIELD_NOT_EDITABLE", "/content", "Make a new creative for new content")
    if old["intendedStatus"] != "DRAFT" and new.get("leadgenCallToAction") != old.get("leadgenCallToAction"):
        yield Fault("FIELD_NOT_EDITABLE", "/leadgenCallToAction", "The lead form is fixed after DRAFT")


def _unalterable(creative: Body) -> Body:
    """What a creative shows, but for the one switch of event ads."""
    content = creative.get("content") or {}
    event = {name: value for name, value in content.get("eventAd", {}).items() if name != "hidePreviewVideo"}
    return {**content, **({"eventAd": event} if event else {})}


def _held(store: Store, creative: Body) -> Iterator[str]:
    campaign = store.get(CAMPAIGN, tail(creative["campaign"]))
    if creative["intendedStatus"] != "ACTIVE":
        yield "STOPPED"
    if _reviewed(creative) and (review := creative["review"]["status"]) != "APPROVED":
        yield "REJECTED" if review == "REJECTED" else "UNDER_REVIEW"
    if not campaign or not delivery.is_runnable(store, campaign):
        yield "CAMPAIGN_STOPPED"
