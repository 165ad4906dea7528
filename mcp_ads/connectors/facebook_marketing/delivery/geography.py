"""Countries and places of a targeting object: which there are, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT
HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG
SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_COUNTRIES.split())
"""ISO 3166 alpha-2, and XK, which Facebook knows."""
_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU = frozenset(_EU.split())
EEA = EU | {"IS", "LI", "NO"}
SHOWN = 40
RADII = {"mile": (10.0, 50.0), "kilometer": (17.0, 80.0)}
"""The smallest and the largest circle around a city."""
INSIDE = (
    "regions", "cities", "zips", "places", "custom_locations", "geo_markets", "electoral_districts",
    "neighborhoods", "subcities",
)  # fmt: skip
"""Parts of countries."""


def listed(given: Any) -> list[Any]:
    """A list as it is, anything else as a list of it, nothing as an empty one."""
    return given if isinstance(given, list) else [given] if given else []


def countries_in(targeting: Mapping[str, Any]) -> set[str]:
    """The countries that a targeting object names, also as those of its cities and zips."""
    places = targeting.get("geo_locations")
    if not isinstance(places, Mapping):
        return set()
    inner = (place for name in INSIDE for place in listed(places.get(name)) if isinstance(place, Mapping))
    inside = {str(place["country"]) for place in inner if place.get("country")}
    return {str(country) for country in listed(places.get("countries"))} | inside


def areas(targeting: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Circles of a targeting object, each with the name of its list: around cities, addresses and pins."""
    places = targeting.get("geo_locations")
    for name in ("cities", "custom_locations", "places"):
        for place in listed(places.get(name)) if isinstance(places, Mapping) else ():
            if isinstance(place, Mapping):
                yield name, place


def placed(targeting: Mapping[str, Any]) -> bool:
    """Whether a targeting object names a place."""
    places = targeting.get("geo_locations")
    named = places.items() if isinstance(places, Mapping) else ()
    return any(place for name, place in named if name != "location_types")


def mistakes(targeting: Mapping[str, Any]) -> Iterable[str]:
    """Countries there are none of, kinds of presence that are gone, and circles of a wrong size."""
    for name in ("geo_locations", "excluded_geo_locations"):
        places = targeting.get(name) or {}
        if not isinstance(places, Mapping):
            yield f'targeting.{name}: an object, such as {{"countries": ["US"]}}'
            continue
        for country in listed(places.get("countries")):
            if not isinstance(country, str) or country not in COUNTRIES:
                upper = str(country).strip().upper()
                meant = f"did you mean {upper}?" if upper in COUNTRIES else "write two letters, such as US"
                yield f"targeting.{name}.countries: {str(country)[:SHOWN]!r} is no country; {meant}"
        yield from _without_keys(name, places)
        kinds = {str(kind) for kind in listed(places.get("location_types"))}
        if kinds - {"home", "recent"} or len(kinds) == 1:
            yield f'targeting.{name}.location_types: only ["home", "recent"] together; leave it out'
    for name, place in areas(targeting):
        radius, unit = place.get("radius"), str(place.get("distance_unit") or "mile")
        if unit not in RADII:
            yield f"targeting.geo_locations.{name}: distance_unit is mile or kilometer, not {unit[:SHOWN]!r}"
            continue
        least, most = RADII[unit]
        if name == "cities" and isinstance(radius, int | float) and not least <= radius <= most:
            yield f"targeting.geo_locations.cities: radius is {least:g} to {most:g} {unit}s, not {radius:g}"


def _without_keys(name: str, places: Mapping[str, Any]) -> Iterable[str]:
    """Regions and cities are told by keys, whatever their names are."""
    for kind in ("regions", "cities"):
        for place in listed(places.get(kind)):
            key = place.get("key") if isinstance(place, Mapping) else None
            if not str(key).isdecimal():
                said = f"{str(key or place)[:SHOWN]!r} is no key of a place"
                yield f"targeting.{name}.{kind}: {said}; `targeting list` with type places has them"


def doubts(targeting: Mapping[str, Any]) -> Iterable[str]:
    """What Facebook understands otherwise than it may be meant."""
    places = targeting.get("geo_locations")
    if not isinstance(places, Mapping):
        return
    inside = [name for name in INSIDE if places.get(name)]
    if places.get("countries") and inside:
        yield f"places add up: all of {', '.join(map(str, listed(places['countries'])[:3]))}, and {inside[0]}"
    circles = [place for _, place in areas(targeting) if place.get("radius")]
    if any(not place.get("distance_unit") for place in circles):
        yield "a radius without distance_unit is in miles"
    if len({str(place["radius"]) for place in circles}) > 1:
        yield "circles of several sizes: Facebook may refuse them (1815946)"
