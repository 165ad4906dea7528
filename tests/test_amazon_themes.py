"""Sponsored Brands themes: keywords Amazon chooses, with one bid; archived by a change of their state."""

from __future__ import annotations

import pytest
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, undo_of

from mcp_ads.errors import InvalidParams, NotFound

pytestmark = pytest.mark.anyio
THEMES = "sponsored_brands_themes"
P = {"profile_id": PROFILE}
LIVE = {"campaign_id": "191000000000001", "ad_group_id": "192000000000001"}


async def test_a_theme_from_its_making_to_its_end(engine_client: EngineClient) -> None:
    """Made by a short word it bids at once; it is re-bid and paused, undone, and archived by a change."""
    listed = await engine_client.do(AMAZON, THEMES, "list", **P, theme_type="landing pages")
    assert {row["themeType"] for row in listed.data} == {"KEYWORDS_RELATED_TO_YOUR_LANDING_PAGES"}
    plan = await engine_client.do(AMAZON, THEMES, "create", **P, **LIVE, theme_type="brand", bid="1.50 USD")
    assert "ACTIVATES DELIVERY" in plan.text
    assert "no themes PAUSED" in plan.text
    assert "taking it back pauses it" in plan.text
    made = await applied(engine_client, plan.data["plan_id"])
    theme = made.data["steps"][0]["id"]
    undone = await applied(engine_client, undo_of(made))
    assert "state ENABLED → PAUSED" in undone.text
    await applied(engine_client, undo_of(undone))
    changed = await engine_client.do(
        AMAZON, THEMES, "update", **P, theme_id=theme, bid="-20%", state="PAUSED"
    )
    assert f'update theme {theme} "KEYWORDS_RELATED_TO_YOUR_BRAND"' in changed.text
    assert "bid 1.50 → 1.20 USD" in changed.text
    undo = undo_of(await applied(engine_client, changed.data["plan_id"]))
    rows = (await engine_client.do(AMAZON, THEMES, "get", **P, theme_id=[theme, "196000000000001"])).data
    assert [(row["bid"], row["state"]) for row in rows] == [(1.2, "PAUSED"), (1.1, "ENABLED")]
    await applied(engine_client, undo)
    gone = await engine_client.do(AMAZON, THEMES, "delete", **P, theme_id=theme)
    assert "cannot be undone" in gone.text
    assert "where this is refused, pause it" in gone.text
    await applied(engine_client, gone.data["plan_id"])
    row = (await engine_client.do(AMAZON, THEMES, "get", **P, theme_id=theme)).data
    assert (row["state"], row["bid"]) == ("ARCHIVED", 1.5)


async def test_an_ad_group_has_one_of_each(engine_client: EngineClient) -> None:
    """What is there is left out; the type of one never changes, and one that nobody documents is doubted."""
    there = await engine_client.do(AMAZON, THEMES, "create", **P, **LIVE, theme_type="landing pages", bid=1)
    assert "already there, ENABLED" in there.text
    with pytest.raises(InvalidParams, match="theme of one never changes"):
        await engine_client.do(AMAZON, THEMES, "update", **P, theme_id="196000000000001", theme_type="brand")
    with pytest.raises(NotFound, match="no theme 7"):
        await engine_client.do(AMAZON, THEMES, "get", **P, theme_id="7")
    several = await engine_client.do(AMAZON, THEMES, "get", **P, theme_id=["7", "196000000000001"])
    assert (len(several.data), several.errors[0]["index"]) == (1, 0)
    odd = await engine_client.do(AMAZON, THEMES, "create", **P, **LIVE, theme_type="SEASONS", bid=1)
    assert "theme_type: SEASONS is neither" in odd.text


async def test_authors_have_none(engine_client: EngineClient) -> None:
    """It is said before anything is asked for."""
    await engine_client.do(AMAZON, "profiles", "list")
    own = engine_client.store.get("amazon.profile", PROFILE) or {}
    info = {**own["accountInfo"], "subType": "KDP_AUTHOR"}
    engine_client.store.put("amazon.profile", PROFILE, {**own, "accountInfo": info})
    with pytest.raises(InvalidParams, match="for sellers and vendors"):
        await engine_client.do(AMAZON, THEMES, "list", **P)
