"""Profiles: every region is asked, and the answers become one list."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from amazon_calls import CONTEXT, call, result_of

from mcp_ads.connectors.amazon_ads import amazon_ads
from mcp_ads.core import Result, Several
from mcp_ads.errors import AuthError, PlatformDown

ROW = {"profileId": 9007199254740993, "countryCode": "US", "currencyCode": "USD",
       "timezone": "America/Los_Angeles", "accountInfo": {"name": "Tern", "type": "seller"}}  # fmt: skip


def _asked() -> tuple[Generator[Any, Any, Result], Several]:
    steps = call("profiles", "list").flow(CONTEXT)
    asked = next(steps)
    assert isinstance(asked, Several)
    return steps, asked


def test_every_region_is_asked_for_its_own() -> None:
    """All at once, and every row says where it is from, with an id no number type can spoil."""
    steps, asked = _asked()
    assert [request.region for request in asked.requests] == ["NA", "EU", "FE"]
    result = result_of(steps, [[ROW], [], [{**ROW, "profileId": 2}]])
    assert [(row["profileId"], row["region"]) for row in result.data] == [
        ("9007199254740993", "NA"),
        ("2", "FE"),
    ]
    assert not any(result.meta.values())


def test_a_failing_region_is_a_warning() -> None:
    """The others are shown all the same."""
    steps, _ = _asked()
    result = result_of(steps, [[ROW], PlatformDown("Amazon failed to answer", status=503), []])
    assert len(result.data) == 1
    assert result.meta["warnings"] == ["region EU did not answer: Amazon failed to answer"]


def test_when_all_fail_the_first_error_is_the_answer() -> None:
    """An empty list would be a lie."""
    steps, _ = _asked()
    with pytest.raises(AuthError, match="first"):
        steps.send([AuthError("first", status=401), PlatformDown("second"), PlatformDown("third")])


def test_a_row_is_an_account() -> None:
    """With what calls need: currency, time zone and region."""
    account = amazon_ads.accounts.read({**ROW, "region": "EU"})
    assert (account.id, account.name, account.currency) == ("9007199254740993", "Tern", "USD")
    assert (account.timezone, account.region) == ("America/Los_Angeles", "EU")


def test_one_profile_is_shown_with_its_region() -> None:
    """The region is the account's."""
    row = call("profiles", "get").to_row(dict(ROW), CONTEXT.account)
    assert (row["profileId"], row["region"]) == ("9007199254740993", "NA")
