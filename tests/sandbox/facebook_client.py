"""A client of the make-believe Graph for the tests beside it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from mcp_ads.sandbox import facebook_marketing as facebook
from mcp_ads.sandbox.faults import FaultMiddleware
from mcp_ads.sandbox.store import Store

ACCOUNT = "act_1234567890"
JAPAN = "act_2345678901"
BUSINESS = "334455667788990"
CUSTOMERS = "1202150000000000001"
LOOKALIKE = "1202150000000000003"
VISITORS = "1202150000000000004"
FLAGGED = "1202150000000000005"
SPRING = "1202110000000000340"
AUTUMN = "1202110000000000339"
TOKEN = "sandbox-test"
TARGETING = {
    "geo_locations": {"countries": ["US"]},
    "targeting_automation": {"advantage_audience": 1},
}
CAMPAIGN = {
    "name": "New",
    "objective": "OUTCOME_SALES",
    "status": "PAUSED",
    "special_ad_categories": "[]",
    "daily_budget": "5000",
}
ABO = {key: value for key, value in CAMPAIGN.items() if key != "daily_budget"} | {
    "is_adset_budget_sharing_enabled": "false",
    "objective": "OUTCOME_TRAFFIC",
}
ADSET = {
    "name": "Set",
    "optimization_goal": "LINK_CLICKS",
    "billing_event": "IMPRESSIONS",
    "targeting": TARGETING,
    "status": "PAUSED",
    "daily_budget": "2000",
}


@dataclass
class Graph:
    """Calls with a token in the header; lists and objects go as JSON text."""

    http: httpx.AsyncClient
    store: Store

    async def send(self, method: str, path: str, **params: Any) -> httpx.Response:
        texts = {k: json.dumps(v) if isinstance(v, (dict, list)) else v for k, v in params.items()}
        if method == "GET":
            return await self.http.get(f"/v26.0/{path}", params=texts)
        return await self.http.request(method, f"/v26.0/{path}", data=texts)

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.send("GET", path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, **params: Any) -> Any:
        answer = await self.send("POST", path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def upload(self, path: str, files: dict[str, tuple[str, bytes]], **params: Any) -> httpx.Response:
        """A form of parts, with files among them: field -> name and content."""
        return await self.http.post(f"/v26.0/{path}", data=params, files=files)

    async def error(self, method: str, path: str, **params: Any) -> dict[str, Any]:
        answer = await self.send(method, path, **params)
        assert answer.status_code >= 400, answer.text
        found: dict[str, Any] = answer.json()["error"]
        return found

    def writes(self) -> list[str]:
        return [write["what"] for write in self.store.writes()]


@asynccontextmanager
async def graph(token: str = TOKEN, world: str = "") -> AsyncIterator[Graph]:
    """A fresh sandbox and a client of it."""
    store = Store(world=world)
    app = FaultMiddleware(
        facebook.app(store), platform="facebook_marketing", store=store, answer=facebook.fault
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app),
        base_url="https://graph.facebook.com",
        headers={"Authorization": f"Bearer {token}"} if token else {},
    ) as http:
        yield Graph(http, store)
    store.close()
