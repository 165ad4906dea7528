"""What stands above profiles: manager accounts, and advertising accounts that span countries."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from mcp_ads.connectors.amazon_ads.dialect import CURSOR, vendor
from mcp_ads.connectors.amazon_ads.record_names import (
    ADS_ACCOUNT,
    LINKED_ACCOUNT,
    OF_ADS_ACCOUNTS,
    OF_LINKED_ACCOUNTS,
)
from mcp_ads.connectors.amazon_ads.types import Camel
from mcp_ads.core import GET, NONE, POST, Account, Context, Entity, Flow, Result, Several
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.gaps import Gap
from mcp_ads.core.record_fields import KnownRead
from mcp_ads.errors import ApiError

from .profiles import unasked

MANAGERS = vendor(GET, "/managerAccounts", "getmanageraccountsresponse.v1")
PAGES = replace(CURSOR, most=100)
MOST_LINKED = 50
"""Accounts that Amazon names of one manager account."""
LEAN = ("managerAccountId", "managerAccountName", "accountName", "accountType", "profileId")


class AboveProfiles(Camel, KnownRead):
    """What no profile owns."""

    whose = NONE

    def strays(self) -> Iterable[str]:
        yield "it names accounts beside the allowed profiles; list these by profiles"


class ListManagerAccounts(AboveProfiles):
    """List the manager accounts the user may see, a row for each account linked to one."""

    http, lean, records = MANAGERS, LEAN, "data"
    known, alike = LINKED_ACCOUNT, OF_LINKED_ACCOUNTS
    said = "agency clients of a manager account, MCC"

    def flow(self, context: Context) -> Flow:
        asked = self.to_request()
        answers = yield Several([replace(asked, region=region) for region in context.regions])
        told = [answer["managerAccounts"] for answer in answers if not isinstance(answer, ApiError)]
        if not told:
            raise answers[0]
        managers = [manager for found in told for manager in found]
        linked = {tuple(row.values()): row for manager in managers for row in _linked(manager)}
        full = {row["managerAccountId"] for row in linked.values()}
        alone = {manager["managerAccountId"]: _row(manager, {}) for manager in managers}
        rows = [*linked.values(), *(row for id_, row in alone.items() if id_ not in full)]
        if isinstance(self, AsSent):
            rows = managers
        warnings: list[str] = [
            Gap(f"region {region} did not answer: {answer}")
            for region, answer in zip(context.regions, answers, strict=True)
            if isinstance(answer, ApiError)
        ]
        warnings += [
            f"{manager['managerAccountId']}: Amazon names {MOST_LINKED} of its accounts; there may be more"
            for manager in managers
            if len(manager.get("linkedAccounts") or ()) >= MOST_LINKED
        ]
        hidden = unasked(context, "manager accounts and links")
        return Result(rows, {"warnings": list(dict.fromkeys(warnings)), "hidden": hidden})


class ListAdsAccounts(AboveProfiles):
    """List advertising accounts that span countries, with the profile each has in each country."""

    http = vendor(POST, "/adsAccounts/list", "listaccountsresource.v1")
    pages, records = PAGES, "adsAccounts"
    lean = ("adsAccountId", "accountName", "status", "profiles")
    known, alike = ADS_ACCOUNT, OF_ADS_ACCOUNTS
    said = "global account, account of several countries"

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:  # noqa: ARG002
        """Its ids by country as text: profiles, and where there is none, the country's entity."""
        others = record.get("alternateIds") or []
        ids = [
            (other.get("countryCode"), other.get("profileId") or other.get("entityId")) for other in others
        ]
        return {**record, "profiles": ", ".join(f"{country} {id_}" for country, id_ in ids if id_)}


def _linked(manager: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """A row for each account of a manager account."""
    return [_row(manager, linked) for linked in manager.get("linkedAccounts") or ()]


def _row(manager: Mapping[str, Any], linked: Mapping[str, Any]) -> dict[str, Any]:
    """An account with its manager account; ids are text."""
    return {name: str(manager.get(name) or linked.get(name) or "") for name in LINKED_ACCOUNT}


manager_accounts = Entity(
    list=ListManagerAccounts,
)
ads_accounts = Entity(
    list=ListAdsAccounts,
)
