"""Creatives of LinkedIn: found, made, switched, put away, and edited by a new one in the place of the old."""

from __future__ import annotations

import ast
import base64
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from between import between, nothing
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from planning import applied, check_in, error_of, planned, undo_of

from mcp_ads.core import Result
from mcp_ads.errors import InvalidParams, OverCap

pytestmark = pytest.mark.anyio
US = {"account_id": LINKEDIN_US}
LIVE, PAUSED, REJECTED = "180000001", "180000002", "180000016"
"""Of a campaign that is ACTIVE: shown, paused, and refused by LinkedIn."""
IN_PAUSED, DRAFT = "180000048", "180000067"
"""Drafts, one of a campaign that is PAUSED and one of a campaign that is a draft itself."""
PICTURED, LEAD_AD, LEAD_DRAFT = "180000002", "180000009", "180000052"
"""One that shows an image with a headline, and two that open a lead form, of which one is a draft."""
TRAFFIC, TEXT, LEADS = "300000001", "300000016", "300000004"
FORM, OLD_FORM, PAGE_FORM, EU_FORM = "3162001", "3162002", "3162003", "3162004"
SHARE = "urn:li:share:7000000000000000001"
TEXT_AD = {"headline": "Built for weather", "description": "Lasts", "landingPage": "https://tern.example/"}
CREATIVE = "urn:li:sponsoredCreative:"


async def do(engine_client: EngineClient, action: str, **params: Any) -> Result:
    return await engine_client.do(LINKEDIN, "creatives", action, **US, **params)


async def done(engine_client: EngineClient, action: str, **params: Any) -> Result:
    """What is said of a change that was planned and applied."""
    plan_id = await planned(engine_client, "creatives", action, LINKEDIN, **US, **params)
    return await applied(engine_client, plan_id)


def changes(asked: list[httpx.Request]) -> list[httpx.Request]:
    """The requests that were to change something."""
    return [request for request in asked if request.method != "GET" and "/rest/" in request.url.path]


async def of(engine_client: EngineClient, creative: str, *fields: str) -> Any:
    return (await do(engine_client, "get", creative_id=creative, fields=list(fields))).data


def refusing(path: str, status: int, body: dict[str, Any], method: str = "GET") -> Callable[..., Any]:
    """LinkedIn, which refuses one kind of request."""

    def answers(request: httpx.Request) -> httpx.Response | None:
        asked = request.method == method and request.url.path.endswith(path)
        return httpx.Response(status, json=body) if asked else None

    return answers


FORBIDDEN = {"status": 403, "serviceErrorCode": 100, "message": "Not enough permissions to access: posts"}


async def test_what_holds_an_ad_stands_in_lists(engine_client: EngineClient) -> None:
    """In a word each, with the reason of a refusal; rows stay short, and filters reach LinkedIn."""
    rows = (await do(engine_client, "list", limit=500)).data
    by_id = {row["creative_id"]: row for row in rows}
    assert by_id[LIVE]["serving"] == "SERVING"
    assert by_id[PAUSED]["serving"] == "STOPPED"
    assert by_id[REJECTED]["serving"].startswith("REJECTED (IMAGE_QUALITY)")
    assert by_id[IN_PAUSED]["serving"] == "STOPPED CAMPAIGN_STOPPED"
    assert sum(len(",".join(map(str, row.values()))) for row in rows) / len(rows) <= 120
    named = (await do(engine_client, "list", creatives=[LIVE, PAUSED], status=["PAUSED"])).data
    assert [row["creative_id"] for row in named] == [PAUSED]
    led = (await do(engine_client, "list", lead_form_id="3162001")).data
    assert {row["campaign_id"] for row in led} >= {LEADS}


async def test_the_text_of_ads_can_be_read(engine_client: EngineClient) -> None:
    """It stands in posts, which are read in one request, or in text ads themselves; lists say where."""
    texts = (await do(engine_client, "list", campaign_id=TEXT, limit=1, fields=["creative_id"])).data
    ids, fields = [LIVE, texts[0]["creative_id"]], ["copy", "headline", "landing_page", "campaign_name"]
    table = await engine_client.table(LINKEDIN, "creatives", "get", **US, creative_id=ids, fields=fields)
    post, text_ad = table.rows
    assert post["text"] == "Stay dry, work on A (now) #madetolast"
    assert post["landing_page"] == "https://ternandtide.example/ads"
    assert (text_ad["text"], text_ad["campaign_name"][:4]) == ("Rain gear that lasts", "Text")
    assert sum(request.endswith("/posts") for request in engine_client.sent()) == 1
    wrong = await error_of(do(engine_client, "list", fields=["name", "ad_text"]))
    assert "fields: text: `get` with creative_id=[…] has it" in str(wrong)


async def test_a_post_that_may_not_be_read_is_told_of(engine_client: EngineClient) -> None:
    """With what it takes; what else was asked for is shown."""
    between(engine_client, refusing("/posts", 403, FORBIDDEN))
    table = await engine_client.table(
        LINKEDIN, "creatives", "get", **US, creative_id=[LIVE, PAUSED], fields=["name", "text"]
    )
    assert {row["text"] for row in table.rows} == {""}
    assert table.rows[0]["name"] == "Stay dry, work on A"
    assert "texts of 2 posts cannot be read: Not enough permissions" in table.meta["warnings"][0]


async def test_one_is_made_of_a_post_and_taken_back(engine_client: EngineClient) -> None:
    """It begins as a draft, so that undoing it deletes it; the plan names campaign and post."""
    plan = await do(engine_client, "create", campaign_id=TRAFFIC, content=SHARE, name="New")
    assert f'campaign {TRAFFIC} "Spring Sale, \\"Early Birds\\" 50% off" ACTIVE' in plan.text
    assert f'content.reference "{SHARE}"' in plan.text
    result = await applied(engine_client, plan.data["plan_id"])
    made = result.data["steps"][0]["id"]
    assert (await of(engine_client, made, "content"))["content"] == {"reference": SHARE}
    assert "deletes it at once" in (await applied(engine_client, undo_of(result))).text
    assert await error_of(of(engine_client, made, "name"))


async def test_several_are_made_in_one_request(engine_client: EngineClient) -> None:
    """As LinkedIn's batch, with an id for each; what was submitted is put away again by the undo."""
    asked = between(engine_client, nothing)
    items = [{"name": name, "content": {"textAd": {**TEXT_AD, "headline": name}}} for name in ("One", "Two")]
    more = {"campaign_id": TEXT, "intended_status": "ACTIVE", "items": items}
    result = await done(engine_client, "create", **more)
    assert "APPLIED: 2 of 2 done" in result.text
    (post,) = changes(asked)
    assert post.headers["x-restli-method"] == "BATCH_CREATE"
    ids = [step["id"] for step in result.data["steps"]]
    rows = (await do(engine_client, "get", creative_id=ids, fields=["name", "review.status"])).data
    assert [(row["name"], row["review.status"]) for row in rows] == [
        ("One", "PENDING"),
        ("Two", "PENDING"),
    ]
    await applied(engine_client, undo_of(result))
    assert {(await of(engine_client, id_, "status"))["intendedStatus"] for id_ in ids} == {"ARCHIVED"}


@pytest.mark.parametrize(
    ("params", "says"),
    [
        (
            {"content": {"textAd": {**TEXT_AD, "headline": "x" * 26}}},
            "textAd.headline: 26 characters, at most",
        ),
        ({"content": {"textAd": {"headline": "x", "landingPage": "x"}}}, "textAd.description: missing"),
        (
            {"content": {"textAd": TEXT_AD}},
            "it is a SPONSORED_UPDATES campaign, and textAd goes into TEXT_AD",
        ),
        ({"content": {"callToAction": "APPLY"}}, "a call to action stands in the post"),
        ({"content": {"reference": "urn:li:activity:1"}}, "names no post: write its urn:li:share"),
        ({"content": SHARE, "intended_status": "PAUSED"}, "DRAFT, ACTIVE"),
        ({"content": SHARE, "campaign_id": LEADS}, "objective is LEAD_GENERATION, so it needs a form"),
        (
            {"content": SHARE, "leadgen_call_to_action": {"destination": "1", "label": "GET_QUOTE"}},
            "VIEW_QUOTE is the one shown as Get quote",
        ),
    ],
)
async def test_what_linkedin_would_not_take_is_said_before(
    engine_client: EngineClient, params: dict[str, Any], says: str
) -> None:
    """Limits, kinds and campaigns, in a line that says what would be right; nothing is sent."""
    with pytest.raises(InvalidParams) as refused:
        await do(engine_client, "create", **{"campaign_id": TRAFFIC, "name": "New", **params})
    assert says in str(refused.value)
    assert not engine_client.store.writes()


@pytest.mark.slow
async def test_it_is_paused_activated_and_archived(engine_client: EngineClient) -> None:
    """Each with its undo; what begins to be shown counts with the budget of its campaign."""
    result = await done(engine_client, "pause", creative_id=LIVE)
    assert "read back: intendedStatus PAUSED" in result.text
    assert "activate-creative-sharing-30.00-USD-a-day" in undo_of(result)
    await applied(engine_client, undo_of(result))
    result = await done(engine_client, "archive", creative_id=[LIVE, PAUSED])
    assert "APPLIED: 2 of 2 done" in result.text
    await applied(engine_client, undo_of(result))
    assert (await of(engine_client, LIVE, "status"))["intendedStatus"] == "ACTIVE"
    plan = await do(engine_client, "activate", creative_id=IN_PAUSED)
    assert "is PAUSED: it shows nothing until that is ACTIVE" in plan.text
    assert "this submits it for review" in plan.text
    assert "can spend 40.00 USD a day (dailyBudget of 300000020, shared)" in plan.text
    await applied(engine_client, plan.data["plan_id"])
    assert (
        "may refuse to pause what it has not approved (review PENDING)"
        in (await do(engine_client, "pause", creative_id=IN_PAUSED)).text
    )


async def test_a_cap_holds_for_ads_too(engine_client_with: Callable[..., EngineClient]) -> None:
    """Activating one spends its campaign's budget, or that of the group a campaign shares."""
    capped = engine_client_with(MCP_ADS_MAX_DAILY_BUDGET="20 USD")
    with pytest.raises(OverCap):
        await do(capped, "activate", creative_id=PAUSED)
    campaign = capped.store.get("linkedin.campaign", TRAFFIC)
    assert campaign
    bare = {name: value for name, value in campaign.items() if name != "dailyBudget"}
    shared = {**bare, "campaignGroup": "urn:li:sponsoredCampaignGroup:600000003"}
    capped.store.put("linkedin.campaign", TRAFFIC, shared)
    with pytest.raises(OverCap, match="900"):
        await do(capped, "activate", creative_id=PAUSED)


@pytest.mark.parametrize("status", ["live", "draft", "of a draft campaign"])
async def test_it_is_deleted_as_linkedin_deletes_it(engine_client: EngineClient, status: str) -> None:
    """The plan says which of the two ways it will be; that it is not there any more is the evidence."""
    creative = {"live": LIVE, "draft": IN_PAUSED, "of a draft campaign": DRAFT}[status]
    if status == "of a draft campaign":
        kept = engine_client.store.get("linkedin.creative", creative)
        assert kept
        engine_client.store.put("linkedin.creative", creative, {**kept, "intendedStatus": "ACTIVE"})
    asked = between(engine_client, nothing)
    plan = await do(engine_client, "delete", creative_id=creative)
    way = "intendedStatus ACTIVE → PENDING_DELETION" if status == "live" else "deletes it at once"
    assert way in plan.text
    assert "cannot be undone" in plan.text
    result = await applied(engine_client, plan.data["plan_id"])
    assert "it is not there any more" in result.text
    (sent,) = changes(asked)
    method = ("POST", "PARTIAL_UPDATE") if status == "live" else ("DELETE", "DELETE")
    assert (sent.method, sent.headers["x-restli-method"]) == method


async def test_a_draft_that_was_submitted_meanwhile_is_not_deleted(engine_client: EngineClient) -> None:
    """What the plan said does not hold any more: nothing is sent, and there is a fresh plan."""
    plan_id = await planned(engine_client, "creatives", "delete", LINKEDIN, **US, creative_id=IN_PAUSED)
    await done(engine_client, "activate", creative_id=IN_PAUSED)
    result = await applied(engine_client, plan_id)
    assert "intendedStatus was DRAFT, is ACTIVE" in result.text
    assert [write["what"] for write in engine_client.store.writes()] == ["update creative"]


async def test_an_update_changes_what_can_be_changed(engine_client: EngineClient) -> None:
    """Name, status and a draft's form, also as Airbyte's patch; for the rest it says what to do."""
    result = await done(engine_client, "update", creative_id=LIVE, patch={"$set": {"name": "Renamed"}})
    assert 'name "Stay dry, work on A" → "Renamed"' in result.text
    await applied(engine_client, undo_of(result))
    assert (await of(engine_client, LIVE, "name"))["name"] == "Stay dry, work on A"
    form = {"destination": "7100009", "label": "DOWNLOAD"}
    for params, says in (
        (
            {"content": {"reference": SHARE}},
            "what a creative shows never changes; create_inline with replaces",
        ),
        ({"campaign_id": TRAFFIC}, "a creative stays in its campaign"),
        ({"patch": {"$set": {"content": {}}}}, "patch: content: what a creative shows never changes"),
        ({"leadgen_call_to_action": form}, "its lead form is fixed"),
        ({"hide_preview_video": True}, "it is of event ads"),
        ({"patch": {"$delete": ["name"]}}, "patch: write"),
    ):
        error = await error_of(do(engine_client, "update", creative_id=LIVE, **params))
        assert isinstance(error, InvalidParams), params
        assert says in str(error) or "hide_preview_video is of event ads" in str(error)
    assert "lead" not in (await done(engine_client, "update", creative_id=DRAFT, name="Draft")).text


async def test_the_video_of_an_event_ad_is_hidden(engine_client: EngineClient) -> None:
    """The one thing of content that changes: its other parts stay, and the undo shows the video again."""
    campaign = engine_client.store.get("linkedin.campaign", TRAFFIC)
    assert campaign
    fit = {**campaign, "format": "SPONSORED_UPDATE_EVENT"}
    engine_client.store.put("linkedin.campaign", TRAFFIC, fit)
    event = {"event": "urn:li:event:7", "post": SHARE, "hidePreviewVideo": False}
    made = await done(engine_client, "create", campaign_id=TRAFFIC, name="Event", content={"eventAd": event})
    creative = made.data["steps"][0]["id"]
    result = await done(engine_client, "update", creative_id=creative, hide_preview_video=True)
    assert "APPLIED: 1 of 1 done" in result.text
    assert "DIFFERS" not in result.text
    now = (await of(engine_client, creative, "content"))["content"]["eventAd"]
    assert now == {**event, "hidePreviewVideo": True}


async def test_an_ad_is_edited_by_a_new_one(engine_client: EngineClient) -> None:
    """New post, new creative, the old one paused, as one plan with the text before and after."""
    plan = await do(engine_client, "create_inline", replaces=LIVE, commentary="Dry (at last) #sale")
    old, new = '"Stay dry, work on A (now) #madetolast"', '"Dry (at last) #sale"'
    assert f"pauses creative {LIVE}, ACTIVE, which it replaces; text {old} → {new}" in plan.text
    assert "request 2 of 2 (pauses creative 180000001): POST" in plan.text
    assert "landing_page" in plan.text
    assert "undoing it takes the creative away, and leaves the post" in plan.text
    result = await applied(engine_client, plan.data["plan_id"])
    assert "APPLIED: 1 of 1 done" in result.text
    made = result.data["steps"][0]["id"]
    fields = ("name", "status", "campaign_id", "text", "landing_page", "call_to_action")
    assert await of(engine_client, made, *fields) == {
        **await of(engine_client, made, *fields),
        "name": "Stay dry, work on A (2)",
        "intendedStatus": "ACTIVE",
        "campaign_id": TRAFFIC,
        "text": "Dry (at last) #sale",
        "landing_page": "https://ternandtide.example/ads",
        "call_to_action": "LEARN_MORE",
    }
    assert (await of(engine_client, LIVE, "status"))["intendedStatus"] == "PAUSED"
    posts = engine_client.store.all("linkedin.post")
    assert posts[-1]["commentary"] == "Dry \\(at last\\) #sale"


@pytest.mark.parametrize(
    ("creative", "does", "status"),
    [
        (PAUSED, "leaves as it is", "DRAFT"),
        (IN_PAUSED, "archives", "DRAFT"),
        (REJECTED, "archives", "ACTIVE"),
    ],
)
async def test_what_becomes_of_an_old_one_follows_from_its_state(
    engine_client: EngineClient, creative: str, does: str, status: str
) -> None:
    """Only what was approved can be paused; the new one is on where the old one was."""
    params = {"replaces": creative, "landing_page": "https://tern.example/new"}
    plan = await do(engine_client, "create_inline", **params)
    assert f"{does} creative {creative}" in plan.text
    assert 'landing_page "https://ternandtide.example/ads" → "https://tern.example/new"' in plan.text
    assert f"intendedStatus {status}" in plan.text
    result = await applied(engine_client, plan.data["plan_id"])
    assert "APPLIED: 1 of 1 done" in result.text
    left = (await of(engine_client, creative, "status"))["intendedStatus"]
    assert left == ("PAUSED" if creative == PAUSED else "ARCHIVED")


async def test_an_old_post_that_cannot_be_read_has_to_be_given(engine_client: EngineClient) -> None:
    """A common refusal: what the new one is to say is asked for, and taken instead."""
    between(engine_client, refusing("/posts", 403, FORBIDDEN))
    error = await error_of(do(engine_client, "create_inline", replaces=LIVE, commentary="New"))
    assert "author: the old post cannot be read, so give them" in str(error)
    plan = await do(engine_client, "create_inline", replaces=LIVE, commentary="New", author="2414183")
    assert f"pauses creative {LIVE}" in plan.text


async def test_an_old_one_that_changed_meanwhile_is_not_replaced(engine_client: EngineClient) -> None:
    """The plan was made from how it was: nothing is sent."""
    plan_id = await planned(
        engine_client, "creatives", "create_inline", LINKEDIN, **US, replaces=LIVE, commentary="New"
    )
    await done(engine_client, "archive", creative_id=LIVE)
    result = await applied(engine_client, plan_id)
    assert "NOT APPLIED: the account has changed since this plan was made" in result.text
    assert [write["what"] for write in engine_client.store.writes()] == ["update creative"]


async def test_a_new_one_is_named_when_the_old_one_stays(engine_client: EngineClient) -> None:
    """The last request is refused: the plan is done in part, and says what is there now."""
    path = f"/creatives/{CREATIVE}{LIVE}"
    refusal = {"status": 400, "code": "FIELD_INVALID", "message": "No"}
    asked = between(engine_client, refusing(path, 400, refusal, "POST"))
    result = await done(engine_client, "create_inline", replaces=LIVE, commentary="New")
    assert any(request.url.path.endswith(path) for request in asked if request.method == "POST")
    assert "PARTIAL: 0 of 1 done" in result.text
    made = engine_client.store.all("linkedin.creative")[-1]["id"]
    assert f"left on the platform: creative {made}; look: linkedin_ads_execute" in result.text


async def test_the_call_that_shows_what_is_left_works(engine_client: EngineClient) -> None:
    """As it is printed, also where there are several accounts."""
    path = f"/creatives/{CREATIVE}{LIVE}"
    between(engine_client, refusing(path, 400, {"status": 400, "message": "No"}, "POST"))
    text = (await done(engine_client, "create_inline", replaces=LIVE, commentary="New")).text
    params = ast.literal_eval(text.split('look: linkedin_ads_execute("creatives", "get", ')[1].split(")")[0])
    assert params == US | {"creative_id": engine_client.store.all("linkedin.creative")[-1]["id"]}
    assert (await engine_client.do(LINKEDIN, "creatives", "get", **params)).data["intendedStatus"] == "ACTIVE"


@pytest.mark.parametrize("when", ["before", "after"])
async def test_whether_the_old_one_was_stopped_is_looked_for(engine_client: EngineClient, when: str) -> None:
    """The new one is there, and says nothing of the old: that is read, and the call that shows it named."""
    plan_id = await planned(
        engine_client, "creatives", "create_inline", LINKEDIN, **US, replaces=LIVE, commentary="New"
    )
    engine_client.fault("500", method="POST", path=f"creatives/.*{LIVE}", when=when)
    text = (await applied(engine_client, plan_id)).text
    assert "UNKNOWN: 0 of 1 done" in text
    assert "looking now" not in text
    state = "in effect" if when == "after" else "not in effect; a change may still be on its way"
    assert f"reading it now: the change is {state}" in text
    assert f"it was done if it shows intendedStatus PAUSED; request 2 of 2 (pauses creative {LIVE})" in text
    *call, params = check_in(text)
    shown = (await engine_client.do(*call, **params)).data["intendedStatus"]
    assert shown == ("PAUSED" if when == "after" else "ACTIVE")


async def test_an_ad_whose_answer_is_lost_is_found_by_its_name(engine_client: EngineClient) -> None:
    """Without an id nobody knows that it was made: its campaign's list shows it, and it is sent once."""
    plan_id = await planned(
        engine_client, "creatives", "create_inline", LINKEDIN, **US, campaign_id=TRAFFIC, author="2414183",
        commentary="Spring", name="Spring",
    )  # fmt: skip
    engine_client.fault("cut", path="/creatives$", method="POST")
    result = await applied(engine_client, plan_id)
    assert "UNKNOWN: 0 of 1 done" in result.text
    made = engine_client.store.all("linkedin.creative")[-1]
    assert f'looking now: there is creative "Spring", id {made["id"]}' in result.text
    *call, params = check_in(result.text)
    rows = (await engine_client.do(*call, **params)).data
    assert "Spring" in [row["name"] for row in rows]


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"campaign_id": TRAFFIC, "commentary": "New"}, "author: missing; give it, or `replaces`"),
        ({"replaces": "@1.id"}, "replaces: it takes one that is there already"),
        ({"replaces": LIVE, "name": "Stay dry, work on A"}, "name: the old one has it; give another"),
        ({"replaces": "180000045", "commentary": "New"}, "replaces: it shows no post"),
        ({"replaces": "999", "commentary": "New"}, "no creative"),
    ],
)
async def test_what_cannot_be_replaced_is_said(
    engine_client: EngineClient, params: dict[str, Any], says: str
) -> None:
    """In a line that names the parameter; nothing is sent."""
    if params.get("replaces") == "180000045":
        texts = (await do(engine_client, "list", campaign_id=TEXT, limit=1, fields=["creative_id"])).data
        params = {**params, "replaces": texts[0]["creative_id"]}
    with pytest.raises(InvalidParams) as refused:
        await do(engine_client, "create_inline", **params)
    assert says in str(refused.value)
    assert not engine_client.store.writes()


async def test_what_a_campaign_shows_has_its_format(engine_client: EngineClient) -> None:
    """Cards go into carousels and not among single images; a mention stays one."""
    image = engine_client.store.new_id("linkedin.image", 100_000)
    key = f"C4E10AQF{image}"
    image_urn = f"urn:li:image:{key}"
    page = "urn:li:organization:2414183"
    kept = {"id": image_urn, "owner": page, "status": "AVAILABLE", "_spread": True}
    engine_client.store.put("linkedin.image", key, kept)
    cards = [{"image_id": key, "landing_page": f"https://tern.example/{n}", "title": str(n)} for n in (1, 2)]
    given = {"author": page, "commentary": f"By @[Tern]({page}) (now)", "name": "Cards", "cards": cards}
    error = await error_of(do(engine_client, "create_inline", **given, campaign_id=TRAFFIC))
    assert "its format is STANDARD_UPDATE, and carousel goes into CAROUSEL" in str(error)
    result = await done(engine_client, "create_inline", **given, campaign_id="300000020")
    assert "APPLIED: 1 of 1 done" in result.text
    post = engine_client.store.all("linkedin.post")[-1]
    assert post["commentary"] == f"By @[Tern]({page}) \\(now\\)"
    assert [card["media"]["id"] for card in post["content"]["carousel"]["cards"]] == [image_urn] * 2


async def test_an_image_of_the_same_plan_is_shown(engine_client: EngineClient) -> None:
    """A step names what the step before it uploads, which LinkedIn does not know at once."""
    file = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(40)).decode()
    plan_id = str(
        (await engine_client.do(LINKEDIN, "images", "upload", **US, owner="2414183", file=file)).data[
            "plan_id"
        ]
    )
    given = {"campaign_id": TRAFFIC, "author": "2414183", "commentary": "Look", "image_id": "@1.id"}
    plan = await do(engine_client, "create_inline", **given, title="Coat", append_to=plan_id)
    assert "APPLIED: 2 of 2 done" in (await applied(engine_client, plan.data["plan_id"])).text
    image, post = (engine_client.store.all(f"linkedin.{kind}")[-1] for kind in ("image", "post"))
    assert post["content"]["media"] == {"id": image["id"], "title": "Coat"}


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"title": "New headline"}, 'headline "Rain gear that lasts" → "New headline"'),
        ({"alt_text": "A coat in the rain"}, 'alt_text "A coat in the rain"'),
        ({"call_to_action": "SIGN_UP"}, 'call_to_action "LEARN_MORE" → "SIGN_UP"'),
    ],
)
async def test_a_part_of_what_an_ad_shows_is_changed(
    engine_client: EngineClient, params: dict[str, Any], says: str
) -> None:
    """What belongs to an image or a landing page belongs to that of the old one, which stays."""
    plan = await do(engine_client, "create_inline", replaces=PICTURED, **params)
    assert says in plan.text
    old = engine_client.store.all("linkedin.image")[0]["id"]
    assert "APPLIED: 1 of 1 done" in (await applied(engine_client, plan.data["plan_id"])).text
    post = engine_client.store.all("linkedin.post")[-1]
    wanted = {"title": "Rain gear that lasts", "altText": "A raincoat on a hook", "id": old}
    given = {"title": params.get("title"), "altText": params.get("alt_text")}
    assert post["content"]["media"] == wanted | {name: value for name, value in given.items() if value}


@pytest.mark.parametrize(
    ("creative", "params", "says"),
    [
        (LIVE, {"title": "x"}, "title: it belongs to an image, video or document, and the post shows none"),
        (PICTURED, {"description": "x"}, "description: it belongs to an article, and the post shows none"),
        ("180000037", {"title": "x"}, "replaces: it shows no post"),
        (PICTURED, {"image_id": "C4E10AQF1", "video_id": "C5F10AQG1"}, "image_id, video_id: one of them"),
    ],
)
async def test_what_belongs_to_nothing_the_old_one_shows_is_said(
    engine_client: EngineClient, creative: str, params: dict[str, Any], says: str
) -> None:
    """Once it is known what that is; nothing is sent."""
    with pytest.raises(InvalidParams) as refused:
        await do(engine_client, "create_inline", replaces=creative, **params)
    assert str(refused.value).startswith(says)
    assert not engine_client.store.writes()


def opening(form: str) -> dict[str, Any]:
    return {"leadgen_call_to_action": {"destination": form, "label": "SIGN_UP"}}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "says"),
    [
        (OLD_FORM, f"form {OLD_FORM} 'Whitepaper (old)' is ARCHIVED, and an ad opens one that is PUBLISHED"),
        (PAGE_FORM, f"form {PAGE_FORM} is none of this account's; `lead_forms list` has them"),
        (EU_FORM, f"form {EU_FORM} is none of this account's"),
        ("99", "form 99 is none of this account's"),
    ],
)
@pytest.mark.parametrize("action", ["create", "create_inline", "update", "replaces"])
async def test_an_ad_opens_a_form_of_its_account(
    engine_client: EngineClient, action: str, form: str, says: str
) -> None:
    """Another account's, a Page's, an archived one and one that is not there are refused in planning."""
    new = {"campaign_id": LEADS, "name": "New"}
    params = {
        "create": {**new, "content": SHARE},
        "create_inline": {**new, "author": "2414183", "commentary": "New"},
        "update": {"creative_id": LEAD_DRAFT},
        "replaces": {"replaces": LEAD_AD, "commentary": "New"},
    }[action]
    action = action.replace("replaces", "create_inline")
    with pytest.raises(InvalidParams) as refused:
        await do(engine_client, action, **params, **opening(form))
    assert f"leadgen_call_to_action: {says}" in str(refused.value)
    label = {"leadgen_call_to_action": {"destination": FORM, "label": "APPLY"}}
    plan = await do(engine_client, action, **params, **label)
    assert f'its leads go into form {FORM} "Fleet jackets: get a quote"' in plan.text
    assert "APPLIED: 1 of 1 done" in (await applied(engine_client, plan.data["plan_id"])).text


async def test_an_ad_takes_no_archived_form_over(engine_client: EngineClient) -> None:
    """The old ad keeps its form when that is archived; a new one cannot open it."""
    await engine_client.do(LINKEDIN, "lead_forms", "list", **US)
    form = engine_client.store.get("linkedin.form", FORM)
    assert form
    engine_client.store.put("linkedin.form", FORM, {**form, "state": "ARCHIVED"})
    error = await error_of(do(engine_client, "create_inline", replaces=LEAD_AD, commentary="New"))
    assert f"form {FORM} 'Fleet jackets: get a quote' is ARCHIVED" in str(error)
    plan = await do(engine_client, "create_inline", replaces=LIVE, commentary="New")
    assert "go into form" not in plan.text


async def test_forms_that_cannot_be_read_are_told_of(engine_client: EngineClient) -> None:
    """Nothing is concluded from a refusal: the plan says so, and LinkedIn decides."""
    between(engine_client, refusing("/leadForms", 403, {**FORBIDDEN, "message": "Not for you"}))
    plan = await do(engine_client, "create", campaign_id=LEADS, content=SHARE, **opening("99"))
    assert "lead forms of its account: not known, for they could not be read" in plan.text
    assert "No such lead form" in (await applied(engine_client, plan.data["plan_id"])).text
    assert not engine_client.store.writes()


async def test_a_full_campaign_is_told_of(engine_client: EngineClient) -> None:
    """LinkedIn takes 15 active creatives in a campaign: the plan counts those that are there."""
    kept = engine_client.store.get("linkedin.creative", LIVE)
    assert kept
    for number in range(14):
        key = str(190_000_000 + number)
        engine_client.store.put("linkedin.creative", key, {**kept, "id": f"{CREATIVE}{key}"})
    plan = await do(engine_client, "create", campaign_id=TRAFFIC, content=SHARE, name="One more")
    assert "its campaign has 15 active creatives and 1 others; LinkedIn takes 15 and 85" in plan.text
