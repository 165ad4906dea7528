"""What is to be known of a report beside its numbers: what LinkedIn leaves out, cuts, blurs or widens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from mcp_ads.connectors.linkedin_ads.urns import tail
from mcp_ads.errors import ApiError, AuthError, NotFound

from .pivots import MEMBER

MOST_MISSED = 20
YEARS, MEMBER_YEARS = 10, 2
LONG = "the report is a long one, of several parts: ask for fewer days or campaigns"
MARKET_AREA = "MEMBER_DESIGNATED_MARKET_AREA"
DAYS_KEPT = timedelta(days=183)
STILL_MOVING = timedelta(days=30)
UNSEEN = ("shares", "companies")
"""Parameters that name what is not looked up."""
ROUGH = (
    "approximate: LinkedIn leaves out what is under 3, and all but the 100 largest of a creative and day, up "
    "to a day late; the rows do not add up to the total, which is pivot ACCOUNT"
)
ROUGH_DAYS = "by day, month or year even more is left out: ask time_granularity ALL for a whole range"
NIELSEN = "market areas are DMA regions, a registered mark of Nielsen: say so where they are shown"
NEEDS_VERSION = "this pivot is served from version 202609 on: set LINKEDIN_ADS_API_VERSION=202609"
"""What is left out, and the rest, are facts of LinkedIn's pages on reporting and its recent changes."""


def earliest(today: date, *, members: bool) -> date:
    """The first day LinkedIn still has: ten years ago, of members two; whole months, for old days come so."""
    year = today.year - (MEMBER_YEARS if members else YEARS)
    return date(year + today.month // 12, today.month % 12 + 1, 1)


def of_the_call(pivots: Sequence[str], granularity: str, since: date, today: date) -> Iterator[str]:
    """What is to be known whatever the answer is."""
    members = pivots[0].startswith(MEMBER)
    if members:
        yield ROUGH
        if granularity != "ALL":
            yield ROUGH_DAYS
    if MARKET_AREA in pivots:
        yield NIELSEN
    if since < (first := earliest(today, members=members)):
        years = MEMBER_YEARS if members else YEARS
        yield f"LinkedIn keeps this for {years} years: what was before {first} may be missing"
    if granularity == "DAILY" and since < today - DAYS_KEPT:
        yield f"LinkedIn keeps single days for six months: days before {today - DAYS_KEPT} may be missing"


def nothing(access: ApiError | None, unseen: Sequence[str], *, members: bool) -> str:
    """What a report without rows means, after a look at the account; `unseen` was not looked at."""
    if isinstance(access, AuthError | NotFound):
        return f"no rows, and the account cannot be read: the member may not see its reports ({access})"
    if access:
        return f"no rows, and whether the account can be read could not be looked up now ({access})"
    if unseen:
        return f"no rows: nothing was delivered then, or what {', '.join(unseen)} names is not this account's"
    if members:
        return "no rows: nothing was delivered then, or to too few people to say who they are"
    return (
        "no rows: nothing was delivered then (the account can be read; the member may still lack its reports)"
    )


def widened(rows: Iterable[Mapping[str, Any]], since: date, until: date) -> list[str]:
    """Days are kept six months: beyond, LinkedIn counts whole months, more than was asked for."""
    counted = {tuple(iso((row.get("dateRange") or {}).get(end)) for end in ("start", "end")) for row in rows}
    more = sorted(days for days in counted if days[0] and (days[0] < str(since) or days[1] > str(until)))
    if not more:
        return []
    return [f"LinkedIn counted {'..'.join(more[0])}, not {since}..{until}: older days come in whole months"]


def missed(silent: Sequence[str], records: Mapping[str, Any], *, unknown: bool) -> list[str]:
    """What is to be said of named objects without rows: they did not deliver, or are not this account's."""
    there = [object_urn for object_urn in silent if object_urn in records]
    absent = [object_urn for object_urn in silent if object_urn not in records]
    what = "it is not known whether they are in this account" if unknown else "not found in this account"
    told = [f"{what}: {_some(absent)}"] if absent else []
    return [*told, f"no rows for {_some(there)}: no delivery then"] if there else told


def iso(day: Mapping[str, int] | None) -> str:
    return f"{day['year']:04}-{day['month']:02}-{day['day']:02}" if day else ""


def _some(urns: Sequence[str]) -> str:
    more = f" and {len(urns) - MOST_MISSED} more" if len(urns) > MOST_MISSED else ""
    return f"{', '.join(map(tail, urns[:MOST_MISSED]))}{more}"
