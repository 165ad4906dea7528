"""What Amazon demands of Sponsored Products, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from mcp_ads.core import Amount
from mcp_ads.core.money import plain

MOST_WORDS, MOST_LETTERS = 10, 80
MOST_IN_NEGATIVE_PHRASE = 4
NO_SYMBOLS = "!#%<>^"
"""Neither among the symbols of keywords nor of names, in Amazon's page on limits."""


def trimmed(text: str) -> str:
    """The text of a name; raises ValueError for one with blanks around it, or of nothing else."""
    if text != text.strip():
        raise ValueError("no spaces at the beginning or end")
    return text


@lru_cache(maxsize=20_000)
def alike(text: str) -> str:
    """A text as Amazon compares keywords: without regard to case and to how many spaces there are."""
    return " ".join(text.casefold().split())


def parents(records: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    """Parents that take no children, or do not belong together."""
    for name, record in records.items():
        if record.get("state") == "ARCHIVED":
            yield f"{name}: it is ARCHIVED, and nothing can be added to it"
    campaign, group = records.get("campaign_id", {}), records.get("ad_group_id", {})
    of, wanted = group.get("campaignId"), campaign.get("campaignId")
    if of and wanted and str(of) != str(wanted):
        yield f"ad_group_id: it belongs to campaign {of}, not {wanted}"


def bid_under_budget(name: str, bid: Amount | None, campaign: Mapping[str, Any]) -> Iterable[str]:
    """A bid may not exceed the budget of its campaign, for a day or, in Sponsored Brands, for all of them."""
    budget = campaign.get("budget")
    budget = budget.get("budget") if isinstance(budget, Mapping) else budget
    if not isinstance(bid, Amount) or bid.relative or not isinstance(budget, int | float):
        return
    period = "" if str(campaign.get("budgetType")).upper() == "LIFETIME" else "daily "
    limit = Decimal(str(budget))
    if bid.number > limit:
        yield f"{name}: {bid} is above the campaign's {period}budget of {plain(limit, bid.currency)}"


def ended(live: Mapping[str, Any], changes: Mapping[str, Any], today: date) -> str:
    """Why an ended campaign cannot be changed: Amazon takes nothing without a later end in the same call."""
    end, later = str(live.get("endDate") or ""), changes.get("endDate", "")
    if not end or end >= today.isoformat() or later is None or later >= today.isoformat():
        return ""
    return (
        f"it ended on {end}: Amazon changes nothing of an ended campaign "
        'unless the same update gives a later end_date, or "none"'
    )


def started(live: Mapping[str, Any], changes: Mapping[str, Any], today: date) -> str:
    """Why a campaign's first day cannot be another: Amazon moves it only while it is to come."""
    began, wanted = str(live.get("startDate") or ""), changes.get("startDate")
    if not (began and wanted) or wanted == began or began > today.isoformat():
        return ""
    return f"start_date: it began on {began}, and Amazon moves only days that are to come"


def keyword_text(text: str, match_type: str = "") -> Iterable[str]:
    """Mistakes in what a keyword says."""
    most = MOST_IN_NEGATIVE_PHRASE if match_type == "NEGATIVE_PHRASE" else MOST_WORDS
    if text != text.strip():
        yield "keyword_text: no spaces at the beginning or end"
    if len(text) > MOST_LETTERS:
        yield f"keyword_text: at most {MOST_LETTERS} characters, not {len(text)}"
    if len(text.split()) > most:
        where, instead = (
            (" in a phrase", f"; NEGATIVE_EXACT takes {MOST_WORDS}") if most < MOST_WORDS else ("", "")
        )
        yield f"keyword_text: at most {most} words{where}, not {len(text.split())}{instead}"


def strange_symbols(text: str) -> Iterable[str]:
    """That a keyword has symbols that Amazon lists for none."""
    if strange := [symbol for symbol in NO_SYMBOLS if symbol in text]:
        yield f"keyword_text: {' '.join(strange)} may be refused: Amazon lists no such symbols for keywords"
