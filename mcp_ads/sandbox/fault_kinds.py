"""Which faults there are, on which platforms, and what one that is asked for has to look like."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterator
from typing import Any

Fault = dict[str, Any]
PLATFORMS = (FACEBOOK, LINKEDIN, AMAZON) = ("facebook_marketing", "linkedin_ads", "amazon_ads")
KINDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("429", "429-html", "throttle", "500", "503", "502-html", "slow", "cut"), PLATFORMS),
    **dict.fromkeys(("400-html", "401-html", "404-html", "400-json", "500-throttle"), PLATFORMS),
    **dict.fromkeys(("foreign-error", "empty-object"), PLATFORMS),
    **dict.fromkeys(("truncated", "empty", "wrong-type", "redirect", "corrupt-gzip"), PLATFORMS),
    **dict.fromkeys(("expired-token", "revoked-token"), PLATFORMS),
    **dict.fromkeys(("page-expired", "page-repeats", "page-ends", "mixed"), PLATFORMS),
    **dict.fromkeys(("report-fails", "report-slow", "report-never"), (FACEBOOK, AMAZON)),
    **dict.fromkeys(("too-much", "batch-null", "usage"), (FACEBOOK,)),
    **dict.fromkeys(("quota", "no-product", "hidden", "fresh-token"), (LINKEDIN,)),
}
"""Kind -> the platforms that it may befall."""
CHOICES: dict[str, tuple[str, ...]] = {
    "platform": PLATFORMS,
    "when": ("before", "after"),
    "method": ("GET", "POST", "PUT", "PATCH", "DELETE"),
    "what": ("page", "token", "rows", "html", "text"),
    "of": ("account", "app"),
}
NEVER = 1e12
"""Seconds in which nobody sees a report done."""
WHOLE = ("times", "skip", "most")
NUMBERS = ("percent", "step", "retry_after", "seconds")
KEYS = ("kind", *CHOICES, "path", "account", "items", "code", *WHOLE, *NUMBERS)


def mistakes(fault: object) -> list[str]:
    """What is wrong with a fault that is asked for, a line each; a misspelt one would never come about."""
    if not isinstance(fault, dict):
        return ["a fault is an object with a kind"]
    return [*_unknown(fault), *_unfit(fault)]


def takes(fault: Fault | None, seconds: float) -> float:
    """Seconds of the sandbox's clock that a report takes which was ordered with this fault."""
    kind = (fault or {}).get("kind")
    if kind == "report-never":
        return NEVER
    return max(seconds, float((fault or {}).get("seconds", 5))) if kind == "report-slow" else seconds


def _unknown(fault: Fault) -> Iterator[str]:
    kind = str(fault.get("kind"))
    if kind not in KINDS:
        yield f"no kind of fault {kind}; {_near(kind, KINDS)}"
    elif fault.get("platform", KINDS[kind][0]) not in KINDS[kind]:
        yield f"{kind} befalls {', '.join(KINDS[kind])} alone, not {fault['platform']}"
    for key in fault:
        if key not in KEYS:
            yield f"a fault has no {key}; {_near(str(key), KEYS)}"


def _unfit(fault: Fault) -> Iterator[str]:
    for key, known in CHOICES.items():
        if key in fault and fault[key] not in known:
            yield f"no {key} {fault[key]}; there are {', '.join(known)}"
    for key in WHOLE:
        if key in fault and not re.fullmatch(r"[0-9]{1,9}", str(fault[key])):
            yield f"{key} is a whole number from 0 on, not {fault[key]!r}"
    for key in NUMBERS:
        if key in fault and not _is_number(fault[key]):
            yield f"{key} is a number from 0 on, not {fault[key]!r}"
    if "items" in fault and not re.fullmatch(r"\d+(,\d+)*", str(fault["items"])):
        yield f"items are places such as 0,2, not {fault['items']!r}"
    try:
        re.compile(str(fault.get("path", "")))
    except re.error as error:
        yield f"path is no regular expression: {error}"


def _is_number(value: object) -> bool:
    try:
        number = float(str(value))
    except ValueError:
        return False
    return math.isfinite(number) and number >= 0


def _near(word: str, known: Any) -> str:
    close = difflib.get_close_matches(word, known, 3)
    return f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(known)}"
