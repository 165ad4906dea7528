"""A plain client for the make-believe api.linkedin.com; queries are written out as they go over the wire."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

import httpx

from mcp_ads.sandbox import linkedin_ads as linkedin
from mcp_ads.sandbox.faults import FaultMiddleware
from mcp_ads.sandbox.store import Store

US, EU = "512345678", "523456789"
HEADERS = {
    "Authorization": "Bearer sandbox-token",
    "LinkedIn-Version": "202607",
    "X-Restli-Protocol-Version": "2.0.0",
}
CAMPAIGNS = f"/rest/adAccounts/{US}/adCampaigns"
GROUPS = f"/rest/adAccounts/{US}/adCampaignGroups"
CREATIVES = f"/rest/adAccounts/{US}/creatives"
DAY = 86_400_000


class Client:
    """One store, one app over it, and the headers every call needs."""

    def __init__(self, world: str = "") -> None:
        self.store = Store(None, world)
        self.app = FaultMiddleware(
            linkedin.app(self.store), platform="linkedin_ads", store=self.store, answer=linkedin.fault
        )
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="https://api.linkedin.com"
        )

    async def call(
        self, verb: str, url: str, json: Any = None, *, method: str | None = None, **headers: str
    ) -> httpx.Response:
        """One call; keyword headers have underscores, an empty one is left out."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        lower = {name.lower() for name in given}
        sent = {**{name: value for name, value in HEADERS.items() if name.lower() not in lower}, **given}
        if method:
            sent["X-RestLi-Method"] = method
        used = {name: value for name, value in sent.items() if value}
        return await self.http.request(verb, url, json=json, headers=used)

    async def get(self, url: str, **more: Any) -> Any:
        answer = await self.call("GET", url, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def patch(self, url: str, **fields: Any) -> httpx.Response:
        body = {"patch": {"$set": fields}}
        return await self.call("POST", url, body, method="PARTIAL_UPDATE")

    def writes(self) -> list[str]:
        return [write["what"] for write in self.store.writes()]


def urn(kind: str, id: object) -> str:
    return f"urn:li:{kind}:{id}"


def enc(text: str) -> str:
    return quote(text, safe="")


def soon() -> int:
    return int(time.time() * 1000) + 120_000


def campaign(**changes: Any) -> dict[str, Any]:
    """A campaign that may be created in the first group; a field set to None is left out."""
    body = {
        "account": urn("sponsoredAccount", US),
        "campaignGroup": urn("sponsoredCampaignGroup", 600000001),
        "name": "New, (quite) new: campaign",
        "type": "SPONSORED_UPDATES",
        "objectiveType": "WEBSITE_VISIT",
        "costType": "CPC",
        "optimizationTargetType": "NONE",
        "unitCost": {"amount": "5.00", "currencyCode": "USD"},
        "dailyBudget": {"amount": "50.00", "currencyCode": "USD"},
        "runSchedule": {"start": soon()},
        "locale": {"country": "US", "language": "en"},
        "offsiteDeliveryEnabled": False,
        "politicalIntent": "NOT_POLITICAL",
        **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def targeting(*countries: int) -> dict[str, Any]:
    where = {"urn:li:adTargetingFacet:locations": [urn("geo", country) for country in countries]}
    return {"include": {"and": [{"or": where}]}}


def codes(answer: httpx.Response) -> set[str]:
    """The codes of a refusal in the newer envelope."""
    details = answer.json().get("errorDetails", {})
    faults = details.get("inputErrors", []) + details.get("conditionalInputErrors", [])
    return {fault["code"] for fault in faults}


async def first(api: Client, status: str, url: str = CAMPAIGNS, kind: str = "status") -> Any:
    """The first object of a status."""
    if kind == "intendedStatus":
        return (await api.get(f"{url}?q=criteria&intendedStatuses=List({status})", method="FINDER"))[
            "elements"
        ][0]
    return (await api.get(f"{url}?q=search&search=(status:(values:List({status})))"))["elements"][0]
