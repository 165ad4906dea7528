"""Images of the make-believe platform, and posts that are made together with the creative that shows them."""

from __future__ import annotations

from typing import Any

import pytest
from linkedin_client import CREATIVES, US, Client, enc, urn

pytestmark = pytest.mark.anyio
PAGE = urn("organization", 2414183)
IMAGES = "/rest/images"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
POST: dict[str, Any] = {
    "adContext": {"dscAdAccount": urn("sponsoredAccount", US), "dscStatus": "ACTIVE"},
    "author": PAGE,
    "commentary": "Stay dry",
    "visibility": "PUBLIC",
    "lifecycleState": "PUBLISHED",
    "isReshareDisabledByAuthor": False,
}


async def announced(api: Client, owner: str = PAGE) -> Any:
    """What the platform says to an upload about to happen."""
    body = {"initializeUploadRequest": {"owner": owner}}
    return await api.call("POST", f"{IMAGES}?action=initializeUpload", body)


async def uploaded(api: Client, content: bytes = PNG) -> str:
    """The URN of an image whose bytes were sent."""
    value = (await announced(api)).json()["value"]
    sent = await api.http.put(value["uploadUrl"], content=content)
    assert (sent.status_code, sent.content) == (201, b"")
    image: str = value["image"]
    return image


async def status(api: Client, image: str) -> str:
    found: str = (await api.get(f"{IMAGES}/{enc(image)}"))["status"]
    return found


async def inline(api: Client, campaign: int = 300000001, **post: Any) -> Any:
    creative = {
        "campaign": urn("sponsoredCampaign", campaign),
        "intendedStatus": "DRAFT",
        "inlineContent": {"post": {**POST, **post}},
    }
    return await api.call("POST", f"{CREATIVES}?action=createInline", {"creative": creative})


async def test_an_image_goes_through_its_states(api: Client) -> None:
    """Announced, sent to another host, in work, and then with an address to see it at."""
    value = (await announced(api)).json()["value"]
    assert value["uploadUrl"].startswith("https://www.linkedin.com/dms-uploads/")
    assert set(value) == {"uploadUrl", "uploadUrlExpiresAt", "image"}
    assert await status(api, value["image"]) == "WAITING_UPLOAD"
    headers = {"Authorization": "Bearer sandbox-token"}
    assert (await api.http.put(value["uploadUrl"], content=PNG, headers=headers)).status_code == 201
    assert [await status(api, value["image"]) for _ in range(3)] == ["PROCESSING", "AVAILABLE", "AVAILABLE"]
    assert "downloadUrl" in await api.get(f"{IMAGES}/{enc(value['image'])}")
    shown = await api.get(f"{IMAGES}/{enc(value['image'])}?fields=id,status")
    assert shown == {"id": value["image"], "status": "AVAILABLE"}
    assert api.writes() == ["create image", "upload image"]


async def test_several_images_in_a_request(api: Client) -> None:
    """By their escaped URNs, with what is not there as an error of its own."""
    image, none = await uploaded(api), urn("image", "C4E10AQnone")
    found = await api.get(f"{IMAGES}?ids=List({enc(image)},{enc(none)})", method="BATCH_GET")
    assert found["results"][enc(image)]["owner"] == PAGE
    assert found["statuses"] == {enc(image): 200, enc(none): 404}


async def test_what_is_no_image_fails(api: Client) -> None:
    """Only JPG, PNG and GIF become one."""
    image = await uploaded(api, b"%PDF-1.7")
    assert [await status(api, image) for _ in range(2)] == ["PROCESSING", "PROCESSING_FAILED"]


async def test_uploads_that_are_refused(api: Client) -> None:
    """Another's Page, unknown fields, a wrong ticket, a dead token, nothing at all."""
    assert (await announced(api, urn("organization", 1))).status_code == 403
    assert (await announced(api, urn("sponsoredAccount", US))).status_code == 422
    for body in ({}, {"initializeUploadRequest": {"owner": PAGE, "size": 3}}):
        assert (await api.call("POST", f"{IMAGES}?action=initializeUpload", body)).status_code == 422
    address = (await announced(api)).json()["value"]["uploadUrl"]
    assert (await api.http.put(address + "x", content=PNG)).status_code == 403
    assert (await api.http.put(address, content=b"")).status_code == 400
    dead = {"Authorization": "Bearer sandbox-expired"}
    assert (await api.http.put(address, content=PNG, headers=dead)).status_code == 401
    library = f"{IMAGES}?q=associatedAccount&associatedAccount={enc(urn('sponsoredAccount', US))}"
    assert (await api.call("GET", library)).status_code == 403
    assert api.writes() == ["create image"]


async def test_a_fresh_image_is_not_found_at_once(api: Client) -> None:
    """The first creative after an upload is refused although all is well, the next is made."""
    content = {"media": {"id": await uploaded(api), "title": "Coat"}}
    early = await inline(api, content=content)
    assert (early.status_code, api.writes()[2:]) == (404, [])
    assert "Could not find entity" in early.json()["message"]
    made = await inline(api, content=content)
    creative = made.json()["value"]["creative"]
    assert (made.status_code, "x-restli-id" in made.headers) == (200, False)
    found = await api.get(f"{CREATIVES}/{enc(creative)}")
    assert found["content"]["reference"].startswith("urn:li:share:")
    assert (found["intendedStatus"], found["campaign"]) == ("DRAFT", urn("sponsoredCampaign", 300000001))
    never = {"media": {"id": urn("image", "C4E10AQnone")}}
    assert [(await inline(api, content=never)).status_code for _ in range(2)] == [404, 404]


@pytest.mark.parametrize(
    ("post", "refused"),
    [
        ({"author": urn("organization", 1)}, 403),
        ({"adContext": {**POST["adContext"], "dscAdAccount": urn("sponsoredAccount", 1)}}, 400),
        ({"adContext": {**POST["adContext"], "dscAdType": "STANDARD"}}, 422),
        ({"content": {"callToAction": "LEARN_MORE"}}, 422),
        ({"contentCallToActionLabel": "GET_QUOTE", "contentLandingPage": "https://tern.example"}, 422),
        ({"contentCallToActionLabel": "LEARN_MORE"}, 400),
        ({"visibility": "CONNECTIONS"}, 422),
        ({"commentary": None}, 422),
    ],
)
async def test_posts_that_are_refused(api: Client, post: dict[str, Any], refused: int) -> None:
    """Of a post that does not fit nothing is made, no creative either."""
    assert (await inline(api, **post)).status_code == refused
    assert api.writes() == []


async def test_creatives_for_leads_need_a_form(api: Client) -> None:
    """Under the objective LEAD_GENERATION."""
    campaigns = await api.get(f"/rest/adAccounts/{US}/adCampaigns?q=search&pageSize=500")
    leads = next(
        row["id"]
        for row in campaigns["elements"]
        if row["objectiveType"] == "LEAD_GENERATION" and row["type"] == "SPONSORED_UPDATES"
    )
    refused = await inline(api, leads)
    assert (refused.status_code, "leadgenCallToAction" in refused.text) == (400, True)
