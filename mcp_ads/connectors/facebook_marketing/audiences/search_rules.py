"""What a search for targeting needs, and what goes only with an ad account or only without one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .targeting_kinds import CLASSES, EVERYWHERE, PLACE_LISTS

PLACED = ("location_types", "country_code", "region_id", "match_country_code")
LISTED = ("places", "countries", "locales")
"""What is listed whole, and never within an ad account."""
OWN_MODES = ("recently_used", "best_performing")
HERE = ("interest_list", "interest_fbid_list", "targeting_option_list", "places")
THERE = ("targeting_list", "id_list", "name_list")
SHOWN = 40


def searched(call: Any) -> Iterable[str]:
    """Mistakes in what is searched for, and where."""
    yield from (
        f"{name}: only with type places"
        for name in PLACED
        if call.type != "places" and getattr(call, name) is not None
    )
    if call.type and call.type not in EVERYWHERE and not call.account_id:
        yield f"account_id: {call.type} are searched within an ad account"
    if not call.q.strip() and call.type not in LISTED:
        yield "q: a part of a name; only places, countries and locales are listed without"


def browsed(call: Any) -> Iterable[str]:
    """Mistakes in which tree is listed."""
    if call.account_id and call.type in ("demographics", "user_device", "user_os"):
        yield f"account_id: {call.type} are listed without it"
    if not call.account_id and call.type not in CLASSES:
        yield f"account_id: {call.type} are listed within an ad account"
    if not call.account_id and call.include_nodes is not None:
        yield "include_nodes: only with account_id"


def suggested(call: Any) -> Iterable[str]:
    """Mistakes in what suggestions begin with."""
    if call.account_id:
        if call.interest_list or not (call.targeting_list or call.mode in OWN_MODES):
            yield "targeting_list: with account_id give it instead of interest_list"
        return
    if not call.interest_list:
        yield "interest_list: names of interests, or account_id with targeting_list"
    if call.targeting_list or call.mode or call.type:
        yield "account_id: targeting_list, mode and type need it"


def validated(call: Any) -> Iterable[str]:
    """Mistakes in what is to be checked: one thing, of the account or of the whole platform."""
    given = [name for name in (*HERE, *THERE) if getattr(call, name)]
    if len(given) != 1:
        yield f"interest_list: give one of {', '.join((*HERE, *THERE))}"
    elif (given[0] in THERE) != call.within():
        yield f"account_id: {', '.join(THERE)} need it, and nothing else takes it"
    if call.is_exclusion is not None and not call.within():
        yield "is_exclusion: only with account_id"
    for name in sorted((call.places or {}).keys() - PLACE_LISTS):
        yield f"places: {name[:SHOWN]!r} is none of {', '.join(sorted(PLACE_LISTS))}"
