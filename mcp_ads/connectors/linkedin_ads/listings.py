"""What LinkedIn lists where all platforms are asked: objects to be found, and what holds them back.

An object is told of what is held at its own level: what holds its account or group stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from mcp_ads.core import Account
from mcp_ads.core.facts import Listing, Row, about, within

from .campaigns.reads import HOLDS, OTHERS
from .urns import tail


@dataclass(frozen=True)
class Kind:
    """The objects of one level: their list, the columns of id and state, what their own holds begin with."""

    entity: str
    id: str
    state: str
    own: str = ""
    states: str = "status"


KINDS: Mapping[str, Kind] = {
    "account": Kind("accounts", "id", "status", "ACCOUNT_"),
    "campaign": Kind("campaign_groups", "id", "status", "CAMPAIGN_GROUP_"),
    "ad_group": Kind("campaigns", "id", "status", "CAMPAIGN_"),
    "ad": Kind("creatives", "creative_id", "intendedStatus", states="intended_statuses"),
}
OF_ACCOUNT = frozenset({"BILLING_HOLD", "RESTRICTED_HOLD", "INTERNAL_HOLD"})
CALLED = {"account": "the account", "campaign": "it", "ad_group": "it"}
HELD = {"TOTAL_BUDGET_HOLD": "out_of_budget", "SERVING_HOLD": "stuck", "AUDIENCE_COUNT_HOLD": "limited"}
"""Holds of an object's own that are no wish of its advertiser, as paused, ended and not begun are."""
LEVELS = ("CAMPAIGN_GROUP_", "CAMPAIGN_", "ACCOUNT_")
REVIEWED: Mapping[str, tuple[str, str]] = {
    "REJECTED": ("disapproved", "review refused it"),
    "UNDER_REVIEW": ("in_review", "it is under review"),
    "FORM_HOLD": ("stuck", "its lead form is not ready"),
    "PROCESSING": ("in_review", "it is being processed"),
    "PROCESSING_FAILED": ("stuck", "it could not be processed"),
    "REFERRED_CONTENT_QUALITY_HOLD": ("limited", "the quality of what it shows holds it"),
    "JOB_POSTING_ON_HOLD": ("stuck", "its job posting is on hold"),
    "JOB_POSTING_INVALID": ("stuck", "its job posting is not valid"),
}
"""What holds a creative alone (LinkedIn's servingHoldReasons)."""
TEXTS = ("headline", "description")
UNTOLD = {
    "issues": "LinkedIn: since when is not told",
    "search": "LinkedIn: texts of posts are not searched, names and texts of text ads are",
}


def held(record: Mapping[str, Any], account: Account, kind: str) -> Iterable[Row]:  # noqa: ARG001
    """What holds an account, a group or a campaign."""
    of = KINDS[kind]
    for state in dict.fromkeys(map(str, record.get("servingStatuses") or ())):
        if told := _hold(state, kind):
            more = {"status": told[0], "reason": told[1], "since": None}
            yield about(f"linkedin_ads.{of.entity}", kind, record.get(of.id), record.get("name"), **more)


def _hold(state: str, kind: str) -> tuple[str, str] | None:
    """The status and the reason of a state at its own level; one that is not known here is told as it is."""
    whose = next((level for level in LEVELS if state.startswith(level)), "")
    own = state.removeprefix(whose)
    if state in OTHERS:
        return ("stuck", f"{state}: {OTHERS[state]}") if kind == "account" and state in OF_ACCOUNT else None
    if whose not in ("", KINDS[kind].own) or (whose and own in HOLDS and own not in HELD):
        return None
    return (HELD[own], f"{state}: {CALLED[kind]} {HOLDS[own]}") if whose and own in HELD else ("stuck", state)


def reviewed(record: Mapping[str, Any], account: Account) -> Iterable[Row]:  # noqa: ARG001
    """What holds a creative itself, with the reasons of its review; what is not known is told as it is."""
    of, why = KINDS["ad"], ", ".join(map(str, within(record, "review.rejectionReasons") or ()))
    for hold in map(str, record.get("servingHoldReasons") or ()):
        if hold not in OTHERS and not hold.startswith(LEVELS):
            status, reason = REVIEWED.get(hold, ("stuck", ""))
            told = ": ".join(filter(None, [hold, why if hold == "REJECTED" and why else reason]))
            more = {"status": status, "reason": told, "since": None}
            yield about(f"linkedin_ads.{of.entity}", "ad", record.get(of.id), record.get("name"), **more)


def found(record: Mapping[str, Any], account: Account, kind: str) -> Iterable[Row]:  # noqa: ARG001
    """An object by which it may be found; a text ad by what it says."""
    of, content = KINDS[kind], record.get("content")
    ad = content.get("textAd") if isinstance(content, dict) else None
    says = [str(ad[name]) for name in TEXTS if ad.get(name)] if isinstance(ad, dict) else []
    more = {"status": record.get(of.state), "text": "; ".join(says)}
    yield about(f"linkedin_ads.{of.entity}", kind, tail(record.get(of.id) or ""), record.get("name"), **more)


def _issues(kind: str) -> Listing:
    of = KINDS[kind]
    params: dict[str, Any] = {"fields": [of.id, "name", "servingStatuses"]}
    if kind == "account":
        return Listing(of.entity, "get", params, partial(held, kind=kind), kind)
    return Listing(of.entity, "list", {**params, "status": ["ACTIVE"]}, partial(held, kind=kind), kind)


def _searched(kind: str) -> Listing:
    of, content = KINDS[kind], ["content"] if kind == "ad" else []
    params = {"fields": [of.id, "name", of.state, *content]}
    return Listing(of.entity, "list", params, partial(found, kind=kind), kind)


ISSUES = (
    *map(_issues, ("account", "campaign", "ad_group")),
    Listing(
        "creatives",
        "list",
        {
            "intended_statuses": ["ACTIVE"],
            "fields": ["creative_id", "name", "servingHoldReasons", "review.rejectionReasons"],
        },
        reviewed,
        "ad",
    ),
)
SEARCH = tuple(map(_searched, ("campaign", "ad_group", "ad")))
