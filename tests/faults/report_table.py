"""What is expected of every fault while a report is ordered, waited for and fetched, or read at once.

The words are those of the fault table, and two more:

id       the report's id: with it a later call gives all rows, and nothing is ordered again
never    the same of a report that is never done: later calls name it too, in time
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US
from fault_operations import Operation

PHASES = ("order", "wait", "fetch", "at once")
"""Where the fault is: in the request that orders a report, in those that ask how far it is, in those for its
rows; or in the one that reads figures without a report."""
WEEK = {"time_range": "last_7d", "limit": 1000}
RUN = (FACEBOOK, "ads_insights", "run", {**WEEK, "account_id": US, "level": "campaign"})
AMAZON_RUN = (AMAZON, "reports", "run", {**WEEK, "profile_id": PROFILE, "report_type": "spCampaigns"})
OF_CAMPAIGNS = {**WEEK, "account_id": LINKEDIN_US, "pivot": "CAMPAIGN"}
REPORTS = (
    Operation("order", *RUN, "POST", "/insights$"),
    Operation("wait", *RUN, "GET", r"/\d+$"),
    Operation("fetch", *RUN, "GET", r"/\d+/insights$"),
    Operation("at once", FACEBOOK, "ads_insights", "list", RUN[3], "GET", "/insights$"),
    Operation("at once", LINKEDIN, "analytics", "list", OF_CAMPAIGNS, "GET", "/adAnalytics$"),
    Operation("order", *AMAZON_RUN, "POST", "/reports$"),
    Operation("wait", *AMAZON_RUN, "GET", "/reports/[^/]+$"),
    Operation("fetch", *AMAZON_RUN, "GET", r"json\.gz$"),
)
"""On each platform what there is of it: LinkedIn has no reports to order, Amazon no figures without one."""


@dataclass(frozen=True)
class Row:
    """A fault, how it is asked for, the word for each phase, and (platform, phase) -> word where it is other.

    `why` says why a platform is otherwise; `forward` is how long the sandbox's report then takes.
    """

    name: str
    how: Mapping[str, Any]
    words: tuple[str, str, str, str]
    unlike: Mapping[tuple[str, str], str] = field(default_factory=dict)
    why: str = ""
    forward: float = 0.0

    def word(self, platform: str, phase: str) -> str:
        """What is expected of it there; empty where it cannot be."""
        return self.unlike.get((platform, phase), self.words[PHASES.index(phase)])


def once_and_lasting(
    name: str, how: Mapping[str, Any], unlike: Mapping[tuple[str, str], str] | None = None, why: str = ""
) -> tuple[Row, Row]:
    """An answer that is none: orders are not sent twice, all else is asked again."""
    lasting = {where: word for where, word in (unlike or {}).items() if where[1] == "fetch"}
    return (
        Row(name, how, ("error", "right", "right", "right"), unlike or {}, why),
        Row(f"{name}, lasting", {**how, "times": 0}, ("error", "id", "id", "error"), lasting, why),
    )


def throttled(name: str, how: Mapping[str, Any], once: str) -> tuple[Row, Row]:
    """A throttle means that nothing was done: orders are sent again too, on Amazon after half a minute."""
    why = "without Retry-After orders rest for 30 s" if once == "id" else ""
    return (
        Row(name, how, ("right", "right", "right", "right"), {(AMAZON, "order"): once}, why),
        Row(f"{name}, lasting", {**how, "times": 0}, ("later", "id", "id", "later")),
    )


FILES = {(AMAZON, "fetch"): "error"}
OF_FILES = "a file that cannot be read is not taken for a delay"
SLOW = ("error", "id", "id", "error")
NO_TOKENS = {(AMAZON, "fetch"): ""}
FIXED = {(FACEBOOK, phase): "error" for phase in PHASES}
ROWS = (
    *throttled("429 with Retry-After", {"kind": "429", "retry_after": 2}, "right"),
    *throttled("429 without", {"kind": "429"}, "id"),
    *throttled("429 as HTML", {"kind": "429-html"}, "id"),
    *once_and_lasting("500", {"kind": "500"}),
    *once_and_lasting("502 as HTML", {"kind": "502-html"}),
    *once_and_lasting("503", {"kind": "503"}),
    *once_and_lasting("connection refused", {"kind": "connect-refused"}),
    *once_and_lasting("cut", {"kind": "cut"}),
    *once_and_lasting("redirect", {"kind": "redirect"}),
    *once_and_lasting("JSON cut, with its length", {"kind": "truncated"}, FILES, OF_FILES),
    *once_and_lasting("empty", {"kind": "empty"}, FILES, OF_FILES),
    *once_and_lasting("HTML for JSON", {"kind": "wrong-type"}, FILES, OF_FILES),
    *once_and_lasting("text for JSON", {"kind": "wrong-type", "what": "text"}, FILES, OF_FILES),
    *once_and_lasting("corrupt gzip", {"kind": "corrupt-gzip"}, FILES, OF_FILES),
    Row("slow: 60 s, lasting", {"kind": "slow", "seconds": 60, "times": 0}, SLOW),
    Row("read timeout, lasting", {"kind": "read-timeout", "times": 0}, SLOW),
    Row(
        "expired token",
        {"kind": "expired-token"},
        ("right", "right", "right", "right"),
        {**FIXED, **NO_TOKENS},
        "Facebook's token is what was set, and Amazon's files want none",
    ),
    Row(
        "two 401s in a row",
        {"kind": "expired-token", "times": 2},
        ("error", "right", "right", "right"),
        {**FIXED, **NO_TOKENS},
        "a token seconds old is asked with again where a 401 may be the platform's",
    ),
    Row(
        "expired token, lasting",
        {"kind": "expired-token", "times": 0},
        ("error", "error", "error", "error"),
        NO_TOKENS,
    ),
    Row(
        "revoked token, lasting",
        {"kind": "revoked-token", "times": 0},
        ("error", "error", "error", "error"),
        NO_TOKENS,
    ),
    Row("report failed", {"kind": "report-fails"}, ("error", "", "", "")),
    Row("report slow: 100 s", {"kind": "report-slow", "seconds": 100}, ("id", "", "", ""), {}, "", 100.0),
    Row("report never done", {"kind": "report-never"}, ("never", "", "", "")),
)
