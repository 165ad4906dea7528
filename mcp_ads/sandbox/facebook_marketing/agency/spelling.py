"""How Facebook writes the world's ids, days and money."""

from __future__ import annotations

import functools
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mcp_ads.sandbox.agency.clients import FACEBOOK, Account, accounts
from mcp_ads.sandbox.agency.ids import Place, code, place_of
from mcp_ads.sandbox.facebook_marketing.params import stamp

KINDS = {"campaign": "12022100000", "adset": "12022200000", "ad": "12022300000", "creative": "12022400000"}
DEPTH = {"campaign": 1, "adset": 2, "ad": 3, "creative": 3}
"""How many numbers below the account say which object of a kind is meant."""


def id_of(kind: str, place: Place) -> str:
    return KINDS[kind] + code(place)


def found(kind: str, id: str) -> Place | None:
    """The place that the id of an object of this kind says; None where it says none on Facebook."""
    place = place_of(id[11:]) if id.startswith(KINDS[kind]) else None
    if place is None or accounts()[place.account - 1].platform != FACEBOOK:
        return None
    depth = sum(1 for number in place[1:] if number)
    return place if depth == DEPTH[kind] and all(place[1 : depth + 1]) else None


@functools.lru_cache(maxsize=5_000)
def at(day: int, zone: str, hour: int = 9) -> str:
    """A moment of a day in an account's zone."""
    return stamp(datetime.combine(date.fromordinal(day), time(hour), ZoneInfo(zone)))


def last_second(day: int, zone: str) -> str:
    """The end of a day, as schedules end."""
    whole = datetime.combine(date.fromordinal(day) + timedelta(1), time(), ZoneInfo(zone))
    return stamp(whole - timedelta(seconds=1))


def page_of(account: Account) -> str:
    """The page that a client's ads on an account are shown for."""
    return str(104_857_700_000_000 + account.number)


def pixel_of(account: Account) -> str:
    return str(887_766_554_500_000 + account.number)
