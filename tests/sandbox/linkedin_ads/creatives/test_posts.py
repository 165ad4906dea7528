"""Posts of the make-believe platform: made as dark posts, found by account or Page, deleted."""

from __future__ import annotations

from typing import Any

import pytest
from linkedin_client import CREATIVES, US, Client, enc, urn

pytestmark = pytest.mark.anyio
POSTS = "/rest/posts"
PAGE, ACCOUNT = urn("organization", 2414183), urn("sponsoredAccount", US)
POST: dict[str, Any] = {
    "author": PAGE,
    "commentary": "Stay dry",
    "visibility": "PUBLIC",
    "lifecycleState": "PUBLISHED",
    "isReshareDisabledByAuthor": False,
    "distribution": {"feedDistribution": "NONE"},
    "adContext": {"dscAdAccount": ACCOUNT, "dscStatus": "ACTIVE", "dscName": "Dry"},
}
CARD = {"media": {"id": urn("image", "C4E10AQnone")}, "landingPage": "https://tern.example"}


async def made(api: Client, **more: Any) -> str:
    answer = await api.call("POST", POSTS, {**POST, **more})
    assert (answer.status_code, answer.content) == (201, b""), answer.text
    key: str = answer.headers["x-restli-id"]
    return key


async def test_a_post_is_made_read_and_deleted(api: Client) -> None:
    """Its key is escaped; what only LinkedIn sets is in what is read; deleting it twice is no error."""
    key = await made(api)
    assert key.startswith("urn%3Ali%3Ashare%3A")
    post = await api.get(f"{POSTS}/{key}?viewContext=AUTHOR")
    assert (post["commentary"], post["adContext"]["dscAdType"]) == ("Stay dry", "STANDARD")
    assert post["adContext"]["isDsc"] is True
    batch = await api.get(f"{POSTS}?ids=List({key},{enc(urn('share', 7))})", method="BATCH_GET")
    assert batch["statuses"] == {key: 200, enc(urn("share", 7)): 404}
    answers = [(await api.call("DELETE", f"{POSTS}/{key}", method="DELETE")).status_code for _ in range(2)]
    assert answers == [204, 204]
    assert (await api.call("GET", f"{POSTS}/{key}")).status_code == 404
    assert api.writes() == ["create post", "delete post"]


async def test_posts_are_found_by_start_and_count(api: Client) -> None:
    """Of an account by kind, of a Page by when; with a link to the next page while there is one."""
    key = await made(api)
    url = f"{POSTS}?q=dscAdAccount&dscAdAccount={enc(ACCOUNT)}&dscAdTypes=List(STANDARD)&count=3"
    first = await api.get(url)
    assert (first["paging"]["start"], first["paging"]["count"]) == (0, 3)
    assert first["paging"]["links"][0]["rel"] == "next"
    assert enc(first["elements"][0]["id"]) == key
    second = await api.get(f"{url}&start=3")
    assert not {post["id"] for post in first["elements"]} & {post["id"] for post in second["elements"]}
    none = await api.get(url.replace("STANDARD", "EVENT"))
    assert (none["elements"], none["paging"]["links"]) == ([], [])
    page = await api.get(f"{POSTS}?q=author&author={enc(PAGE)}&sortBy=CREATED", method="FINDER")
    assert enc(page["elements"][0]["id"]) == key
    assert len(page["elements"]) == 10


async def test_a_seeded_creative_has_its_post(api: Client) -> None:
    """Under the URN that its content names, until it is deleted."""
    found = await api.get(f"{CREATIVES}?q=criteria&pageSize=100", method="FINDER")
    named = [row["content"].get("reference", "") for row in found["elements"]]
    share = next(name for name in named if name.startswith("urn:li:share:"))
    post = await api.get(f"{POSTS}/{enc(share)}")
    assert (post["id"], post["author"]) == (share, PAGE)
    assert "\\(now\\)" in post["commentary"]
    assert (await api.call("DELETE", f"{POSTS}/{enc(share)}")).status_code == 204
    assert (await api.call("GET", f"{POSTS}/{enc(share)}")).status_code == 404


@pytest.mark.parametrize(
    ("post", "refused"),
    [
        ({"adContext": {**POST["adContext"], "dscAdType": "STANDARD"}}, 422),
        ({"adContext": {**POST["adContext"], "isDsc": True}}, 422),
        ({"content": {"callToAction": "LEARN_MORE"}}, 422),
        ({"content": {"carousel": {"cards": [CARD]}}}, 400),
        ({"content": {"carousel": {"cards": [CARD, CARD]}}}, 404),
        ({"content": {"media": {"id": urn("video", "none")}}}, 404),
        ({"contentCallToActionLabel": "LEARN_MORE"}, 400),
        ({"contentCallToActionLabel": "GET_QUOTE", "contentLandingPage": "https://tern.example"}, 422),
        ({"author": urn("organization", 1)}, 403),
        ({"adContext": {**POST["adContext"], "dscAdAccount": urn("sponsoredAccount", 1)}}, 403),
        ({"commentary": None}, 422),
    ],
    ids=str,
)
async def test_posts_that_are_refused(api: Client, post: dict[str, Any], refused: int) -> None:
    """And nothing of them is made."""
    assert (await api.call("POST", POSTS, {**POST, **post})).status_code == refused
    assert api.writes() == []


async def test_questions_that_are_refused(api: Client) -> None:
    """Keys of something else, unknown parameters, too many at once, another's Page."""
    for url, status in (
        (f"{POSTS}/{enc(urn('activity', 7))}", 400),
        (f"{POSTS}/7300000000000000001", 400),
        (f"{POSTS}/{enc(urn('share', 7))}?viewContext=ALL", 400),
        (f"{POSTS}?q=dscAdAccount", 400),
        (f"{POSTS}?q=dscAdAccount&dscAdAccount={enc(ACCOUNT)}&dscAdTypes=List(IMAGE)", 400),
        (f"{POSTS}?q=dscAdAccount&dscAdAccount={enc(ACCOUNT)}&count=101", 400),
        (f"{POSTS}?q=author&author={enc(urn('organization', 1))}", 403),
    ):
        assert (await api.call("GET", url)).status_code == status, url
