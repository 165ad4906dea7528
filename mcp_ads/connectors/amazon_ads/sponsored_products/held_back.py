"""What is there already that keeps something new from being shown: negatives of its ad group or campaign."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mcp_ads.core.beside import Record
from mcp_ads.core.cells import visible

from .negatives import struck

MOST_SAID = 3


def there(profile: str, place: str, of: str) -> Mapping[str, Any]:
    """Parameters of a list for the negatives of one place that keep something away."""
    return {"profile_id": profile, place: [of], "state": ["ENABLED"]}


def of_keyword(text: str, match_type: str, negatives: Sequence[Record]) -> Iterable[str]:
    """The line for the negative keywords that stop a keyword."""
    own = [{"keywordText": text, "matchType": match_type}]
    hit = [one for one in negatives if [*struck(str(one["keywordText"]), str(one["matchType"]), own)]]
    named = ((one, visible(json.dumps(one["keywordText"], ensure_ascii=False))) for one in hit)
    yield from _said(f"keyword {one['keywordId']} {words} {one['matchType']}" for one, words in named)


def of_target(own: str, names: Mapping[str, str]) -> Iterable[str]:
    """The line for the negative targets, ids with what they are of, that are of the same."""
    yield from _said(f"target {target_id} {name}" for target_id, name in names.items() if name == own)


def _said(negatives: Iterable[str]) -> Iterable[str]:
    if hit := [*negatives]:
        more = f" and {len(hit) - MOST_SAID} more" if len(hit) > MOST_SAID else ""
        yield f"it will not be shown while this negates it: negative {', '.join(hit[:MOST_SAID])}{more}"
