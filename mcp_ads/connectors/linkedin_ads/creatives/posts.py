"""Posts that only ads show, and others of a Page: the texts, media and links of creatives."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.linkedin_ads import named, restli, schedule
from mcp_ads.connectors.linkedin_ads.bases import NAMES, Get, LinkedinRead, LinkedinWrite, lines_of
from mcp_ads.connectors.linkedin_ads.dialect import FINDER, METHOD, OFFSET
from mcp_ads.connectors.linkedin_ads.types import AccountId
from mcp_ads.connectors.linkedin_ads.urns import MOST_IDS, Urn, items, tail, urn
from mcp_ads.core import (
    DELETE,
    GET,
    POST,
    Account,
    Action,
    Context,
    Delete,
    Entity,
    Flow,
    Part,
    Result,
    Wait,
    via,
)
from mcp_ads.core.owner import Inside
from mcp_ads.errors import NotFound

from .post_body import PostWrite, given, plain
from .reads import ListCreatives

_POST = re.compile(r"(?<![\w:])urn:li:(?:share|ugcPost):[0-9]+(?![\w:])", re.ASCII)
_REF = re.compile(r"@[0-9]+\.id", re.ASCII)
NOT_YET, MOST_TRIED = 4.0, 3
"""Seconds until LinkedIn knows media that were just uploaded, and how often it is asked; 404 before."""
MOST_SHOWN, MOST_NAMED = 36, 5
Kind = Literal["STANDARD", "VIDEO", "CAROUSEL", "JOB_POSTING", "NATIVE_DOCUMENT", "EVENT"]
KINDS: list[Kind] = ["STANDARD", "VIDEO", "CAROUSEL", "JOB_POSTING", "NATIVE_DOCUMENT", "EVENT"]


def _post(value: Any) -> str:
    """The URN of a post, also in a link to it. Raises ValueError."""
    text = restli.decode(str(value).strip())
    found = _REF.fullmatch(text) or _POST.search(text)
    if not found:
        raise ValueError(
            f"{text[:60]!r} does not fit; write urn:li:share:… or urn:li:ugcPost:…, as `posts list` has them "
            "(a creative's content.reference too; the number of an activity is another one)"
        )
    return found[0]


def _posts(value: Any) -> str | list[str]:
    if not isinstance(value, list) and "," not in str(value):
        return _post(value)
    found = [_post(item) for item in items(value)]
    if not 1 <= len(found) <= MOST_IDS:
        raise ValueError(f"1 to {MOST_IDS} posts")
    return found


PostId = Annotated[str, BeforeValidator(_post), Field(examples=["urn:li:share:7200000000180000001"])]
PostIds = Annotated[
    str | list[str],
    BeforeValidator(_posts),
    Field(examples=["urn:li:share:7200000000180000001"], description="One, or a list."),
]
LEAN = ("id", "text", "adContext.dscAdType", "lastModifiedAt")
MORE = (
    "id", "name", "author_id", "commentary", "content", "contentLandingPage", "contentCallToActionLabel",
    "adContext.dscAdType", "adContext.dscStatus", "lifecycleState", "createdAt", "lastModifiedAt",
)  # fmt: skip
POST_FIELDS = (
    "id", "name", "text", "author", "author_id", "account_id", "commentary", "visibility", "lifecycleState",
    "lifecycleStateInfo.*", "publishedAt", "createdAt", "lastModifiedAt", "adContext.dscAdAccount",
    "adContext.dscAdType", "adContext.dscName", "adContext.dscStatus", "adContext.isDsc", "content.*",
    "contentLandingPage", "contentCallToActionLabel", "distribution.*", "isReshareDisabledByAuthor",
    "reshareContext.*",
)  # fmt: skip
OF_POSTS = {
    "status": "adContext.dscStatus", "type": "adContext.dscAdType", "dsc_name": "name",
    "message": "commentary", "created": "createdAt", "updated": "lastModifiedAt", "published": "publishedAt",
    "landing_page": "contentLandingPage", "call_to_action": "contentCallToActionLabel",
}  # fmt: skip


class PostRow(LinkedinRead):
    """Rows have the text as people read it, `name` as the account calls it."""

    known, alike = POST_FIELDS, OF_POSTS
    said = "dark posts, ad copy, ad text, direct sponsored content"

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        row, context = super().to_row(record, account), record.get("adContext") or {}
        text = plain(str(record.get("commentary") or ""))
        short = " ".join(text.split())
        more = {
            "commentary": text,
            "text": short if len(short) <= MOST_SHOWN else f"{short[:MOST_SHOWN]}…",
            "name": context.get("dscName"),
            "author_id": tail(record.get("author", "")),
            "account_id": tail(context.get("dscAdAccount") or "") or None,
            "publishedAt": schedule.shown(record.get("publishedAt")),
        }
        return row | given(more)


class ListPosts(PostRow):
    """List the posts that only ads of one account show, or all posts of a Page. Dates are UTC.

    LinkedIn answers apps only that may read a Page's posts (r_organization_social).
    """

    account_id: AccountId
    author: Annotated[
        str | None,
        Urn("organization"),
        Field(description="A Page: all of its posts, also those in its feed."),
    ] = None
    dsc_ad_types: Annotated[
        list[Kind] | None, Field(description="Of the account's: only these. Default: all.")
    ] = None
    sort_by: Annotated[
        Literal["LAST_MODIFIED", "CREATED"] | None, Field(description="Of a Page's: newest first by this.")
    ] = None

    http = FINDER("/posts")
    pages, records, lean = OFFSET, "elements", LEAN
    aliases: ClassVar[Mapping[str, str]] = {**NAMES, "types": "dsc_ad_types", "organization_id": "author"}

    def to_query(self) -> Mapping[str, Any]:
        sent = self.sent()
        if self.author:
            return {"q": "author", **sent}
        account = urn("sponsoredAccount", self.account_id)
        return {"q": "dscAdAccount", "dscAdAccount": account, "dscAdTypes": KINDS, **sent}

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        if self.author and self.dsc_ad_types:
            yield "dsc_ad_types: it narrows an account's posts, not those of a Page; leave out author"
        if self.sort_by and not self.author:
            yield "sort_by: LinkedIn sorts a Page's posts only; give author, or sort the answer"

    def strays(self) -> Iterable[str]:
        if self.author:
            yield "author: a Page's posts may be in the ads of any account"


class GetPost(PostRow, Get):
    """Read one post, or several with a list of ids: text, media, link and button of an ad. Dates are UTC."""

    post_id: PostIds
    view_context: Literal["AUTHOR"] = "AUTHOR"

    http, whose = GET("/posts/{post_id}"), via("Page")
    subject, lean = "post_id", MORE

    def inside(self) -> Iterable[Inside]:
        ids = self.post_id if isinstance(self.post_id, list) else [self.post_id]
        return (Inside("post_id", id_, posts_of) for id_ in ids)


class CreatePost(PostWrite):
    """Create a post that only ads show, and no feed; a creative names it as its content.reference.

    It shows an image, a video or a document by its id, a link (`article`), or 2 to 10 `cards`.
    """

    dsc_name: Annotated[
        str | None, Field(max_length=255, description="What the account calls it; people do not see it.")
    ] = None

    http, does = POST("/posts"), "makes"

    def sets(self) -> dict[str, Any]:
        post = self.post()
        names = ("author", "contentLandingPage", "contentCallToActionLabel")
        return given({"name": self.dsc_name, **{name: post.get(name) for name in names}})

    def to_body(self) -> Mapping[str, Any]:
        return self.post(name=self.dsc_name)

    def effect(self) -> str:
        return self.says()

    def asides(self, account: str) -> Mapping[str, Action]:  # noqa: ARG002 - the Page is no account's
        return named.asides(self._by())

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        for by, name in named.in_asides(live, self._by()).items():
            if name != by:
                yield f"people see that it is by {json.dumps(name, ensure_ascii=False)}"

    def _by(self) -> list[str]:
        return [urn("organization", self.author)]

    def outline(self) -> tuple[Part, ...]:
        return (Part(self.to_request(), keep=("id",)),)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        """A 404 says that nothing was made: media that were just uploaded are known some seconds later."""
        for _ in range(MOST_TRIED - 1):
            try:
                return Result((yield self.to_request()))
            except NotFound:
                yield Wait(NOT_YET)
        return Result((yield self.to_request()))

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id}

    def doubt(self, answer: Any) -> str:
        made = answer.get("id") if isinstance(answer, dict) else None
        return "" if isinstance(made, str) and _POST.fullmatch(made) else "no new post"


class DeletePost(LinkedinWrite, Delete):
    """Delete posts that only ads show. Creatives that show one lose what they show."""

    post_id: PostId

    http, subject, does = DELETE("/posts/{post_id}", **{METHOD: "DELETE"}), "post_id", "acts"
    watch: ClassVar[tuple[str, ...]] = ("name", "author", "commentary", "adContext.dscAdAccount")
    irreversible = "LinkedIn keeps no deleted posts"

    def sets(self) -> dict[str, Any]:
        return {}

    def effect(self) -> str:
        return "deletes it"

    def inside(self) -> Iterable[Inside]:
        return (Inside("post_id", self.post_id, posts_of),)

    def asides(self, account: str) -> Mapping[str, Action]:
        return {"creatives": ListCreatives(account_id=account, content_references=[self.post_id])}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        whose = live.get("account_id")
        return f"it is of ad account {whose}" if whose and whose != self.account_id else ""

    def goes_along(self, live: Mapping[str, Any]) -> Sequence[str] | None:
        rows = live.get("creatives")
        return None if rows is None else lines_of("creative", rows, "shows it and loses it")

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield f"it says {json.dumps(live.get('commentary'), ensure_ascii=False)}"
        if not live.get("account_id"):
            yield "no ad account made it: it is in its Page's feed, and goes from there"
        rows = live.get("creatives") or ()
        shown = [f"{tail(row.get('id'))} ({row.get('intendedStatus')})" for row in rows]
        more = f" and {len(shown) - MOST_NAMED} more" if len(shown) > MOST_NAMED else ""
        if shown:
            yield f"creatives show it and lose it: {', '.join(shown[:MOST_NAMED])}{more}"


def posts_of(account_id: str) -> Action:
    """The posts that only ads of an account show."""
    return ListPosts(account_id=account_id)


posts = Entity(list=ListPosts, get=GetPost, create=CreatePost, delete=DeletePost)
