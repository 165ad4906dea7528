"""LinkedIn posts that only ads show: made, read, found and deleted, with what a person sees before."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from between import between
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from planning import applied, error_of, planned, undo_of

from mcp_ads.connectors.linkedin_ads.creatives import posts
from mcp_ads.engine.overview import page
from mcp_ads.errors import InvalidParams, NotFound, OutOfScope

pytestmark = pytest.mark.anyio
PAGE, SHOP = "2414183", "https://ternandtide.example"
IMAGE, VIDEO, DOCUMENT = "urn:li:image:C4E10AQsent", "urn:li:video:C5F1", "urn:li:document:D561"
TEXT = "Spring (now): 20 % off_everything #madetolast\nOnly until Sunday"
NEW: dict[str, Any] = {
    "account_id": LINKEDIN_US, "author": PAGE, "commentary": TEXT, "dsc_name": "Spring dark",
    "landing_page": "https://ternandtide.example/spring?utm_source=linkedin", "call_to_action": "LEARN_MORE",
}  # fmt: skip


def uploaded(engine_client: EngineClient, urn: str = IMAGE) -> str:
    """Media that are there, and that LinkedIn knows."""
    _, _, kind, key = urn.split(":")
    owner = f"urn:li:organization:{PAGE}"
    known = {"id": urn, "owner": owner, "status": "AVAILABLE", "_spread": True, "_read": True}
    engine_client.store.put(f"linkedin.{kind}", key, known)
    return urn


async def post_of_a_creative(engine_client: EngineClient, status: str = "ACTIVE") -> tuple[str, str]:
    """A post, and the id of the creative that shows it."""
    rows = (
        await engine_client.do(
            LINKEDIN, "creatives", "list", account_id=LINKEDIN_US, intended_statuses=[status],
            fields=["id", "content"], limit=50,
        )
    ).data  # fmt: skip
    row = next(row for row in rows if ":share:" in str(row["content"].get("reference")))
    return row["content"]["reference"], row["id"].rpartition(":")[2]


async def test_a_post_is_made_read_and_taken_back(engine_client: EngineClient) -> None:
    """The plan has the whole text, where a click goes and who says it; the undo deletes it."""
    plan = await engine_client.do(
        LINKEDIN, "posts", "create", **NEW, image_id=uploaded(engine_client), title="Coats"
    )
    assert 'posts "Spring (now): 20 % off_everything #madetolast\\nOnly until Sunday"' in plan.text
    for shown in (NEW["landing_page"], "LEARN_MORE", IMAGE, '"Coats"', '"Spring dark"', '"Tern & Tide"'):
        assert shown in plan.text
    done = await applied(engine_client, plan.data["plan_id"])
    assert "APPLIED: 1 of 1 done" in done.text
    assert "DIFFERS" not in done.text
    post = done.data["steps"][0]["id"]
    assert post.startswith("urn:li:share:")
    (kept,) = [row for row in engine_client.store.all("linkedin.post") if row["id"] == post]
    assert "Spring \\(now\\): 20 % off\\_everything #madetolast" in kept["commentary"]
    assert kept["distribution"]["feedDistribution"] == "NONE"
    row = (await engine_client.do(LINKEDIN, "posts", "get", post_id=post)).data
    assert (row["commentary"], row["name"]) == (TEXT, "Spring dark")
    assert row["content"]["media"]["title"] == "Coats"
    await applied(engine_client, undo_of(done))
    with pytest.raises(NotFound):
        await engine_client.do(LINKEDIN, "posts", "get", post_id=post)


@pytest.mark.parametrize(
    ("shown", "kind", "said"),
    [
        ({"video_id": VIDEO}, "VIDEO", VIDEO),
        ({"document_id": DOCUMENT, "title": "Report"}, "NATIVE_DOCUMENT", DOCUMENT),
        ({"article": f"{SHOP}/a", "title": "A"}, "STANDARD", f"{SHOP}/a"),
        ({"cards": [{"image_id": IMAGE, "landing_page": f"{SHOP}/a"}] * 2}, "CAROUSEL", "with 2 cards"),
        ({}, "STANDARD", "posts"),
    ],
    ids=str,
)  # fmt: skip
async def test_what_a_post_can_show(
    engine_client: EngineClient, shown: dict[str, Any], kind: str, said: str
) -> None:
    """A video, a document, a link, a carousel, or its text alone."""
    for urn in (IMAGE, VIDEO, DOCUMENT):
        uploaded(engine_client, urn)
    plan = await engine_client.do(LINKEDIN, "posts", "create", **NEW, **shown)
    assert said in plan.text
    done = await applied(engine_client, plan.data["plan_id"])
    post = done.data["steps"][0]["id"]
    row = (await engine_client.do(LINKEDIN, "posts", "get", post_id=post, fields=["*"])).data
    assert row["adContext"]["dscAdType"] == kind


CARD = {"image_id": IMAGE, "landing_page": "https://a.example"}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"landing_page": None}, "landing_page: a call to action needs one"),
    ({"landing_page": "a.example"}, "landing_page: .* does not fit"),
    ({"image_id": IMAGE, "video_id": "C5F1"}, "image_id, video_id: one of them"),
    ({"cards": [CARD]}, "cards: .*at least 2"),
    ({"cards": [CARD] * 11}, "cards: .*at most 10"),
    ({"cards": [CARD, {**CARD, "headline": "x"}]}, r"cards.1.headline: "),
    ({"cards": [CARD, CARD], "title": "x"}, "title: it belongs to an image, video or document"),
    ({"alt_text": "x"}, "alt_text: it belongs to an image"),
    ({"description": "x"}, "description: it belongs to an article"),
    ({"call_to_action": "GET_QUOTE"}, "call_to_action: .*is not one of"),
    ({"commentary": "x" * 3001}, "commentary: .*at most 3000"),
    ({"author": "urn:li:person:x"}, "author: .*urn:li:organization"),
]


@pytest.mark.parametrize(("more", "said"), WRONG, ids=str)
async def test_posts_linkedin_would_refuse(
    engine_client: EngineClient, more: dict[str, Any], said: str
) -> None:
    """A line that names the parameter, before anything is sent."""
    with pytest.raises(InvalidParams, match=said):
        await engine_client.do(LINKEDIN, "posts", "create", **{**NEW, **more})
    assert engine_client.sent() == []


async def test_a_link_without_a_headline_is_warned_of(engine_client: EngineClient) -> None:
    """LinkedIn reads no pages, so that nothing would stand there."""
    plan = await engine_client.do(LINKEDIN, "posts", "create", **NEW, article="https://ternandtide.example/a")
    assert "warning: article: LinkedIn does not read the page" in plan.text


async def test_media_of_the_moment_before_are_waited_for(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 404 right after an upload says that nothing was made: it is asked again, and one post is there."""
    monkeypatch.setattr(posts, "NOT_YET", 0.01)
    uploaded(engine_client)
    engine_client.store.put("linkedin.image", "C4E10AQsent", {
        **(engine_client.store.get("linkedin.image", "C4E10AQsent") or {}), "_spread": False,
    })  # fmt: skip
    plan = await planned(engine_client, "posts", "create", LINKEDIN, **NEW, image_id=IMAGE)
    assert "APPLIED: 1 of 1 done" in (await applied(engine_client, plan)).text
    assert engine_client.sent().count("POST /rest/posts") == 2
    gone = await planned(engine_client, "posts", "create", LINKEDIN, **NEW, image_id="C4E10AQnone")
    text = engine_client.workspace.text(await applied(engine_client, gone))
    assert "LinkedIn knows an upload only some seconds after it" in text


async def test_posts_of_an_account_and_of_a_page(engine_client: EngineClient) -> None:
    """Short rows with what is said, page after page; a Page's own posts on request."""
    first = await engine_client.do(LINKEDIN, "posts", "list", account_id=LINKEDIN_US, limit=150)
    assert len({row["id"] for row in first.data}) == 150
    rows = [",".join(map(str, row.values())) for row in first.data]
    assert max(len(row.encode()) for row in rows) <= 120
    assert "Stay dry, work on" in {row["text"][:17] for row in first.data}
    assert not any("\\" in row["text"] for row in first.data)
    video = await engine_client.do(LINKEDIN, "posts", "list", account_id=LINKEDIN_US, dsc_ad_types=["VIDEO"])
    assert video.data == []
    of_page = await engine_client.do(
        LINKEDIN, "posts", "list", account_id=LINKEDIN_US, author=PAGE, sort_by="CREATED", fields=["author"]
    )
    assert {row["author"] for row in of_page.data} == {f"urn:li:organization:{PAGE}"}
    with pytest.raises(InvalidParams, match="dsc_ad_types: it narrows an account's posts"):
        await engine_client.do(
            LINKEDIN, "posts", "list", account_id=LINKEDIN_US, author=PAGE, dsc_ad_types=["VIDEO"]
        )


async def test_a_post_is_read_by_whatever_names_it(engine_client: EngineClient) -> None:
    """Its URN, a link to it, several at once; the number of an activity is no post's."""
    post, _ = await post_of_a_creative(engine_client)
    link = f"https://www.linkedin.com/feed/update/{post}/"
    none = "urn:li:share:7300000000000009999"
    found = await engine_client.do(LINKEDIN, "posts", "get", post_id=[link, none])
    assert [row["id"] for row in found.data] == [post]
    assert [error["index"] for error in found.errors] == [1]
    for wrong in ("urn:li:activity:7", "7300000000000009999", "spring"):
        with pytest.raises(InvalidParams, match=r"post_id: .*write urn:li:share:"):
            await engine_client.do(LINKEDIN, "posts", "get", post_id=wrong)


async def test_a_deleted_post_names_the_creatives_it_is_shown_by(engine_client: EngineClient) -> None:
    """By id and state, with the text that goes; nothing brings it back."""
    post, creative = await post_of_a_creative(engine_client)
    plan = await engine_client.do(LINKEDIN, "posts", "delete", account_id=LINKEDIN_US, post_id=post)
    assert f"creatives show it and lose it: {creative} (ACTIVE)" in plan.text
    assert "cannot be undone: LinkedIn keeps no deleted posts" in plan.text
    assert "#madetolast" in plan.text
    done = await applied(engine_client, plan.data["plan_id"])
    assert "APPLIED: 1 of 1 done" in done.text
    assert "not there any more" in done.text
    assert "no undo" in done.text
    with pytest.raises(NotFound):
        await engine_client.do(LINKEDIN, "posts", "delete", account_id=LINKEDIN_US, post_id=post)


async def test_posts_of_another_account_stay(engine_client: EngineClient) -> None:
    """Under another account's name a post is not deleted; where it is not allowed, it is not read either."""
    post, _ = await post_of_a_creative(engine_client)
    with pytest.raises(InvalidParams, match=f"it is of ad account {LINKEDIN_US}"):
        await engine_client.do(LINKEDIN, "posts", "delete", account_id="523456789", post_id=post)
    object.__setattr__(engine_client.settings.platforms[LINKEDIN], "account_ids", ("523456789",))
    for action, more in (("get", {}), ("delete", {"account_id": "523456789"})):
        with pytest.raises(OutOfScope):
            await engine_client.do(LINKEDIN, "posts", action, post_id=post, **more)
    with pytest.raises(OutOfScope, match="author"):
        await engine_client.do(LINKEDIN, "posts", "list", account_id="523456789", author=PAGE)


async def test_what_a_refused_reading_needs_is_said(engine_client: EngineClient) -> None:
    """LinkedIn opens posts to some apps and tokens only, and says so in a code of its own."""
    says = "Not enough permissions to access: partnerApiPostsExternal.FINDER-dscAdAccount.20260701"
    body = {"status": 403, "serviceErrorCode": 100, "code": "ACCESS_DENIED", "message": says}
    between(
        engine_client, lambda request: httpx.Response(403, json=body) if "posts" in request.url.path else None
    )
    error = await error_of(engine_client.do(LINKEDIN, "posts", "list", account_id=LINKEDIN_US))
    assert error
    assert "r_organization_social" in error.fix


async def test_posts_are_found_by_what_people_call_them(engine_client: EngineClient) -> None:
    """Nobody who looks for the copy of an ad says "post"."""
    for query in ("ad copy text", "dark post"):
        assert "posts." in await page(engine_client.workspace, {"query": query})
