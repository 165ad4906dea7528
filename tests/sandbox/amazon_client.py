"""A bare client of the make-believe Amazon, as its documentation describes requests."""

from __future__ import annotations

import json
from typing import Any

import httpx

from mcp_ads.sandbox import amazon_ads as amazon
from mcp_ads.sandbox.faults import FaultMiddleware
from mcp_ads.sandbox.store import Store

US, DE, JP = "3312345678901234", "4412345678901234", "5512345678901234"
DOWNLOADS = "https://offline-report-storage-us-east-1-prod.s3.amazonaws.com"
CLIENT = "amzn1.application-oa2-client.sandbox1"
MEDIA = {
    "/sp/campaigns": "spCampaign",
    "/sp/adGroups": "spAdGroup",
    "/sp/productAds": "spProductAd",
    "/sp/keywords": "spKeyword",
    "/sp/targets": "spTargetingClause",
    "/sp/negativeKeywords": "spNegativeKeyword",
    "/sp/negativeTargets": "spNegativeTargetingClause",
    "/sp/campaignNegativeKeywords": "spCampaignNegativeKeyword",
    "/sp/campaignNegativeTargets": "spCampaignNegativeTargetingClause",
    "/portfolios": "spPortfolio",
}


class Amazon:
    """Calls one region for one profile."""

    def __init__(self, region: str = "NA", profile: str = US, store: Store | None = None) -> None:
        self.store = store or Store()
        self.region, self.profile = region, profile
        self.headers = {
            "Authorization": "Bearer Atza|sandbox-direct",
            "Amazon-Advertising-API-ClientId": CLIENT,
            "Amazon-Advertising-API-Scope": profile,
        }

    async def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str | None] | None = None
    ) -> httpx.Response:
        sent = {**self.headers, **(headers or {})}
        api = amazon.app(self.store, self.region, DOWNLOADS)
        app = FaultMiddleware(api, platform="amazon_ads", store=self.store, answer=amazon.fault)
        return await send(app, method, path, content=None if body is None else json.dumps(body), headers=sent)

    async def v3(self, method: str, path: str, body: Any, *, full: bool = False) -> dict[str, Any]:
        """A call with the right media types that must succeed."""
        base = next(prefix for prefix in MEDIA if path == prefix or path.startswith(prefix + "/"))
        media = f"application/vnd.{MEDIA[base]}.v3+json"
        headers: dict[str, str | None] = {"Content-Type": media, "Accept": media}
        if full:
            headers["Prefer"] = "return=representation"
        response = await self.call(method, path, body, headers)
        assert response.status_code in {200, 207}, response.text
        assert response.headers["content-type"] == media
        answer: dict[str, Any] = response.json()
        return answer

    async def create(self, path: str, key: str, *items: Any) -> tuple[list[Any], list[Any]]:
        answer = await self.v3("POST", path, {key: list(items)}, full=True)
        return answer[key]["success"], answer[key]["error"]

    async def update(self, path: str, key: str, *items: Any) -> tuple[list[Any], list[Any]]:
        answer = await self.v3("PUT", path, {key: list(items)}, full=True)
        return answer[key]["success"], answer[key]["error"]

    def changes(self) -> list[str]:
        return [write["what"] for write in self.store.writes()]


async def send(app: Any, method: str, path: str, **request: Any) -> httpx.Response:
    """One request to an ASGI app; a header of None is left out."""
    headers = {key: value for key, value in request.pop("headers", {}).items() if value is not None}
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://sandbox") as client:
        return await client.request(method, path, headers=headers, **request)


def reasons(errors: list[Any]) -> list[tuple[int, str, str, str]]:
    """Index, kind, reason and location of every error of a batch."""
    found = []
    for item in errors:
        for error in item["errors"]:
            value = error["errorValue"][error["errorType"]]
            found.append((item["index"], error["errorType"], value["reason"], value["cause"]["location"]))
    return found
