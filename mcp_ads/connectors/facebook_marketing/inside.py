"""Objects that parameters name, at any depth: audiences, pixels, creatives, … that are an account's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from mcp_ads.core import Action
from mcp_ads.core.owner import Inside


def pixels(account_id: str) -> Action:
    """The pixels an ad account may use, which are a business's."""
    from .measuring.pixels import ListPixels  # loaded with the first call that names one

    return ListPixels(account_id=account_id, fields=["id"])


def videos(account_id: str) -> Action:
    """The videos of an ad account; a video itself does not say whose it is."""
    from .creative.videos import ListVideos

    return ListVideos(account_id=account_id, fields=["id"])


def studies(account_id: str) -> Action:
    """The studies of an ad account; a study itself does not say whose it is."""
    from .delivery.ad_studies import ListAdStudies

    return ListAdStudies(account_id=account_id, fields=["id"])


TELLING = (
    "custom_audiences", "excluded_custom_audiences", "origin_audience_id", "origin_ids", "creative",
    "creative_id", "custom_conversion_id", "adlabels", "saved_audience_id",
)  # fmt: skip
"""Parameters that name objects which say whose they are."""
LISTED: Mapping[str, Callable[[str], Action]] = {
    "pixel_id": pixels,
    "event_source_id": pixels,
    "fb_pixel": pixels,
    "event_sources": pixels,
    "video_id": videos,
}
"""Parameters that name objects which do not, and the lists they have to be in."""


def inside(values: Any, at: str = "") -> Iterator[Inside]:
    """The objects of ad accounts that these parameters name, also in JSON that is written as text."""
    if isinstance(values, str) and values.lstrip()[:1] in ("{", "["):
        with suppress(ValueError):
            values = json.loads(values)
    if isinstance(values, list):
        for value in values:
            yield from inside(value, at)
    if not isinstance(values, Mapping):
        return
    for name, value in values.items():
        where = f"{at}.{name}" if at else str(name)
        if name in TELLING or name in LISTED:
            yield from (Inside(where, one, LISTED.get(name)) for one in _ids(value))
        yield from inside(value, where)


def _ids(value: Any) -> Iterable[str]:
    """The ids a parameter names: itself, of each in a list, or the id of an object; an app or a page that
    people did something with is no account's.
    """
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        with suppress(ValueError):
            value = json.loads(value)
    if isinstance(value, list):
        return [one for item in value for one in _ids(item)]
    if isinstance(value, Mapping):
        return _ids(value.get("id")) if value.get("type", "pixel") == "pixel" else ()
    return [str(value)] if isinstance(value, str | int) and str(value).isdecimal() else ()
