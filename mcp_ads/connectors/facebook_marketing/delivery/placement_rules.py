"""Which placements go together, and which are gone: what Facebook refuses or drops without a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .geography import SHOWN, listed

PLATFORMS = frozenset({"facebook", "instagram", "audience_network", "messenger", "threads", "whatsapp"})
GONE = {
    "facebook_positions": ("video_feeds",),
    "messenger_positions": ("messenger_home",),
    "instagram_positions": ("shop", "ig_shop"),
}
DROPPED = {"instagram_positions": ("explore", "explore_home"), "messenger_positions": ("story",)}
WITH_FEED = ("marketplace", "search", "profile_feed", "notification")
ALONE = "sponsored_messages"


def mistakes(targeting: Mapping[str, Any]) -> Iterable[str]:
    """What Facebook refuses; platforms and positions that are left out are all of them."""
    platforms = listed(targeting.get("publisher_platforms"))
    for platform in platforms:
        if platform not in PLATFORMS:
            known = ", ".join(sorted(PLATFORMS))
            yield f"targeting.publisher_platforms: {str(platform)[:SHOWN]!r} is not one of {known}"
    messenger = listed(targeting.get("messenger_positions"))
    alone = platforms[0] if len(platforms) == 1 else ""
    if alone == "audience_network" or (alone == "messenger" and ALONE not in messenger):
        yield f"targeting.publisher_platforms: {alone} is not possible alone; add facebook or instagram"
    if ALONE in messenger and (len(messenger) > 1 or alone != "messenger"):
        yield f"targeting.messenger_positions: {ALONE} is only possible alone, with no other placement"
    yield from _beside(targeting, platforms)
    if alone == "instagram" and listed(targeting.get("device_platforms")) == ["desktop"]:
        yield "targeting.device_platforms: instagram has no placements on desktop alone; add mobile"
    for name, positions in GONE.items():
        if gone := [position for position in positions if position in listed(targeting.get(name))]:
            yield f"targeting.{name}: {gone[0]} was removed by Facebook; leave it out"


def _beside(targeting: Mapping[str, Any], platforms: list[Any]) -> Iterable[str]:
    """Placements that are only possible beside another one."""
    instagram = listed(targeting.get("instagram_positions")) or ["stream", "story"]
    there = instagram if not platforms or "instagram" in platforms else []
    if "threads" in platforms and "stream" not in there:
        yield "targeting.publisher_platforms: threads needs instagram with its stream"
    if "whatsapp" in platforms and "story" not in there:
        yield "targeting.publisher_platforms: whatsapp needs instagram with its story"
    facebook = listed(targeting.get("facebook_positions"))
    if "feed" in facebook:
        return
    if "story" in facebook and "story" not in there:
        yield "targeting.facebook_positions: story needs facebook's feed or instagram's story"
    if found := [name for name in WITH_FEED if name in facebook]:
        yield f"targeting.facebook_positions: {found[0]} needs feed beside it"


def doubts(targeting: Mapping[str, Any]) -> Iterable[str]:
    """What Facebook takes and then leaves out."""
    for name, positions in DROPPED.items():
        if gone := [position for position in positions if position in listed(targeting.get(name))]:
            yield f"targeting.{name}: Facebook has retired {gone[0]} and drops it without a word"
