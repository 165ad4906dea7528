"""Reports of a whole account: Amazon has none by account, so the rows by campaign are added up here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from mcp_ads.core.synonyms import cut
from mcp_ads.errors import PlatformDown

from .metrics import RATIOS, SAME, adds, number

ACCOUNT, CAMPAIGN = "account", "campaign"
FIXED = ("date", "startDate", "endDate")


def mistakes(groups: Iterable[str], possible: Iterable[str], columns: Iterable[str]) -> Iterable[str]:
    """Why these rows cannot be added up."""
    if list(groups) != [ACCOUNT]:
        yield "report_group_by: account stands alone"
    if list(possible)[:1] != [CAMPAIGN]:
        such = "spCampaigns, sbCampaigns, sdCampaigns"
        yield f"report_group_by: account needs a report by campaign, such as {such}"
    for name in columns:
        if not may_be_asked(name):
            said = f"{cut(name)} does not add up over campaigns"
            yield f"fields: {said}; leave it out, or report_group_by campaign"


def may_be_asked(name: str) -> bool:
    """Whether a column means something for a whole account."""
    return adds(name) or name in RATIOS or name in SAME or name in FIXED


def summed(records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One record a day, or one in all, with the sums of what adds up, exactly."""
    rows: dict[str, dict[str, Any]] = {}
    for record in records:
        row = rows.setdefault(str(record.get("date", "")), {n: record[n] for n in FIXED if n in record})
        for name, value in record.items():
            if adds(name):
                row[name] = row.get(name, Decimal()) + _counted(name, value)
    return [{name: _plain(value) for name, value in row.items()} for row in rows.values()]


def _counted(name: str, value: Any) -> Decimal:
    """A number, or what is left out because it is zero; raises PlatformDown for anything else."""
    found = Decimal() if value is None else number(value)
    if found is None:
        raise PlatformDown(f"the report has {str(value)[:40]!r} for {name}: its rows cannot be added up")
    return found


def _plain(value: Any) -> Any:
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == int(value) else float(value)
