"""Creatives of the make-believe platform: how they are found, changed and refused."""

from __future__ import annotations

from typing import Any

import pytest
from linkedin_client import CAMPAIGNS, CREATIVES, Client, enc, first, urn

pytestmark = pytest.mark.anyio


async def test_creatives(api: Client) -> None:
    """Creatives are found by campaign and status, and read by their escaped URN."""
    of = enc(urn("sponsoredCampaign", 300000001))
    url = f"{CREATIVES}?q=criteria&campaigns=List({of})&intendedStatuses=List(ACTIVE)&isTotalIncluded=true"
    assert (await api.call("GET", url)).status_code == 400
    found = await api.get(url, method="FINDER")
    assert found["paging"]["total"] == len(found["elements"]) > 0
    one = found["elements"][0]
    assert (await api.get(f"{CREATIVES}/{enc(one['id'])}"))["isServing"]
    assert (await api.call("GET", f"{CREATIVES}/{one['id']}")).status_code == 400
    batch = await api.get(f"{CREATIVES}?ids=List({enc(one['id'])})", method="BATCH_GET")
    assert batch["results"][enc(one["id"])]["id"] == one["id"]


async def test_creative_writes(api: Client) -> None:
    """A creative answers its escaped URN, starts as a draft, and keeps its content."""
    body: dict[str, Any] = {
        "campaign": urn("sponsoredCampaign", 300000001),
        "content": {"reference": urn("share", 7300000000000000001)},
    }
    answer = await api.call("POST", CREATIVES, body)
    key = answer.headers["x-restli-id"]
    assert (answer.status_code, key.startswith("urn%3Ali%3AsponsoredCreative%3A")) == (201, True)
    made = await api.get(f"{CREATIVES}/{key}")
    assert (made["intendedStatus"], "review" in made, made["isServing"]) == ("DRAFT", False, False)
    assert (await api.patch(f"{CREATIVES}/{key}", intendedStatus="ACTIVE")).status_code == 204
    assert (await api.patch(f"{CREATIVES}/{key}", intendedStatus="PAUSED")).status_code == 400
    assert (await api.patch(f"{CREATIVES}/{key}", content={"reference": urn("share", 1)})).status_code == 400
    assert (await api.patch(f"{CREATIVES}/{key}", status="PAUSED")).status_code == 422
    assert (await api.call("POST", CREATIVES, {**body, "intendedStatus": "PAUSED"})).status_code == 400
    wrong = {
        **body,
        "content": {"textAd": {"headline": "h", "description": "d", "landingPage": "https://x.y"}},
    }
    assert "MISMATCH_FIELDS" in (await api.call("POST", CREATIVES, wrong)).json()["message"]


async def test_creative_delete_needs_the_header(api: Client) -> None:
    """Deleting a creative needs the method header and a draft."""
    draft = await first(api, "DRAFT", CREATIVES, "intendedStatus")
    live = await first(api, "PAUSED", CREATIVES, "intendedStatus")
    url = f"{CREATIVES}/{enc(draft['id'])}"
    assert (await api.call("DELETE", url)).status_code == 400
    assert (await api.call("DELETE", url, method="DELETE")).status_code == 204
    assert (await api.call("GET", url)).status_code == 404
    refused = await api.call("DELETE", f"{CREATIVES}/{enc(live['id'])}", method="DELETE")
    assert refused.status_code == 400
    assert "code" not in refused.json()


async def test_batches_name_creatives_by_escaped_urns(api: Client) -> None:
    """Two changed and one refused in a request; what is asked for twice is done once."""
    found = (await api.get(f"{CREATIVES}?q=criteria&intendedStatuses=List(ACTIVE,DRAFT)", method="FINDER"))[
        "elements"
    ]
    live = [row["id"] for row in found if row.get("review", {}).get("status") == "APPROVED"][:2]
    draft = next(row["id"] for row in found if row["intendedStatus"] == "DRAFT")
    keys = [enc(name) for name in (*live, draft)]
    entities = {key: {"patch": {"$set": {"intendedStatus": "PAUSED"}}} for key in keys}
    url = f"{CREATIVES}?ids=List({','.join([*keys, keys[0]])})"
    done = await api.call("POST", url, {"entities": entities}, method="BATCH_PARTIAL_UPDATE")
    answer = done.json()
    assert done.status_code == 200
    assert answer["results"] == {key: {"status": 204} for key in keys[:2]}
    assert answer["errors"][keys[2]]["status"] == 400
    assert api.writes() == ["update creative"] * 2
    assert (await api.call("POST", url, {"entities": entities})).status_code == 400


async def made(api: Client, content: dict[str, Any], campaign: int = 300000001, **more: Any) -> Any:
    body = {"campaign": urn("sponsoredCampaign", campaign), "content": content, **more}
    return await api.call("POST", CREATIVES, body)


POST = "STANDARD_UPDATE"
TEXT_AD = {"headline": "h", "description": "d", "landingPage": "https://x.example"}
EVENT = {"event": urn("event", 7), "post": urn("share", 7300000000000000001), "hidePreviewVideo": False}


@pytest.mark.parametrize(
    ("content", "campaign", "status"),
    [
        ({"textAd": TEXT_AD}, 300000016, 201),
        ({"textAd": {**TEXT_AD, "headline": "h" * 26}}, 300000016, 400),
        ({"textAd": {**TEXT_AD, "url": "x"}}, 300000016, 422),
        ({"textAd": TEXT_AD}, 300000001, 400),
        ({"reference": urn("adInMailContent", 1)}, 300000001, 400),
        ({"reference": urn("activity", 1)}, 300000001, 422),
        ({"follow": {}}, 300000001, 400),
        ({"eventAd": EVENT}, 300000001, 400),
        ({"eventAd": {"post": EVENT["post"]}}, 300000001, 422),
        ({"documentAd": {"gatedLeadgenPreviewPageCount": "3"}}, 300000001, 422),
        ({"reference": urn("share", 1), "textAd": TEXT_AD}, 300000001, 422),
        ({"callToAction": "APPLY"}, 300000001, 422),
    ],
)
async def test_what_a_campaign_shows(
    api: Client, content: dict[str, Any], campaign: int, status: int
) -> None:
    """One kind of content, as its schema has it, in a campaign of the type and format for it."""
    assert (await made(api, content, campaign)).status_code == status
    assert api.writes() == ["create creative"] * (status == 201)


async def test_of_an_event_ad_one_thing_changes(api: Client) -> None:
    """Whether its video is shown before; everything else of it stays."""
    campaign = await api.get(f"{CAMPAIGNS}/300000001")
    api.store.put("linkedin.campaign", "300000001", {**campaign, "format": "SPONSORED_UPDATE_EVENT"})
    url = f"{CREATIVES}/{(await made(api, {'eventAd': EVENT})).headers['x-restli-id']}"

    async def patched(**fields: Any) -> int:
        body = {"patch": {"content": {"eventAd": {"$set": fields}}}}
        return (await api.call("POST", url, body, method="PARTIAL_UPDATE")).status_code

    assert await patched(hidePreviewVideo=True) == 204
    assert (await api.get(url))["content"]["eventAd"] == {**EVENT, "hidePreviewVideo": True}
    assert await patched(post=urn("share", 2)) == 400


async def test_what_is_to_be_deleted_is_not_there(api: Client) -> None:
    """A creative that is no draft is marked, and then not found by its id any more."""
    live = await first(api, "ACTIVE", CREATIVES, "intendedStatus")
    url = f"{CREATIVES}/{enc(live['id'])}"
    assert (await api.patch(url, intendedStatus="PENDING_DELETION")).status_code == 204
    assert (await api.call("GET", url)).status_code == 404
    batch = await api.get(f"{CREATIVES}?ids=List({enc(live['id'])})", method="BATCH_GET")
    assert batch["statuses"] == {enc(live["id"]): 404}


async def test_creatives_of_a_draft_campaign_can_be_deleted(api: Client) -> None:
    """Whatever their own status is."""
    drafts = (await api.get(f"{CAMPAIGNS}?q=search&search=(status:(values:List(DRAFT)))"))["elements"]
    fit = next(
        row["id"] for row in drafts if row["objectiveType"] == "WEBSITE_VISIT" and row["format"] == POST
    )
    answer = await made(api, {"reference": urn("share", 1)}, fit, intendedStatus="ACTIVE")
    url = f"{CREATIVES}/{answer.headers['x-restli-id']}"
    assert (await api.get(url))["servingHoldReasons"] == ["UNDER_REVIEW", "CAMPAIGN_STOPPED"]
    assert (await api.call("DELETE", url, method="DELETE")).status_code == 204


async def test_a_campaign_has_15_active_creatives(api: Client) -> None:
    """One more is refused, be it new or switched on; drafts go on being made."""
    post = {"reference": urn("share", 1)}
    for _ in range(14):
        assert (await made(api, post, intendedStatus="ACTIVE")).status_code == 201
    assert (await made(api, post, intendedStatus="ACTIVE")).status_code == 400
    draft = await made(api, post)
    url = f"{CREATIVES}/{draft.headers['x-restli-id']}"
    assert (await api.patch(url, intendedStatus="ACTIVE")).status_code == 400


@pytest.mark.parametrize(("form", "status"), [(3162001, 201), (3162002, 400), (3162004, 400), (7100015, 400)])
async def test_creatives_open_forms_of_their_account(api: Client, form: int, status: int) -> None:
    """One that is published there; an archived one, another account's, and none at all are refused."""
    opens = {"destination": urn("adForm", form), "label": "SIGN_UP"}
    content = {"reference": urn("share", 7300000000000000001)}
    answer = await made(api, content, 300000004, leadgenCallToAction=opens)
    assert (answer.status_code, "/leadgenCallToAction/destination" in answer.text) == (status, status == 400)
