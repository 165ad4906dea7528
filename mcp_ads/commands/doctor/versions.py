"""Whether the version of an API that is asked for still lives: what the platform says, else when it ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from mcp_ads.platforms import PLATFORMS

from . import findings
from .findings import Finding, whom
from .watch import Watch

if TYPE_CHECKING:
    from mcp_ads.engine.session.session import Session

OVER = "has been deprecated"
"""What Facebook's warning says of a version that is over; of one that will be it says so."""
SOON = 60
"""Days before the end of a version from which it is said."""
ENDS: Mapping[str, Mapping[str, date]] = {
    "facebook_marketing": {
        "v21.0": date(2025, 9, 9),
        "v22.0": date(2026, 2, 19),
        "v23.0": date(2026, 6, 9),
        "v24.0": date(2026, 11, 10),
        "v25.0": date(2027, 2, 23),
    },
    "linkedin_ads": {
        "202508": date(2026, 8, 17),
        "202509": date(2026, 9, 15),
        "202510": date(2026, 10, 15),
        "202511": date(2026, 11, 16),
        "202601": date(2027, 1, 15),
        "202602": date(2027, 2, 15),
        "202603": date(2027, 3, 16),
        "202604": date(2027, 4, 15),
        "202605": date(2027, 5, 15),
        "202606": date(2027, 6, 15),
        "202607": date(2027, 7, 15),
    },
}
"""The last day of versions, from Meta's table of Marketing API versions and LinkedIn's page on versioning."""


def version(session: Session, watch: Watch) -> Iterator[Finding]:
    """What is said of the version this session asks for; nothing where a platform's has none of its own."""
    name = session.connector.name
    asked = str(getattr(session.transport.dialect, "version", ""))
    if name not in ENDS or not asked:
        return
    what, end = f"{whom(session)} API version", ENDS[name].get(asked)
    variable = f"{PLATFORMS[name]}_API_VERSION"
    fix = f"leave {variable} out" if session.platform.api_version else "install a newer mcp-ads"
    if OVER in watch.version_warning:
        text = f"{asked} is over: the platform answers with another one, to which the requests do not belong"
        yield Finding("broken", what, text, fix)
    elif end is None:
        yield Finding("ok", what, f"{asked}; no end of it is known")
    elif (left := (end - datetime.fromtimestamp(findings.now(), UTC).date()).days) < 0:
        yield Finding("note", what, f"{asked} was to end on {end}; the platform still answers it", fix)
    else:
        near = left < SOON or bool(watch.version_warning)
        yield Finding("note" if near else "ok", what, f"{asked} lives until {end}", fix if near else "")
