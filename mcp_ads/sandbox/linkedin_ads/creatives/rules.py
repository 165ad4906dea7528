"""What the platform demands of creatives: their status, what they show, where, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_ads.sandbox.linkedin_ads import delivery
from mcp_ads.sandbox.linkedin_ads.errors import Fault
from mcp_ads.sandbox.linkedin_ads.state import CAMPAIGN, CREATIVE, FORM, Body, Call, tail, urn, urn_kind
from mcp_ads.sandbox.store import Store

from . import media, posts

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
FORMATS = {
    "image": "STANDARD_UPDATE",
    "article": "STANDARD_UPDATE",
    "video": "SINGLE_VIDEO",
    "document": "SPONSORED_UPDATE_NATIVE_DOCUMENT",
    "carousel": "CAROUSEL",
    "eventAd": "SPONSORED_UPDATE_EVENT",
    "spotlight": "SPOTLIGHT",
    "follow": "FOLLOW_COMPANY",
    "jobs": "JOBS",
}
MOST_PER_CAMPAIGN, MOST_ACTIVE = 100, 15


def follows(new: Body, old: Body | None) -> Iterator[Fault]:
    """A status follows only some others, and a creative cannot begin with every one."""
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


def fits(new: Body, campaign: Body) -> Iterator[Fault]:
    """A campaign shows what its type shows, and texts of some length."""
    content = new.get("content", {})
    kind = next(iter(content), "")
    shown = urn_kind(content["reference"]) or "" if kind == "reference" else kind
    wanted = campaign.get("format", "")
    if shown not in TAKES.get(campaign["type"], (shown,)) or FORMATS.get(shown, wanted) != wanted:
        yield Fault("MISMATCH_FIELDS", "/content", f"This content does not fit a {campaign['type']} campaign")
    for field, longest in (("headline", 25), ("description", 75)):
        if len(content.get("textAd", {}).get(field, "")) > longest:
            text = f"More than {longest} characters"
            yield Fault("FIELD_LENGTH_TOO_LONG", f"/content/textAd/{field}", text)


def fits_format(store: Store, creative: Body, post: Body) -> Iterator[Fault]:
    """A campaign that has a format shows nothing else."""
    campaign = store.get(CAMPAIGN, tail(str(creative.get("campaign")))) or {}
    content = post.get("content", {})
    shown = urn_kind(content["media"]["id"]) if "media" in content else next(iter(content), None)
    wanted = campaign.get("format", "")
    if wanted in FORMATS.values() and shown and FORMATS[shown] != wanted:
        text = f"{shown} does not fit a campaign of the format {wanted}"
        yield Fault("MISMATCH_FIELDS", "/inlineContent/post/content", text)


def room(call: Call, new: Body, old: Body | None) -> Iterator[Fault]:
    """A campaign holds so many, of which so many are active."""
    active = new["intendedStatus"] == "ACTIVE" and (old is None or old["intendedStatus"] != "ACTIVE")
    if old is not None and not active:
        return
    beside = call.store.owned(CREATIVE, "campaign", new["campaign"])
    if old is None and len(beside) >= MOST_PER_CAMPAIGN:
        text = f"A campaign holds at most {MOST_PER_CAMPAIGN} creatives"
        yield Fault("FIELD_VALUE_TOO_HIGH", "/campaign", text)
    if active and sum(creative["intendedStatus"] == "ACTIVE" for creative in beside) >= MOST_ACTIVE:
        text = f"A campaign has at most {MOST_ACTIVE} active creatives"
        yield Fault("FIELD_VALUE_TOO_HIGH", "/intendedStatus", text)


def fixed(new: Body, old: Body) -> Iterator[Fault]:
    """What does not change once a creative is there."""
    if new["campaign"] != old["campaign"]:
        yield Fault("FIELD_NOT_EDITABLE", "/campaign", "Field campaign cannot be changed")
    if _unalterable(new) != _unalterable(old):
        yield Fault("FIELD_NOT_EDITABLE", "/content", "Make a new creative for new content")
    if old["intendedStatus"] != "DRAFT" and new.get("leadgenCallToAction") != old.get("leadgenCallToAction"):
        yield Fault("FIELD_NOT_EDITABLE", "/leadgenCallToAction", "The lead form is fixed after DRAFT")


def opens(call: Call, new: Body, old: Body | None) -> Iterator[Fault]:
    """An ad opens a lead form of its own account that is published."""
    action = new.get("leadgenCallToAction")
    if not action or (old and old.get("leadgenCallToAction") == action):
        return
    path, form = "/leadgenCallToAction/destination", call.store.get(FORM, tail(action["destination"]))
    if not form or form["owner"] != {"sponsoredAccount": urn("sponsoredAccount", call.keys["account"])}:
        yield Fault("FIELD_VALUE_DOES_NOT_EXIST", path, "No such lead form", action["destination"])
    elif form["state"] != "PUBLISHED":
        yield Fault("INVALID_VALUE_FOR_FIELD", path, f"The form is {form['state']}", action["destination"])


def _unalterable(creative: Body) -> Body:
    """What a creative shows, but for the one switch of event ads."""
    content = creative.get("content") or {}
    event = {name: value for name, value in content.get("eventAd", {}).items() if name != "hidePreviewVideo"}
    return {**content, **({"eventAd": event} if event else {})}


def held(store: Store, creative: Body) -> Iterator[str]:
    """Why a creative is not served."""
    campaign = store.get(CAMPAIGN, tail(creative["campaign"]))
    if creative["intendedStatus"] != "ACTIVE":
        yield "STOPPED"
    if reviewed(creative) and (review := creative["review"]["status"]) != "APPROVED":
        yield "REJECTED" if review == "REJECTED" else "UNDER_REVIEW"
    yield from _of_video(store, creative)
    if not campaign or not delivery.is_runnable(store, campaign):
        yield "CAMPAIGN_STOPPED"


def _of_video(store: Store, creative: Body) -> Iterator[str]:
    """What is still made of a video, or could not be, is not shown."""
    post = store.get(posts.POST, str(creative["content"].get("reference"))) or {}
    shown = str(post.get("content", {}).get("media", {}).get("id"))
    video = store.get(media.KIND.format("video"), tail(shown)) if urn_kind(shown) == "video" else None
    if video and video["status"] != "AVAILABLE":
        yield "PROCESSING_FAILED" if video["status"] == "PROCESSING_FAILED" else "PROCESSING"


def reviewed(creative: Body) -> bool:
    """A review begins when a draft is submitted."""
    return bool(creative["intendedStatus"] != "DRAFT")
