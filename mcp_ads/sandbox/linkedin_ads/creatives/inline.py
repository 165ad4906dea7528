"""A post that is made together with the creative that shows it: /creatives?action=createInline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mcp_ads.sandbox.linkedin_ads import schema
from mcp_ads.sandbox.linkedin_ads.errors import Fault, bad_schema, legacy
from mcp_ads.sandbox.linkedin_ads.state import Body, Call, urn, urn_kind

from . import media

LABELS = (
    "APPLY", "DOWNLOAD", "VIEW_QUOTE", "LEARN_MORE", "SIGN_UP", "SUBSCRIBE", "REGISTER", "JOIN", "ATTEND",
    "REQUEST_DEMO", "SEE_MORE", "BUY_NOW", "SHOP_NOW",
)  # fmt: skip
MEDIA = schema.record(
    {"id": schema.urn_of("image", "video", "document")}, {"title": schema.string, "altText": schema.string}
)
ARTICLE = schema.record(
    {"source": schema.string},
    {"title": schema.string, "description": schema.string, "thumbnail": schema.urn_of("image")},
)
CARD = schema.record(
    {
        "media": schema.record({"id": schema.urn_of("image", "video")}, {"title": schema.string}),
        "landingPage": schema.string,
    }
)
CAROUSEL = schema.record({"cards": schema.array(CARD)})
POST = schema.record(
    {
        "author": schema.urn_of("organization", "person"),
        "commentary": schema.string,
        "visibility": schema.enum("PUBLIC"),
        "lifecycleState": schema.enum("PUBLISHED"),
        "adContext": schema.record(
            {
                "dscAdAccount": schema.urn_of("sponsoredAccount"),
                "dscStatus": schema.enum("ACTIVE", "ARCHIVED"),
            },
            {"dscName": schema.string},
        ),
    },
    {
        "isReshareDisabledByAuthor": schema.boolean,
        "distribution": schema.record(
            {"feedDistribution": schema.enum("NONE", "MAIN_FEED")},
            {
                "targetEntities": schema.array(schema.anything),
                "thirdPartyDistributionChannels": schema.array(schema.anything),
            },
        ),
        "content": schema.union(media=MEDIA, article=ARTICLE, carousel=CAROUSEL),
        "contentLandingPage": schema.string,
        "contentCallToActionLabel": schema.enum(*LABELS),
    },
)
INLINE = schema.record({"post": POST})


def parted(call: Call) -> tuple[Body, Body]:
    """The body as a creative without its content, and the post; refused where it fits no schema."""
    body = call.body
    if not isinstance(body, dict) or set(body) != {"creative"} or not isinstance(body["creative"], dict):
        raise bad_schema([("/creative", schema.MISSING)])
    creative = dict(body["creative"])
    if "content" in creative:
        raise bad_schema([("/creative/content", schema.UNKNOWN)])
    inline = creative.pop("inlineContent", None)
    if faults := list(INLINE(inline, "/creative/inlineContent")):
        raise bad_schema(faults)
    return creative, inline["post"]


def faults(call: Call, post: Body) -> Iterator[Fault]:
    """What is wrong with a post that fits the schema."""
    if post["adContext"]["dscAdAccount"] != urn("sponsoredAccount", call.keys["account"]):
        text = "The account differs from the one in the path"
        yield Fault("MISMATCH_FIELDS", "/inlineContent/post/adContext/dscAdAccount", text)
    yield from misfits(post, "/inlineContent/post")


def misfits(post: Body, at: str = "") -> Iterator[Fault]:
    """What of a post does not fit together, wherever it stands."""
    if "contentCallToActionLabel" in post and not post.get("contentLandingPage"):
        text = "A call to action needs a landing page"
        yield Fault("CONDITIONAL_MISSING_FIELD", f"{at}/contentLandingPage", text)
    cards = post.get("content", {}).get("carousel", {}).get("cards")
    if cards is not None and not 2 <= len(cards) <= 10:
        yield Fault("INVALID_VALUE_FOR_FIELD", f"{at}/content/carousel", "2 to 10 cards")


def check_access(call: Call, post: Body) -> None:
    """The Page is the advertiser's, and what is shown is known by now."""
    media.check_page(call.store, post["author"], "post")
    lost = [one for one in _shown(post.get("content", {})) if media.find(call.store, one) is None]
    if lost:
        raise legacy(404, f"Could not find entity {lost[0]}")


def _shown(content: Body) -> Iterator[Any]:
    named = [content.get("media", {}).get("id"), content.get("article", {}).get("thumbnail")]
    named += [card["media"]["id"] for card in content.get("carousel", {}).get("cards", ())]
    yield from (name for name in named if urn_kind(name) is not None)
