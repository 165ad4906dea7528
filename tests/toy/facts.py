"""What kiosks tell where all platforms are asked: posters are what others call campaigns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from mcp_ads.core import Account
from mcp_ads.core.facts import Asked, Facts, Listing, Reading, Row, about, whose

from .town import MILLION

OBJECT = "kiosk.posters"


def readings(asked: Asked, account: Account) -> Sequence[Reading]:
    """What each poster costs a day."""
    return [Reading("posters", "list", {}, row)] if asked.level == "campaign" else []


def row(record: Mapping[str, Any], account: Account) -> Row:
    """A poster in the shared schema."""
    spend = Decimal(record["a_day"]) / MILLION
    named = {"campaign": record["ref"], "campaign_name": record["slogan"], "object": OBJECT, "basis": "ki"}
    return {
        **whose("kiosk", account),
        **named,
        "spend": spend,
        "impressions": 0,
        "clicks": 0,
        "conversions": 0,
    }


def found(record: Mapping[str, Any], account: Account) -> Iterable[Row]:
    """A poster by which it may be found."""
    yield about(OBJECT, "campaign", record["ref"], record["slogan"], status=record["glow"], text="")


facts = Facts(
    "kiosk",
    {"campaign": (OBJECT,)},
    readings,
    basis=lambda _: {"ki": "passers-by"},
    counts=lambda _: "none",
    final_after=lambda _: {"delivery": 0, "conversions": 0},
    search=(Listing("posters", "list", {}, found, "campaign"),),
)
