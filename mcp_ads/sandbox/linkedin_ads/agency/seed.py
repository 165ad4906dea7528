"""What is put into the store at once: accounts with who may work in them, their Pages and lead forms."""

from __future__ import annotations

from mcp_ads.sandbox.agency.clients import LINKEDIN, Account, by_id
from mcp_ads.sandbox.agency.world import began
from mcp_ads.sandbox.linkedin_ads import creatives
from mcp_ads.sandbox.linkedin_ads.leads.seed import form
from mcp_ads.sandbox.linkedin_ads.organizations import library, pages
from mcp_ads.sandbox.linkedin_ads.state import ACCOUNT, MEMBER, USER, Body, audit, urn
from mcp_ads.sandbox.store import Store

from .spelling import at, form_of, owner_of, page_of


def fill(store: Store) -> None:
    """Every account of the agency's clients, and the companies whose people see ads."""
    day = began(store)
    for account in by_id(LINKEDIN).values():
        created = audit(at(day - account.created))
        mine = owner_of(account)
        store.put(ACCOUNT, account.id, _account(account) | {"changeAuditStamps": created})
        user = {"account": mine, "user": MEMBER, "role": "ACCOUNT_MANAGER", "changeAuditStamps": created}
        store.put(USER, f"{mine},{MEMBER}", user)
        vanity = f"{account.client.key}-{account.market.code.lower()}"
        pages.own(store, page_of(account), account.name, vanity)
        form(store, form_of(account), {"sponsoredAccount": mine}, f"{account.client.brand}: talk to us", 1)
    creatives.fill(store)
    pages.companies(store)
    library.fill(store)


def _account(account: Account) -> Body:
    return {
        "id": int(account.id),
        "name": account.name,
        "currency": account.currency,
        "status": "ACTIVE",
        "type": "BUSINESS",
        "reference": urn("organization", page_of(account)),
        "test": False,
        "servingStatuses": ["RUNNABLE"],
        "notifiedOnCampaignOptimization": False,
        "notifiedOnCreativeApproval": False,
        "notifiedOnCreativeRejection": True,
        "notifiedOnEndOfCampaign": True,
        "notifiedOnNewFeaturesEnabled": False,
        "version": {"versionTag": "4"},
    }
