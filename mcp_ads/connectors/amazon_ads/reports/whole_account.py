"""Rows added up: those by campaign for a whole account, which Amazon has no report of, and those of several
windows of days, of which one report cannot have all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from mcp_ads.core import ID, TEXT, Column
from mcp_ads.core.synonyms import cut
from mcp_ads.errors import PlatformDown

from .metrics import RATIOS, SAME, adds, kind_of, made_of, number

ACCOUNT, CAMPAIGN = "account", "campaign"
BY_PLACEMENT, PLACEMENT = "campaignPlacement", "placementClassification"
"""What an account may be grouped by beside, and the column that then tells its rows apart."""
FIXED = ("date", "startDate", "endDate")
OF_SEVERAL: Mapping[str, Column] = {"profile_id": ID, "currency": TEXT}
"""What the rows of several profiles say beside their columns."""
Key = Callable[[Mapping[str, Any]], tuple[Any, ...]]


def mistakes(groups: Iterable[str], possible: Iterable[str], columns: Iterable[str]) -> Iterable[str]:
    """Why these rows cannot be added up."""
    others = [group for group in groups if group != ACCOUNT]
    if others not in ([], [BY_PLACEMENT]):
        yield "report_group_by: account stands alone, or with campaignPlacement"
    elif not others and list(possible)[:1] != [CAMPAIGN]:
        such = "spCampaigns, sbCampaigns, sdCampaigns"
        yield f"report_group_by: account needs a report by campaign, such as {such}"
    yield from not_of_an_account(columns)


def not_of_an_account(columns: Iterable[str]) -> Iterable[str]:
    """A line for each column that a whole account has not."""
    for name in columns:
        if not may_be_asked(name):
            said = f"{cut(name)} does not add up over campaigns"
            yield f"fields: {said}; leave it out, or report_group_by campaign"


def may_be_asked(name: str) -> bool:
    """Whether a column means something for a whole account."""
    return adds(name) or any(name in told for told in (RATIOS, SAME, FIXED, OF_SEVERAL, (PLACEMENT,)))


def summed(records: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """One record a day, or one in all, of each profile, or of each of its placements, without what an account
    has not.
    """
    apart = ("profile_id", "date", PLACEMENT)
    kept = ({name: record[name] for name in record if may_be_asked(name)} for record in records)
    return added(kept, lambda record: tuple(record.get(name) for name in apart))


def over_windows(records: Iterable[Mapping[str, Any]], identity: Sequence[str]) -> Iterable[dict[str, Any]]:
    """One record of what the windows have one each of, `identity` being what tells these apart."""
    return added(records, partial(_same, apart=frozenset([*OF_SEVERAL, *identity])))


def not_added(columns: Sequence[str]) -> list[str]:
    """Columns that are left empty when windows are added up: they are rates or reaches of one window."""
    return [
        name
        for name in columns
        if kind_of(name) is None or (_is_quotient(name) and not made_of(name, set(columns)))
    ]


def added(records: Iterable[Mapping[str, Any]], key: Key) -> Iterable[dict[str, Any]]:
    """The records of one key as one: sums of what adds up, exactly; of the rest the last, of rates none."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for record in records:
        row = rows.setdefault(key(record), {})
        for name, value in record.items():
            if adds(name):
                row[name] = row.get(name, Decimal()) + _counted(name, value)
            elif name == "startDate" and name in row:
                row[name] = min(row[name], value)
            else:
                number_of_unknown = not isinstance(value, str) and _unknown(name, record) is not None
                row[name] = None if _is_quotient(name) or number_of_unknown else value
    return ({name: _plain(value) for name, value in row.items()} for row in rows.values())


def _same(record: Mapping[str, Any], apart: frozenset[str]) -> tuple[Any, ...]:
    """What two records of one thing have in common; texts of columns nobody knows tell rows apart too."""
    return tuple(record[name] for name in record if name in apart or isinstance(_unknown(name, record), str))


def _unknown(name: str, record: Mapping[str, Any]) -> Any:
    """The value of a column of which nobody knows the kind."""
    return None if name in OF_SEVERAL or kind_of(name) else record[name]


def _is_quotient(name: str) -> bool:
    kind = kind_of(name)
    return kind is not None and kind.kind in ("percent", "ratio", "number")


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
