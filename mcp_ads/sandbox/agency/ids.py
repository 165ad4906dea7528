"""Numbers that say where an object is: account, campaign, ad set or group, ad."""

from __future__ import annotations

from typing import NamedTuple

from .campaigns import CAMPAIGNS
from .clients import accounts


class Place(NamedTuple):
    """Where an object is, by numbers from 1; `group` and `ad` are 0 above them."""

    account: int
    campaign: int = 0
    group: int = 0
    ad: int = 0


def code(place: Place) -> str:
    """A place as eight digits, for the end of a platform's id."""
    return f"{place.account:02}{place.campaign:04}{place.group}{place.ad}"


def place_of(digits: str) -> Place | None:
    """The place that eight digits say; None where no account or campaign is. Below it nothing is checked."""
    if len(digits) != 8 or not (digits.isascii() and digits.isdigit()):
        return None
    found = Place(int(digits[:2]), int(digits[2:6]), int(digits[6]), int(digits[7]))
    there = 1 <= found.account <= len(accounts()) and found.campaign <= CAMPAIGNS
    return found if there else None
