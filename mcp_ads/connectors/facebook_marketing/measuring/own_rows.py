"""Rows of insights are of the account that was asked about, in its currency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_ads.core import Account
from mcp_ads.core.page_records import strange


def check(record: Mapping[str, Any], account_id: str, account: Account | None) -> None:
    """Raise PlatformDown for a row that says it is another account's, or in another currency than this one.

    Amounts of two currencies would be added up.
    """
    whose, currency = record.get("account_id"), record.get("account_currency")
    if whose and account_id and str(whose).removeprefix("act_") != account_id:
        raise strange("the platform answered with rows of another account")
    if currency and account and account.currency and currency != account.currency:
        raise strange(f"the platform answered with rows in another currency than {account.currency}")
