"""Posts that only ads show: /posts. Those of seeded creatives are made up when somebody asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from mcp_ads.sandbox.linkedin_ads.collection import Collection
from mcp_ads.sandbox.linkedin_ads.errors import bad_schema, gateway, no_access
from mcp_ads.sandbox.linkedin_ads.paging import offset_page
from mcp_ads.sandbox.linkedin_ads.params import PAGED, Convert, Params, enum, integer, listed, urn_of
from mcp_ads.sandbox.linkedin_ads.resource import Method
from mcp_ads.sandbox.linkedin_ads.restli import reduced
from mcp_ads.sandbox.linkedin_ads.state import (
    ACCOUNT,
    CREATIVE,
    IMAGE,
    PLATFORM,
    Answer,
    Body,
    Call,
    now_ms,
    public,
    tail,
    urn,
)
from mcp_ads.sandbox.store import Store

from . import inline, media

POST, FIRST, SEEDED = "linkedin.post", 7_300_000_000_000_000_000, 7_200_000_000_000_000_000
KINDS = ("share", "ugcPost")
POSTS = tuple(urn(kind, "") for kind in KINDS)
TYPES = ("STANDARD", "VIDEO", "CAROUSEL", "JOB_POSTING", "NATIVE_DOCUMENT", "EVENT")
OF_MEDIA = {"video": "VIDEO", "document": "NATIVE_DOCUMENT"}
COUNTED = {**PAGED, "count": integer(1, 100)}
OF_ACCOUNT = Params(
    {**COUNTED, "dscAdAccount": urn_of("sponsoredAccount"), "dscAdTypes": listed(enum(*TYPES))},
    ("dscAdAccount",),
)
OF_AUTHOR = Params(
    {**COUNTED, "author": urn_of("organization"), "sortBy": enum("LAST_MODIFIED", "CREATED")}, ("author",)
)
DAY_MS = 86_400_000
IN_IMAGE = {"title": "Rain gear that lasts", "altText": "A raincoat on a hook"}
TEXT = "{} (now) \\#madetolast"


class Posts(Collection):
    """Posts of Pages, named by their URN."""

    path, noun, kind, urn_kind = "posts", "post", POST, "share"
    by_urn, methods = True, ("GET", "BATCH_GET", "CREATE", "DELETE")
    more: ClassVar = {"viewContext": enum("READER", "AUTHOR")}

    def to_key(self) -> Convert:
        return urn_of(*KINDS)

    def key(self, id: str) -> str:
        return reduced(id)

    def named(self) -> Mapping[str, Method]:
        return {
            "FINDER dscAdAccount": Method(self.of_account, OF_ACCOUNT),
            "FINDER author": Method(self.of_author, OF_AUTHOR),
        }

    def of_account(self, call: Call) -> Answer:
        account, types = call.query["dscAdAccount"], call.query.get("dscAdTypes", TYPES)
        contexts = ((post, post["adContext"]) for post in _all(call.store, [account]))
        rows = [p for p, ad in contexts if ad["dscAdAccount"] == account and ad["dscAdType"] in types]
        return Answer(200, offset_page(call, rows))

    def of_author(self, call: Call) -> Answer:
        author, order = call.query["author"], call.query.get("sortBy", "LAST_MODIFIED")
        media.check_page(call.store, author, "post")
        accounts = call.store.owned(ACCOUNT, "reference", author)
        mine = [urn("sponsoredAccount", account["id"]) for account in accounts]
        rows = [post for post in _all(call.store, mine) if post["author"] == author]
        at = "createdAt" if order == "CREATED" else "lastModifiedAt"
        return Answer(200, offset_page(call, sorted(rows, key=lambda post: -post[at])))

    def found(self, call: Call, id: str) -> Body:
        post = call.store.get(self.kind, id) or _seeded(call.store, id)
        if post is None or post.get("_gone"):
            raise self.absent(id)
        return post

    def create(self, call: Call) -> Answer:
        if wrong := list(inline.POST(call.body, "")):
            raise bad_schema(wrong)
        self.refuse(inline.misfits(call.body))
        if call.store.get(ACCOUNT, tail(call.body["adContext"]["dscAdAccount"])) is None:
            raise no_access(call.body["adContext"]["dscAdAccount"])
        inline.check_access(call, call.body)
        share = new_id(call.store)
        keep(call.store, share, call.body)
        call.store.journal(PLATFORM, "create post", share, call.body)
        return Answer(201, None, {"x-restli-id": self.key(share)})

    def delete(self, call: Call) -> Answer:
        """The same answer whether or not there was one."""
        share = call.keys["id"]
        post = call.store.get(self.kind, share) or _seeded(call.store, share)
        if post is not None and not post.get("_gone"):
            if post["author"] not in {account["reference"] for account in call.store.all(ACCOUNT)}:
                raise gateway(403, "ACCESS_DENIED", "Not enough permissions to access: w_organization_social")
            call.store.put(self.kind, share, {**post, "_gone": True})
            call.store.journal(PLATFORM, "delete post", share, None)
        return Answer(204)


def new_id(store: Store) -> str:
    """The URN of a post that is to be."""
    return urn("share", store.new_id("linkedin.share", FIRST))


def keep(store: Store, id: str, body: Body) -> None:
    """Keep a new post."""
    store.put(POST, id, _whole(id, body, now_ms()))


def _whole(id: str, body: Body, at: int) -> Body:
    content = body.get("content", {})
    shown = str(content.get("media", {}).get("id", "")).rpartition(":")[0].rpartition(":")[2]
    kind = "CAROUSEL" if "carousel" in content else OF_MEDIA.get(shown, "STANDARD")
    return {
        **body,
        "id": id,
        "adContext": {**body["adContext"], "isDsc": True, "dscAdType": kind},
        "lifecycleStateInfo": {"isEditedByAuthor": False},
        **dict.fromkeys(("createdAt", "publishedAt", "lastModifiedAt"), at),
    }


def _seeded(store: Store, id: str) -> Body | None:
    """The post of a seeded creative."""
    creative = store.get(CREATIVE, str(int(tail(id)) - SEEDED))
    return _of(store, creative) if creative and creative["content"].get("reference") == id else None


def _of(store: Store, creative: Body) -> Body:
    account = store.get(ACCOUNT, tail(creative["account"]))
    assert account is not None
    return _whole(
        creative["content"]["reference"],
        {
            "author": account["reference"],
            "commentary": TEXT.format(creative["name"]).replace("(", "\\(").replace(")", "\\)"),
            "visibility": "PUBLIC",
            "lifecycleState": "PUBLISHED",
            "distribution": {"feedDistribution": "NONE"},
            "adContext": {
                "dscAdAccount": creative["account"], "dscStatus": "ACTIVE", "dscName": creative["name"],
            },
            **(_shown(creative, account) if creative.get("_image") else {}),
            "contentLandingPage": creative.get("_landing", "https://ternandtide.example/ads"),
            "contentCallToActionLabel": "LEARN_MORE",
        },
        min(creative["createdAt"], now_ms() - DAY_MS),
    )  # fmt: skip


def _shown(creative: Body, account: Body) -> Body:
    return {"content": {"media": {**IN_IMAGE, **creative.get("_in_image", {}), "id": _image(account)}}}


def fill(store: Store) -> None:
    """The image of each Page, which posts of seeded creatives show; a video and a document of the first."""
    for account in store.all(ACCOUNT):
        image = {"id": _image(account), "owner": account["reference"], "status": "AVAILABLE", "_spread": True}
        store.put(IMAGE, tail(image["id"]), image)
    owner = store.all(ACCOUNT)[0]["reference"]
    for kind, key in (("video", "C5F10AQGKQg_6y2a4sQ"), ("document", "D561FAQH2ZN2ZPhlH9g")):
        own = {"id": urn(kind, key), "owner": owner, "status": "AVAILABLE", "_spread": True}
        store.put(media.KIND.format(kind), key, own)


def _image(account: Body) -> str:
    return urn("image", f"C4E10AQG{tail(account['reference'])}")


def _all(store: Store, accounts: list[str]) -> Iterator[Body]:
    """Every post that was made here, and those of some accounts' creatives, newest first."""
    kept = {post["id"]: post for post in store.all(POST)}
    for post in reversed(kept.values()):
        if not post.get("_gone"):
            yield public(post)
    creatives = [row for account in accounts for row in store.owned(CREATIVE, "account", account)]
    for creative in sorted(creatives, key=lambda row: -row["_n"]):
        share = creative["content"].get("reference", "")
        if share.startswith(POSTS) and share not in kept:
            yield _of(store, creative)
