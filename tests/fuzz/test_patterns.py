"""No regular expression of ours takes more time than in proportion to what it reads."""

from __future__ import annotations

import signal
import sys
from typing import Any

import pytest
from searched_patterns import Pattern, busy, patterns

LENGTH = 20_000
ENOUGH = 0.3
"""Seconds of this process, a hundred times what a pattern takes that reads each character a few times."""
BOUNDED = {
    ("mcp_ads.commands.install.jsonc", "TOKEN"): "the settings of a person's own editor",
    ("mcp_ads.connectors.amazon_ads.facts", "_DAYS"): "words of our own",
    ("mcp_ads.connectors.facebook_marketing.audiences.people", "LOCAL"): "only matched from the beginning",
    (
        "mcp_ads.connectors.facebook_marketing.delivery.ad_rule_fields",
        "_PREFIX",
    ): "replaced once, at the beginning",
    ("mcp_ads.core.dates", "_BETWEEN"): "a text of bounded length",
    ("mcp_ads.core.view", "_DOWN"): "a text of bounded length",
    ("mcp_ads.engine.answers.selection_text", "_HEAD"): "a condition of at most 8,000 characters",
    ("mcp_ads.engine.changes.naming", "_QUOTED"): "a text of bounded length",
    ("mcp_ads.engine.changes.wording", "_HALF_NUMBER"): "cut before",
    ("mcp_ads.settings_connections", "NAMED"): "names of variables",
}
"""Those that look at characters again and again, and why it matters to nobody."""


class _SlowError(Exception):
    """A pattern takes too long."""


def _stop(*_: object) -> None:
    raise _SlowError


def is_slow(pattern: Pattern, way: str, text: Any) -> bool:
    """Whether it is still busy when it should have ended long ago."""
    before = signal.signal(signal.SIGVTALRM, _stop)
    more = (text[:0],) if way in ("sub", "subn") else ()
    signal.setitimer(signal.ITIMER_VIRTUAL, ENOUGH)
    try:
        found = getattr(pattern, way)(*more, text)
        list(found) if way == "finditer" else found
    except _SlowError:
        return True
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    return False


def first_slow(pattern: Pattern, ways: set[str]) -> str:
    """The first way and text that keep it busy."""
    asked = ((way, text) for way in sorted(ways) for text in busy(pattern, LENGTH))
    return next(
        (f"{way} {text[:40]!r} {pattern.pattern!r}" for way, text in asked if is_slow(pattern, way, text)), ""
    )


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a timer of the process")
def test_every_pattern_reads_in_proportion() -> None:
    """Texts of 20,000 characters that are made for it take none of them longer than a moment."""
    every = patterns()
    found = {key: slow for key, (pattern, ways) in every.items() if (slow := first_slow(pattern, ways))}
    assert len(every) > 300
    assert found.keys() == BOUNDED.keys(), {key: found[key] for key in found.keys() - BOUNDED.keys()}
