"""A new post in the place of an old one: what it takes over, and how the old one is stopped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from mcp_ads.connectors.linkedin_ads.dialect import METHOD
from mcp_ads.connectors.linkedin_ads.urns import tail
from mcp_ads.core import Request

from .changes import OVER
from .post_body import CONTENTS, written

Record = Mapping[str, Any]
READS = ("name", "intendedStatus", "campaign_status", "review.status", "text", "leadgenCallToAction")
SEEN = ("text", "headline", "landing_page", "call_to_action")
DOES = {"PAUSED": "pauses", "ARCHIVED": "archives"}
PAGE = "urn:li:organization:"
BESIDE = ("title", "alt_text", "description", "thumbnail_id")
"""What belongs to what a post shows, and goes with it."""
NO_POST = "replaces: it shows no post; create another and pause this one, in one plan by append_to"


def stopped(old: Record) -> str:
    """The status by which the old creative is stopped; empty where it shows nothing any more.

    Only what LinkedIn has approved can be paused; what waits for its review, or was rejected, is put away.
    """
    status, review = old.get("intendedStatus"), (old.get("review") or {}).get("status")
    if status == "ACTIVE":
        return "PAUSED" if review == "APPROVED" else "ARCHIVED"
    return "ARCHIVED" if status == "DRAFT" else ""


def stopping(path: str, status: str) -> Request:
    """The request that stops the old creative."""
    body = {"patch": {"$set": {"intendedStatus": status}}}
    return Request("POST", path, body=body, headers={METHOD: "PARTIAL_UPDATE"}, risk="write")


def taken_over(old: Record, given: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that the new one has from the old one, beside those that are given."""
    values = {
        "campaign_id": old.get("campaign_id"),
        "leadgen_call_to_action": old.get("leadgenCallToAction"),
        "name": another_name(str(old.get("name") or "")),
        "intended_status": "ACTIVE" if old.get("intendedStatus") == "ACTIVE" else "DRAFT",
        **of_post(old.get("post") or {}),
    }
    shows_other = any(given.get(name) for name in CONTENTS)
    mine = CONTENTS if shows_other else ()
    return {
        name: value
        for name, value in values.items()
        if value and given.get(name) is None and name not in (*mine, *(BESIDE if shows_other else ()))
    }


def another_name(name: str) -> str:
    """The name of what comes after: by its own name it is found if nobody knows whether it was made."""
    if not name:
        return ""
    numbered = re.fullmatch(r"(.*) \(([0-9]{1,4})\)", name, re.DOTALL | re.ASCII)
    stem, number = (numbered[1], int(numbered[2])) if numbered else (name, 1)
    return f"{stem[:240]} ({number + 1})"


def of_post(post: Record) -> dict[str, Any]:
    """What a post says and shows, as parameters."""
    content, author = post.get("content") or {}, str(post.get("author") or "")
    media, article = content.get("media") or {}, content.get("article") or {}
    cards = (content.get("carousel") or {}).get("cards")
    shown = {f"{str(media['id']).split(':')[2]}_id": media["id"]} if media.get("id") else {}
    return {
        "author": author.removeprefix(PAGE) if author.startswith(PAGE) else None,
        "commentary": written(str(post.get("commentary") or "")),
        "landing_page": post.get("contentLandingPage"),
        "call_to_action": post.get("contentCallToActionLabel"),
        **shown,
        "title": media.get("title") or article.get("title"),
        "alt_text": media.get("altText"),
        "article": article.get("source"),
        "description": article.get("description"),
        "thumbnail_id": article.get("thumbnail"),
        "cards": [_card(card) for card in cards] if cards else None,
    }


def mistakes(old: Record, call: Mapping[str, Any]) -> Iterable[str]:
    """Why the old creative cannot be replaced with these parameters."""
    reference = str((old.get("content") or {}).get("reference") or "")
    if call.get("name") and call["name"] == old.get("name"):
        yield "name: the old one has it; give another, by which this one is found"
    if old.get("intendedStatus") in OVER:
        yield f"replaces: it is {old['intendedStatus']}"
    elif not reference or ":adInMailContent:" in reference:
        yield NO_POST
    elif not old.get("post"):
        lacking = ", ".join(name for name in ("author", "commentary") if not call.get(name))
        if lacking:
            yield f"{lacking}: the old post cannot be read, so give them, and landing_page, image_id, … too"
    elif not call.get("author"):
        yield "author: the old post is a member's; give the Page that is to say the new one"


def said(creative: str, old: Record, new: Record) -> str:
    """What replacing does, with what people see of the ad before and after."""
    does = DOES.get(stopped(old), "leaves as it is")
    changed = "".join(
        f"; {name} {json.dumps(old[name], ensure_ascii=False)} → {json.dumps(new[name], ensure_ascii=False)}"
        for name in SEEN
        if old.get(name) and new.get(name) and new[name] != old[name]
    )
    return f"{does} creative {tail(creative)}, {old.get('intendedStatus')}, which it replaces{changed}"


def _card(card: Record) -> dict[str, Any]:
    media = card.get("media") or {}
    return {"image_id": media.get("id"), "landing_page": card.get("landingPage"), "title": media.get("title")}
