"""What a new version of what an ad shows takes the place of, part by part."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from mcp_ads.core import dig

from .ad_checks import MOST_SAID

SHOWN_NOW = "what the ad shows now"
SPELT = {"brandLogoAssetID": "brandLogoAssetId", "type": "pageType"}
"""What ads and versions, or their pages, call otherwise."""
TOLD = ("type", "creativeVersion", "creativeStatus", "brandLogoUrl", "customImageUrl")
"""What a record has of a version that no version is made with."""
CHOSEN = ("video", "autoCollection")
"""Types of which a version names no products: they stay, or Amazon chooses them."""
Live = Mapping[str, Any]


def type_of(ad: Live) -> str:
    """What the record of an ad calls its type; empty where it does not say."""
    return str(dig(dict(ad), "creative.type") or "")


def said(ad_type: str, new: Live, worded: Iterable[str], live: Live) -> Iterator[str]:
    """The lines of a new version, each with what the ad shows there now; then what it shows no more."""
    now, given = _parts(live), {SPELT.get(name, name) for name in new}
    for line, (name, value) in zip(worded, new.items(), strict=True):
        before = now.get(SPELT.get(name, name))
        changed = before is not None and before != _spelt(value)
        yield f"{name} {_plain(before)} →{line.removeprefix(name)}" if changed else line
    for name, before in now.items():
        if name == "landingPage" and name not in given:
            yield f"{name} {_plain(before)} is not given again"
        elif name not in given and not (name == "asins" and ad_type in CHOSEN):
            yield f"lost: {name} {_plain(before)}"


def shown(live: Live) -> Sequence[str] | None:
    """A line for each part of what the ad shows now; None where that could not be read."""
    if SHOWN_NOW not in live:
        return ()
    if live[SHOWN_NOW] is None:
        return None
    version = dig(_record(live), "creative.creativeVersion")
    lines = [f"the ad shows {name} {_plain(value)}" for name, value in _parts(live).items()]
    return [f"the ad shows version {version}", *lines]


def _record(live: Live) -> dict[str, Any]:
    return dict(next(iter(live.get(SHOWN_NOW) or ()), {}))


def _parts(live: Live) -> dict[str, Any]:
    """What the ad shows now, by the names that versions have for it, with the page it leads to."""
    record = _record(live)
    told = {name: value for name, value in (record.get("creative") or {}).items() if name not in TOLD}
    now = _spelt(told) | {"landingPage": _spelt(record.get("landingPage"))}
    return {name: value for name, value in now.items() if value not in (None, "", [], {})}


def _spelt(value: Any) -> Any:
    return {SPELT.get(name, name): one for name, one in value.items()} if isinstance(value, dict) else value


def _plain(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= MOST_SAID else f"{text[:MOST_SAID]}…"
