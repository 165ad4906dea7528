"""Creatives, images and videos on Facebook: deleted where nothing uses them, else what does is named."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import FACEBOOK, US, EngineClient
from planning import CREATIVE, applied, planned, writes

from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio
USER = "1202130000000034022"
PAGE = "104857600000001"
FILM, FORM = "1202160000000000001", "120250000000000002"
STORY: dict[str, Any] = {
    "page_id": PAGE,
    "link_data": {"link": "https://ternandtide.example/a", "message": "A"},
}


async def made(engine_client: EngineClient, story: dict[str, Any] = STORY) -> str:
    """A new creative that no ad uses."""
    plan = await planned(
        engine_client, "ad_creatives", "create", account_id=US, name="New", object_story_spec=story
    )
    await applied(engine_client, plan)
    return writes(engine_client)[-1].rpartition(" ")[2]


async def test_a_creative_is_renamed_without_being_validated(engine_client: EngineClient) -> None:
    """Its edge does not know validate_only and would carry a trial out; the undo gives the old name back."""
    creative = await made(engine_client)
    plan = await engine_client.do(FACEBOOK, "ad_creatives", "update", creative_id=creative, name="Red shoes")
    assert "not validated by the platform beforehand" in engine_client.workspace.text(plan)
    assert len(writes(engine_client)) == 1
    done = await applied(engine_client, plan.data["plan_id"])
    assert 'name "Red shoes"' in engine_client.workspace.text(done)
    await applied(engine_client, done.text.split("undo: ads_apply(")[1].split(")")[0])
    record = await engine_client.do(FACEBOOK, "ad_creatives", "get", creative_id=creative, fields=["name"])
    assert record.data["name"] == "New"


async def test_creatives_are_found_by_their_labels(engine_client: EngineClient) -> None:
    """With any of them or with all of them; a name that was none becomes a label."""
    other_story = {**STORY, "link_data": {**STORY["link_data"], "message": "C"}}
    both, one = await made(engine_client), await made(engine_client, other_story)
    for creative, names in ((both, ("Autumn", "Sale")), (one, ("Sale",))):
        labels = [{"name": name} for name in names]
        plan = await planned(engine_client, "ad_creatives", "update", creative_id=creative, adlabels=labels)
        await applied(engine_client, plan)
    rows = (await engine_client.table(FACEBOOK, "ad_labels", "list", account_id=US)).rows
    ids = {row["name"]: row["id"] for row in rows}
    wanted = {"account_id": US, "ad_label_ids": [ids["Autumn"], ids["Sale"]]}
    every = await engine_client.table(FACEBOOK, "ad_creatives", "list", **wanted)
    assert set(every.ids) == {both, one}
    whole = await engine_client.table(FACEBOOK, "ad_creatives", "list", **wanted, label_operator="ALL")
    assert whole.ids == [both]


async def test_what_a_creative_shows_is_no_parameter_of_its_update(engine_client: EngineClient) -> None:
    """Facebook would refuse it; here the names that can be changed are said."""
    with pytest.raises(InvalidParams, match="object_story_spec"):
        await engine_client.do(
            FACEBOOK, "ad_creatives", "update", creative_id=CREATIVE, object_story_spec=STORY
        )
    assert writes(engine_client) == []


@pytest.mark.parametrize(("action", "more"), [("delete", {}), ("update", {"status": "DELETED"})])
async def test_a_creative_in_use_stays_and_its_ads_are_named(
    engine_client: EngineClient, action: str, more: dict[str, str]
) -> None:
    """Nothing is sent; whichever way it is deleted."""
    with pytest.raises(InvalidParams, match=f"1 ad uses it.*{USER} .*Still 3"):
        await engine_client.do(FACEBOOK, "ad_creatives", action, creative_id=CREATIVE, **more)
    assert [line for line in engine_client.sent(FACEBOOK) if not line.startswith("GET")] == []


async def test_a_creative_that_nothing_uses_is_deleted_for_good(engine_client: EngineClient) -> None:
    """Of two, the one in use is left out with its ads; the other is gone."""
    creative = await made(engine_client)
    plan = await engine_client.do(FACEBOOK, "ad_creatives", "delete", creative_id=[creative, CREATIVE])
    text = engine_client.workspace.text(plan)
    assert "cannot be undone" in text
    assert f"left out: {CREATIVE}" in text
    assert USER in text
    done = engine_client.workspace.text(await applied(engine_client, plan.data["plan_id"]))
    assert writes(engine_client)[-1] == f"delete creative {creative}"
    assert "no undo" in done
    with pytest.raises(InvalidParams, match="deleted already"):
        await engine_client.do(FACEBOOK, "ad_creatives", "delete", creative_id=creative)


async def test_what_is_not_known_of_the_users_of_a_creative_is_said(engine_client: EngineClient) -> None:
    """A list that cannot be read is not taken for one without them."""
    creative = await made(engine_client)
    engine_client.fault("500", path="/ads$", times=0)
    plan = await engine_client.do(FACEBOOK, "ad_creatives", "delete", creative_id=creative)
    assert "ads: not known, for they could not be read" in engine_client.workspace.text(plan)


async def test_a_made_creative_is_not_removed_by_the_undo(engine_client: EngineClient) -> None:
    """Facebook may have answered with one that was there before."""
    plan = await planned(engine_client, "ad_creatives", "create", account_id=US, object_story_spec=STORY)
    text = engine_client.workspace.text(await applied(engine_client, plan))
    assert "may have been there before, so that it is not removed" in text


@pytest.mark.parametrize(
    ("story", "more", "said"),
    [
        ({"page_id": PAGE}, {}, "needs one of link_data"),
        ({"link_data": {"link": "https://a.example"}}, {}, "needs page_id"),
        ({"page_id": PAGE, "link_data": {"message": "x"}}, {}, "link_data: needs link"),
        ({"page_id": PAGE, "video_data": {"video_id": FILM}}, {}, "image_hash or image_url"),
        ({"page_id": PAGE, "video_data": {"image_hash": "0" * 32}}, {}, "needs video_id"),
        (
            {"page_id": PAGE, "link_data": {"link": "https://a.example", "child_attachments": [{}]}},
            {},
            "2 to 10 cards",
        ),
        (
            STORY,
            {"degrees_of_freedom_spec": {"creative_features_spec": {"standard_enhancements": {}}}},
            "standard_enhancements no more",
        ),
        (None, {"source_instagram_media_id": "17"}, "instagram_user_id: source_instagram_media_id needs it"),
    ],
    ids=str,
)
async def test_creatives_facebook_would_refuse(
    engine_client: EngineClient, story: Any, more: dict[str, Any], said: str
) -> None:
    """A line that says what is missing, before anything is asked."""
    given = {"object_story_spec": story} if story else {}
    with pytest.raises(InvalidParams, match=said):
        await engine_client.do(FACEBOOK, "ad_creatives", "create", account_id=US, **given, **more)
    assert engine_client.sent(FACEBOOK) == []


LINK = STORY["link_data"]
WRONG_INSIDE: list[tuple[dict[str, Any], str]] = [
    ({"image": "x"}, "link_data.image: Facebook knows no such field; did you mean image_hash"),
    ({"image_hash": "hero.png"}, "link_data.image_hash: 'hero.png' is no hash of an image"),
    ({"link": "example.com"}, "link_data.link: 'example.com' is no address; write https://"),
    ({"call_to_action": {"typ": "SHOP_NOW"}}, "call_to_action.typ: Facebook knows no such field"),
    ({"call_to_action": {"value": {"form_id": "1"}}}, "value.form_id: Facebook knows no such field"),
    ({"child_attachments": [LINK, {"image_hsh": "x"}]}, r"attachments\[1\].image_hsh: Facebook knows"),
]


@pytest.mark.parametrize(("data", "said"), WRONG_INSIDE, ids=str)
async def test_what_is_written_wrong_inside_a_creative(
    engine_client: EngineClient, data: dict[str, Any], said: str
) -> None:
    """A slip would make an ad without its picture: refused wherever a creative is written."""
    story = {"object_story_spec": {**STORY, "link_data": {**LINK, **data}}}
    ad = {"account_id": US, "adset_id": "1", "name": "A", "creative": story}
    for entity, action, params in (
        ("ad_creatives", "create", {"account_id": US, **story}),
        ("ads", "create", ad),
        ("ads", "update", {"ad_id": USER, "creative": story}),
        ("ads", "duplicate", {"ad_id": USER, "creative": story}),
        ("ads", "duplicate", {"ad_id": USER, "creative_parameters": story}),
    ):
        with pytest.raises(InvalidParams, match=said):
            await engine_client.do(FACEBOOK, entity, action, **params)
    assert engine_client.sent(FACEBOOK) == []


@pytest.mark.parametrize(
    ("creative", "said"),
    [
        (CREATIVE, f'creative: write {{"creative_id": "{CREATIVE}"}}'),
        ({"id": CREATIVE}, "did you mean creative_id"),
        ({"creative_id": ""}, "creative_id: empty"),
        ({"asset_feed_spec": {"bodys": []}}, "asset_feed_spec.bodys: .*did you mean bodies"),
    ],
    ids=str,
)
async def test_a_creative_in_an_ad_is_named_or_whole(
    engine_client: EngineClient, creative: Any, said: str
) -> None:
    """A line says how it is written."""
    with pytest.raises(InvalidParams, match=said):
        await engine_client.do(FACEBOOK, "ads", "update", ad_id=USER, creative=creative)
    assert engine_client.sent(FACEBOOK) == []


async def test_doubtful_buttons_are_warned_of_and_unknown_ones_pass(engine_client: EngineClient) -> None:
    """A form wants one of six buttons; the list of buttons is never complete."""
    form = {"type": "SHOP_NOW", "value": {"lead_gen_form_id": FORM}}
    for button, said in ((form, "an ad with a form has one of these buttons"), ({"type": "BRAND_NEW"}, "")):
        data = {**STORY["link_data"], "call_to_action": button, "message": said}
        plan = await engine_client.do(
            FACEBOOK, "ad_creatives", "create", account_id=US, object_story_spec={**STORY, "link_data": data}
        )
        assert (said in engine_client.workspace.text(plan)) is True
        assert ("these buttons" in engine_client.workspace.text(plan)) is bool(said)


async def test_an_image_that_a_creative_shows_stays(engine_client: EngineClient) -> None:
    """By its hash: the one in use is named with its creative, the other is gone and not in the list."""
    listed = await engine_client.table(FACEBOOK, "images", "list", account_id=US)
    shown, free = (row["hash"] for row in listed.rows[:2])
    creative = await made(
        engine_client, {**STORY, "link_data": {**STORY["link_data"], "image_hash": shown, "message": "B"}}
    )
    one = await engine_client.table(FACEBOOK, "images", "get", account_id=US, hash=[shown, free])
    assert {row["hash"]: creative in row["creatives"] for row in one.rows} == {shown: True, free: False}
    with pytest.raises(InvalidParams, match=f"creatives show it.*{creative}"):
        await engine_client.do(FACEBOOK, "images", "delete", account_id=US, hash=shown)
    plan = await planned(engine_client, "images", "delete", account_id=US, hash=free)
    text = engine_client.workspace.text(await applied(engine_client, plan))
    assert "not there any more" in text
    after = await engine_client.table(FACEBOOK, "images", "list", account_id=US)
    assert free not in {row["hash"] for row in after.rows}
    assert len(after.rows) == len(listed.rows) - 1


async def test_a_video_is_fetched_by_facebook_and_deleted(engine_client: EngineClient) -> None:
    """The address stands in the plan whole and is sent as it is; nobody here asks for it."""
    address = "https://cdn.ternandtide.example/spring.mp4?v=2"
    plan = await engine_client.do(
        FACEBOOK, "videos", "upload", account_id=US, file_url=address, title="Spring"
    )
    assert f'file_url "{address}"' in engine_client.workspace.text(plan)
    done = engine_client.workspace.text(await applied(engine_client, plan.data["plan_id"]))
    assert "ready: a creative can show it" in done
    video = writes(engine_client)[-1].rpartition(" ")[2]
    image = (await engine_client.table(FACEBOOK, "images", "list", account_id=US)).rows[0]["hash"]
    story: dict[str, Any] = {"page_id": PAGE, "video_data": {"video_id": video, "image_hash": image}}
    creative = await made(engine_client, story)
    gone = await engine_client.do(FACEBOOK, "videos", "delete", account_id=US, video_id=video)
    text = engine_client.workspace.text(gone)
    assert f"creatives show it and lose it: {creative}" in text
    assert "cannot be undone" in text
    other = {**story, "video_data": {**story["video_data"], "title": "Another"}}
    later, before = await made(engine_client, other), writes(engine_client)
    late = await applied(engine_client, gone.data["plan_id"])
    assert f"creative {later} shows it, which the plan did not say" in engine_client.workspace.text(late)
    assert writes(engine_client) == before
    gone = await engine_client.do(FACEBOOK, "videos", "delete", account_id=US, video_id=video)
    await applied(engine_client, gone.data["plan_id"])
    assert f"DELETE /v26.0/act_{US}/advideos" in engine_client.sent(FACEBOOK)
    rows = (await engine_client.table(FACEBOOK, "videos", "list", account_id=US)).ids
    assert video not in rows


@pytest.mark.parametrize(
    "address", ["http://a.example/x.mp4", "file:///etc/passwd", "https://user:word@a.example/x", "https://"]
)
async def test_addresses_that_no_video_is_at(engine_client: EngineClient, address: str) -> None:
    """Only https, and no password in it."""
    with pytest.raises(InvalidParams, match="file_url"):
        await engine_client.do(FACEBOOK, "videos", "upload", account_id=US, file_url=address)
    with pytest.raises(InvalidParams, match="file: give it, or file_url"):
        await engine_client.do(FACEBOOK, "videos", "upload", account_id=US)
