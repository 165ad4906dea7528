"""Where a click leads, who says it and what it says: in the plan, however long the rest is."""

from __future__ import annotations

from typing import Any

import pytest
from engine_client import FACEBOOK, LINKEDIN, LINKEDIN_US, US, EngineClient
from planning import SPRING, SPRING_AD_PAUSED, SPRING_SET

pytestmark = pytest.mark.anyio
PAGE, LINK = "104857600000001", "https://evil.example/phish"
LONG = "Lovely towels. " * 60
STORY = {
    "page_id": PAGE,
    "link_data": {
        "message": LONG,
        "name": "A headline",
        "link": LINK,
        "call_to_action": {"type": "SHOP_NOW", "value": {"link": "shop.example/now"}},
    },
}
INLINE = {
    "account_id": LINKEDIN_US,
    "campaign_id": "300000001",
    "author": "2414183",
    "commentary": LONG,
    "image_id": "urn:li:image:C4E10AQFsandbox000001",
    "title": "A headline",
    "landing_page": LINK,
    "call_to_action": "LEARN_MORE",
}


@pytest.mark.parametrize(
    ("connector", "entity", "action", "params"),
    [
        (FACEBOOK, "ad_creatives", "create", {"account_id": US, "name": "C", "object_story_spec": STORY}),
        (FACEBOOK, "ads", "update", {"ad_id": SPRING_AD_PAUSED, "creative": {"object_story_spec": STORY}}),
        (
            FACEBOOK,
            "ads",
            "create",
            {
                "account_id": US,
                "adset_id": SPRING_SET,
                "name": "A",
                "creative": {"object_story_spec": STORY},
            },
        ),
        (LINKEDIN, "creatives", "create_inline", INLINE),
    ],
)
async def test_a_creative_shows_where_it_leads(
    engine_client: EngineClient, connector: str, entity: str, action: str, params: dict[str, Any]
) -> None:
    """Link, page and headline have lines of their own after a message that fills the plan."""
    text = (await engine_client.do(connector, entity, action, **params)).text
    lines = [line.strip() for line in text.splitlines()]
    author = "urn:li:organization:2414183" if connector == LINKEDIN else PAGE
    for value in (LINK, author, "A headline"):
        assert [line for line in lines if line.endswith(f' "{value}"')], text
    assert connector == LINKEDIN or [line for line in lines if line.endswith(' "shop.example/now"')]


async def test_a_long_address_shows_its_host(engine_client: EngineClient) -> None:
    """Of ten links of a thousand characters each is on its line, with where it leads to."""
    cards = [{"link": f"https://{at}.example/{'x' * 1000}"} for at in range(10)]
    spec = {"page_id": PAGE, "link_data": {"message": LONG, "link": LINK, "child_attachments": cards}}
    text = (
        await engine_client.do(FACEBOOK, "ad_creatives", "create", account_id=US, object_story_spec=spec)
    ).text
    for at in range(10):
        assert f' "https://{at}.example/xxxx' in text
    assert len(text) < 12_000


async def test_texts_are_cut_one_by_one(engine_client: EngineClient) -> None:
    """A description that is too long hides nothing of what stands after it, in text and request."""
    text = (
        await engine_client.do(
            FACEBOOK, "custom_audiences", "create", account_id=US, name="C", description=LONG,
            subtype="CUSTOM", customer_file_source="USER_PROVIDED_ONLY", opt_out_link="https://out.example",
        )
    ).text  # fmt: skip
    (request,) = [line for line in text.splitlines() if line.strip().startswith("request: ")]
    assert "opt_out_link=https://out.example" in request
    assert 'opt_out_link "https://out.example"' in text


async def test_a_raw_request_shows_all_it_sets(engine_client_with: Any) -> None:
    """Behind a long name there are a budget and a status: both are in the line that is approved."""
    engine_client = engine_client_with(MCP_ADS_RAW_WRITES="1")
    body = {"name": "Spring " + "x" * 380, "daily_budget": 99999900, "status": "ACTIVE"}
    text = (await engine_client.do(FACEBOOK, "graph", "post", path=f"/{SPRING}", body=body)).text
    assert "daily_budget=99999900 status=ACTIVE" in text
