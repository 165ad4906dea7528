"""Plans that make something and something in it, and platforms that answer with another object's id."""

from __future__ import annotations

import re
from typing import Any

import httpx
from between import changed
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, EngineClient
from planning import DRYBAGS, NEW, NEW_SET, planned

START = {"start": "2030-01-01"}
LAUNCHES: list[tuple[str, list[tuple[str, dict[str, Any]]], str, str]] = [
    (FACEBOOK, [
        ("campaigns", NEW),
        ("ad_sets", {**NEW_SET, "campaign_id": "@1.id", "daily_budget": "10 USD"}),
    ], "/campaigns$", DRYBAGS),
    (LINKEDIN, [
        ("campaign_groups", {"account_id": LINKEDIN_US, "name": "Launch", "run_schedule": START}),
        ("campaigns", {
            "account_id": LINKEDIN_US, "name": "Launch, US", "type": "SPONSORED_UPDATES",
            "objective_type": "WEBSITE_VISIT", "cost_type": "CPC", "unit_cost": "5 USD",
            "daily_budget": "40 USD", "run_schedule": START, "political_intent": "NOT_POLITICAL",
            "locale": {"country": "US", "language": "en"}, "campaign_group_id": "@1.id",
        }),
    ], "/adCampaignGroups$", "600000008"),
    (AMAZON, [
        ("sponsored_product_campaigns", {
            "account_id": PROFILE, "name": "Launch", "targeting_type": "MANUAL", "daily_budget": "30 USD",
        }),
        ("sponsored_product_ad_groups", {
            "account_id": PROFILE, "name": "Launch", "campaign_id": "@1.id", "default_bid": "0.75 USD",
        }),
    ], "/sp/campaigns$", "120000000000002"),
]  # fmt: skip


async def launch(engine_client: EngineClient, connector: str, steps: list[tuple[str, dict[str, Any]]]) -> str:
    """The plan of a launch."""
    more: dict[str, Any] = {}
    for entity, params in steps:
        more = {"append_to": await planned(engine_client, entity, "create", connector, **params, **more)}
    return str(more["append_to"])


def answering(engine_client: EngineClient, path: str, instead: str, unread: int = 0, **fields: str) -> None:
    """Platforms that make what they are asked to and answer with another object's id, which reads so; the
    first reads of it, as many as are `unread`, are refused.
    """
    refused = iter(range(unread))

    def change(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        content, headers = response.content, dict(response.headers)
        if request.method == "POST" and re.search(path, request.url.path):
            content = re.sub(rb'"(id|campaignId)":\s*"?\d+"?', rb'"\1":"%b"' % instead.encode(), content)
            headers = {name: instead if "-id" in name else text for name, text in headers.items()}
        elif request.url.path.endswith(instead):
            if next(refused, None) is not None:
                return httpx.Response(
                    403, json={"error": {"message": "x", "type": "OAuthException", "code": 10}}
                )
            for name, text in fields.items():
                content = re.sub(rf'"{name}":\s*"[^"]*"'.encode(), f'"{name}":"{text}"'.encode(), content)
        headers.pop("content-length", None)
        return httpx.Response(response.status_code, headers=headers, content=content)

    changed(engine_client, change)
