"""What stands above profiles: manager accounts, and advertising accounts of several countries."""

from __future__ import annotations

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply

MANAGERS = "application/vnd.getmanageraccountsresponse.v1+json"
ACCOUNTS = "application/vnd.listaccountsresource.v1+json"
MOST = 100


def list_managers(call: Call) -> Response:
    """The manager account of the advertiser, with the accounts it has in this region."""
    linked = [
        {
            "accountId": profile["accountInfo"]["id"],
            "accountName": profile["accountInfo"]["name"],
            "accountType": profile["accountInfo"]["type"].upper(),
            "marketplaceId": profile["accountInfo"]["marketplaceStringId"],
            "profileId": str(profile["profileId"]),
            "dspAdvertiserId": None,
        }
        for profile in call.store.all("amazon.profile")
        if profile["_region"] == call.region
    ]
    key, name = ("harbour", "Harbour Lane Media") if call.store.world else ("tern", "Tern & Tide Holding")
    manager = {"managerAccountId": f"amzn1.ads1.ma1.{key}", "managerAccountName": name}
    return reply({"managerAccounts": [{**manager, "linkedAccounts": linked}]}, media=MANAGERS)


def list_accounts(call: Call) -> Response:
    """One page of the advertising accounts: one with all profiles and one being set up."""
    sent = call.body if isinstance(call.body, dict) else {"": None}
    if unknown := sent.keys() - {"maxResults", "nextToken"}:
        raise Refused(400, f"Unrecognized field at $.{min(unknown)}")
    size, start = sent.get("maxResults", MOST), sent.get("nextToken", "0")
    if type(size) is not int or not 1 <= size <= MOST:
        raise Refused(400, f"$.maxResults must be from 1 to {MOST}")
    if not (isinstance(start, str) and start.isdecimal()):
        raise Refused(400, "Invalid nextToken")
    found = _accounts(call)
    page: Body = {"adsAccounts": found[int(start) : int(start) + size]}
    if int(start) + size < len(found):
        page["nextToken"] = str(int(start) + size)
    return reply(page, media=ACCOUNTS)


def _accounts(call: Call) -> list[Body]:
    profiles = call.store.all("amazon.profile")
    if call.store.world:
        return [_account(profile["accountInfo"]["name"], profile["_slug"], [profile]) for profile in profiles]
    return [
        _account("Tern & Tide", "tern", profiles),
        {
            "adsAccountId": "amzn1.ads-account.g.tide",
            "accountName": "Tide Books",
            "status": "PENDING",
            "countryCodes": ["US"],
            "alternateIds": [],
        },
    ]


def _account(name: str, slug: str, profiles: list[Body]) -> Body:
    ids = [
        {
            "countryCode": profile["countryCode"],
            "entityId": profile["accountInfo"]["id"],
            "profileId": profile["profileId"],
        }
        for profile in profiles
    ]
    countries = [profile["countryCode"] for profile in profiles]
    return {
        "adsAccountId": f"amzn1.ads-account.g.{slug}",
        "accountName": name,
        "status": "CREATED",
        "countryCodes": countries,
        "alternateIds": ids,
    }


OPERATIONS = (
    Operation("GET", "/managerAccounts", list_managers, gives=MANAGERS, scoped=False),
    Operation("POST", "/adsAccounts/list", list_accounts, takes=ACCOUNTS, gives=ACCOUNTS, scoped=False),
)
