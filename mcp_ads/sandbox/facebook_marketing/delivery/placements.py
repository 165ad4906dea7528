"""Which placements go together in a targeting object, and which places and ages it may name."""

from __future__ import annotations

from collections.abc import Iterator

from mcp_ads.sandbox.facebook_marketing.errors import invalid, refused
from mcp_ads.sandbox.facebook_marketing.params import Body, as_list

NEIGHBOURS = ("marketplace", "search", "profile_feed", "notification")
REMOVED = {
    "facebook_positions": ("video_feeds",),
    "messenger_positions": ("messenger_home",),
    "instagram_positions": ("shop", "ig_shop"),
}
CITY = {"mile": (10, 50), "kilometer": (17, 80)}
ADULTS = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE IS LI NO CH"
GROWN_UP = {**dict.fromkeys(ADULTS.split(), (18, 1870165)), "TH": (20, 3858064)}


def check(targeting: Body, places: Body) -> None:
    """Refuse combinations of placements, kinds of presence, circles and ages that Graph refuses."""
    for reason in _impossible(targeting):
        raise invalid(f"Placements not available: {reason}")
    for name, gone in REMOVED.items():
        if found := set(gone) & set(_positions(targeting, name)):
            text = f"The placement {min(found)} is no longer available."
            raise refused(2490562, "Placement removed", text, blame="targeting")
    if (kinds := places.get("location_types")) and set(kinds) != {"home", "recent"}:
        text = "Only people living in or recently in a location can be reached."
        raise refused(1870199, "Location types", text, blame="targeting")
    if targeting.get("exclusions"):
        raise invalid("Detailed targeting exclusions are no longer supported: use excluded_custom_audiences")
    _circles(places)
    low = int(targeting.get("age_min", 18))
    for country in places.get("countries") or []:
        least, subcode = GROWN_UP.get(country, (0, 0))
        if "age_min" in targeting and low < least:
            raise refused(
                subcode, "Age", f"Ads in {country} reach people from {least} on.", blame="targeting"
            )


def _circles(places: Body) -> None:
    cities, pins = (objects(name, places.get(name)) for name in ("cities", "custom_locations"))
    for city in cities:
        low, high = CITY.get(city.get("distance_unit", "mile"), (0, 0))
        if "radius" in city and not low <= as_number("radius", city["radius"]) <= high:
            raise invalid(f"Param targeting[geo_locations][cities] radius must be {low} to {high}")
    if len({str(place["radius"]) for place in (*cities, *pins) if "radius" in place}) > 1:
        raise refused(1815946, "Several radii", "Use one radius for all places.", blame="targeting")


def objects(name: str, value: object) -> list[Body]:
    """A list of objects; nothing is an empty one."""
    found = as_list(name, value or [])
    if not all(isinstance(one, dict) for one in found):
        raise invalid(f"Param {name} must be an array of objects.")
    return found


def as_number(name: str, value: object) -> float:
    """A number, whole or not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise invalid(f"Param {name} must be a number - got {value!r}")
    return value


def _positions(targeting: Body, name: str) -> list[str]:
    return as_list(name, targeting.get(name) or [])


def _impossible(targeting: Body) -> Iterator[str]:
    platforms = _positions(targeting, "publisher_platforms")
    facebook, messenger = (_positions(targeting, f"{name}_positions") for name in ("facebook", "messenger"))
    chosen = _positions(targeting, "instagram_positions") or ["stream", "story"]
    instagram = chosen if not platforms or "instagram" in platforms else []
    sponsored = "sponsored_messages" in messenger
    if platforms == ["audience_network"] or (platforms == ["messenger"] and not sponsored):
        yield f"{platforms[0]} cannot be the only platform."
    if sponsored and (len(messenger) > 1 or platforms != ["messenger"]):
        yield "Sponsored messages cannot be combined with other placements."
    if "threads" in platforms and "stream" not in instagram:
        yield "Threads needs the Instagram feed."
    if "whatsapp" in platforms and "story" not in instagram:
        yield "WhatsApp status needs Instagram stories."
    if "feed" not in facebook:
        if "story" in facebook and "story" not in instagram:
            yield "Facebook stories need the Facebook feed or Instagram stories."
        if set(NEIGHBOURS) & set(facebook):
            yield "This Facebook placement needs the Facebook feed."
    if platforms == ["instagram"] and _positions(targeting, "device_platforms") == ["desktop"]:
        yield "There is no placement left for this audience."
