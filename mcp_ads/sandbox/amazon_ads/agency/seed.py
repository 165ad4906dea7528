"""What is put into the store at once: the profiles, each with what it sells."""

from __future__ import annotations

from mcp_ads.sandbox.agency.clients import AMAZON, Account, by_id
from mcp_ads.sandbox.amazon_ads.calls import Body
from mcp_ads.sandbox.store import Store

from .spelling import goods_of

PLACES = {
    "US": "ATVPDKIKX0DER",
    "CA": "A2EUQ1WTGCTBG2",
    "DE": "A1PA6795UKMFR9",
    "FR": "A13V1IB3VIYZZH",
    "UK": "A1F83G8C2ARO7P",
    "SE": "A2NODRKZP88ZB9",
    "JP": "A1VC38T7YXB528",
}
"""Marketplaces by country."""


def fill(store: Store) -> None:
    """A profile for every account of the agency's clients."""
    for account in by_id(AMAZON).values():
        store.put("amazon.profile", account.id, _profile(account))


def _profile(account: Account) -> Body:
    return {
        "profileId": int(account.id),
        "countryCode": account.market.code,
        "currencyCode": account.currency,
        "dailyBudget": 999999999.0,
        "timezone": account.zone,
        "accountInfo": {
            "marketplaceStringId": PLACES[account.market.code],
            "id": f"ENTITY{account.number:08}",
            "type": "seller",
            "name": account.name,
            "validPaymentMethod": True,
        },
        "_region": account.market.region,
        "_goods": goods_of(account.client),
        "_brand": account.client.brand,
        "_category": account.client.name.removeprefix(account.client.brand).strip(),
        "_slug": f"{account.client.key}-{account.market.code.lower()}",
    }
