"""Why something does not deliver, in plain words: what its review, its issues and its checks say.

Facts: Ad.ad_review_feedback, issues_info and failed_delivery_checks of Meta's client. The codes of a review
have no published list, so its sentences are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mcp_ads.errors import ApiError

FIELDS = {
    "Campaign": ("issues_info",),
    "AdSet": ("issues_info",),
    "Ad": ("ad_review_feedback", "issues_info", "failed_delivery_checks"),
}
"""Where the records of each kind say why they do not deliver."""
COLUMN = "reason"
TROUBLED = frozenset({"DISAPPROVED", "WITH_ISSUES", "PENDING_BILLING_INFO"})
MOST, MOST_TOLD = 500, 200
OF_PARENT = " (of its "
LEVELS = {"CAMPAIGN": "campaign", "AD_SET": "ad set", "ADSET": "ad set", "AD": "ad"}


def reasons(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each reason as a sentence, with what it comes from: review, issue or check; the same one only once."""
    found = {text: source for source, text in _all(record) if text}
    return [(source, text[:MOST]) for text, source in found.items()]


def said(record: Mapping[str, Any]) -> str:
    """All reasons of an object in one text."""
    return " | ".join(text for _, text in reasons(record))


def told(error: ApiError) -> str:
    """A refusal in one line, with the platform's own words quoted."""
    text = error.platform_text[:MOST_TOLD]
    return f'{error}: "{text}"' if text else str(error)


def _all(record: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    feedback = record.get("ad_review_feedback")
    if isinstance(feedback, Mapping):
        yield from (("review", text) for text in _sentences(feedback.get("global")))
        surfaces = feedback.get("placement_specific")
        for surface, found in surfaces.items() if isinstance(surfaces, Mapping) else ():
            yield from (("review", f"{text} (on {surface})") for text in _sentences(found))
    for issue in _objects(record.get("issues_info")):
        level = LEVELS.get(str(issue.get("level", "")).upper(), "")
        where = f"{OF_PARENT}{level})" if level and level != _level(record) else ""
        yield "issue", f"{_joined(issue, 'error_summary', 'error_message')}{where}"
    for check in _objects(record.get("failed_delivery_checks")):
        yield "check", _joined(check, "summary", "description")


def _level(record: Mapping[str, Any]) -> str:
    """What a record is, by the parents it names."""
    return "ad" if "adset_id" in record else "ad set" if "campaign_id" in record else "campaign"


def _sentences(found: Any) -> Iterable[str]:
    """A map of codes to sentences: the sentence, after its code where that is words."""
    for code, text in found.items() if isinstance(found, Mapping) else ():
        named = str(code).replace("_", " ").strip()
        yield f"{named}: {text}" if named and not named.isdigit() and named not in str(text) else str(text)


def _joined(about: Mapping[str, Any], *names: str) -> str:
    parts = dict.fromkeys(str(about[name]).strip() for name in names if about.get(name))
    return ": ".join(parts)


def _objects(found: Any) -> list[Mapping[str, Any]]:
    return [part for part in found if isinstance(part, Mapping)] if isinstance(found, list) else []
