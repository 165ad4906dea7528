"""Ad previews: how an ad or a creative looks in a place, as an address that a person opens."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.facebook_marketing.delivery.choices import Open
from mcp_ads.connectors.facebook_marketing.delivery.reasons import told
from mcp_ads.connectors.facebook_marketing.types import Graph, Id, Object, Owner
from mcp_ads.core import GET, OBJECT, Context, Entity, Flow, Request, Result
from mcp_ads.core.gaps import Gap
from mcp_ads.core.page_records import records_in
from mcp_ads.core.record_fields import KnownRead
from mcp_ads.errors import ApiError

_SOURCE = re.compile(r"""\bsrc\s*=\s*(["'])(.*?)\1""", re.IGNORECASE | re.DOTALL)
COMMON = frozenset({
    "MOBILE_FEED_STANDARD", "DESKTOP_FEED_STANDARD", "INSTAGRAM_STANDARD", "INSTAGRAM_STORY",
    "INSTAGRAM_REELS", "FACEBOOK_REELS_MOBILE", "FACEBOOK_STORY_MOBILE", "MARKETPLACE_MOBILE",
    "RIGHT_COLUMN_STANDARD", "WHATSAPP_STATUS_MEDIA", "AUDIENCE_NETWORK_INSTREAM_VIDEO",
    "MESSENGER_MOBILE_INBOX_MEDIA",
})  # fmt: skip
_formats = Open(
    COMMON,
    {
        **dict.fromkeys(("FEED", "MOBILE", "FACEBOOK"), "write MOBILE_FEED_STANDARD"),
        "DESKTOP": "write DESKTOP_FEED_STANDARD",
        "INSTAGRAM": "write INSTAGRAM_STANDARD",
        **dict.fromkeys(("STORY", "STORIES"), "write INSTAGRAM_STORY or FACEBOOK_STORY_MOBILE"),
        **dict.fromkeys(("REEL", "REELS"), "write INSTAGRAM_REELS or FACEBOOK_REELS_MOBILE"),
    },
)
Formats = Annotated[
    list[str],
    BeforeValidator(_formats.read),
    Field(
        min_length=1,
        max_length=10,
        description="MOBILE_FEED_STANDARD, DESKTOP_FEED_STANDARD, INSTAGRAM_STANDARD, INSTAGRAM_STORY, "
        "INSTAGRAM_REELS, FACEBOOK_REELS_MOBILE, MARKETPLACE_MOBILE, … (76 in all).",
    ),
]
SECRETS = ("access_token", "appsecret_proof")


class ListAdPreviews(Graph, KnownRead):
    """Preview an ad, a creative, or a creative that is not made yet, in one or more places.

    url opens in a browser that is logged in to Facebook, for 24 hours.
    """

    said = "how does the ad look, mockup, preview link, show me the ad"

    ad_id: Annotated[Id | None, Field(examples=["120210000000000001"])] = None
    creative_id: Annotated[Id | None, Field(exclude=True, description="Instead of an ad.")] = None
    account_id: Owner = None
    creative: Annotated[
        Object | None, Field(exclude=True, description="A creative that is not made yet, with account_id.")
    ] = None
    ad_format: Formats = ["MOBILE_FEED_STANDARD"]

    http, whose, sample = GET("/{ad_id}/previews"), OBJECT, {"ad_id": "120210000000000001"}
    records = "data"  # of the Result: a row for each place
    lean, known = ("ad_format", "url", "valid"), ("ad_format", "url", "valid", "body")

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        given = [name for name in ("ad_id", "creative_id", "creative") if getattr(self, name) is not None]
        if len(given) != 1:
            yield "ad_id: give one of ad_id, creative_id, or creative with account_id"
        elif given == ["creative"] and self.account_id is None:
            yield "account_id: missing; a creative that is not made yet is previewed in an account"

    def about(self, param: str) -> tuple[str, list[str]]:
        return str(getattr(self, param, None) or ""), [one for one in (self.ad_id, self.creative_id) if one]

    def strays(self) -> Iterable[str]:
        if {"id", "creative_id"} & (self.creative or {}).keys():
            yield "creative: it names one that is made, whosever it is; give creative_id beside it instead"

    def to_path(self) -> str:
        if self.creative is not None:
            return f"/act_{self.account_id}/generatepreviews"
        return f"/{quote(str(self.ad_id or self.creative_id), safe='')}/previews"

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        made = {} if self.creative is None else {"creative": self.creative}
        return _each(self.to_request().with_query(**made), self.ad_format)

    def to_query(self) -> dict[str, Any]:
        return {}


def _each(asked: Request, places: list[str]) -> Flow:
    """A request for each place; one that Facebook refuses is said beside the others."""
    rows, failed = list[dict[str, Any]](), dict[str, ApiError]()
    for place in places:
        try:
            answer = yield asked.with_query(ad_format=place)
        except ApiError as error:
            failed[place] = error
            continue
        rows += [_row(place, str(found.get("body") or "")) for found in records_in(answer, "data")]
    if failed and not rows:
        raise next(iter(failed.values()))
    warnings = [Gap(f"{place} could not be previewed: {told(error)}") for place, error in failed.items()]
    return Result(rows, {"warnings": warnings} if warnings else {})


def _row(place: str, body: str) -> dict[str, Any]:
    found = _SOURCE.search(body)
    url = _plain(unescape(unescape(found[2]))) if found else ""  # an escaped frame may be escaped again
    frame = body.replace(found[2], url) if found else body
    return {"ad_format": place, "url": url, "valid": "24 hours", "body": frame}


def _plain(url: str) -> str:
    """An address without what opens an account."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() not in SECRETS]
    return urlunsplit(parts._replace(query=urlencode(kept)))


ad_previews = Entity(noun="preview", list=ListAdPreviews)
