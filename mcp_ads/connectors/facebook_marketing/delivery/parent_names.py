"""The names of what an ad or an ad set is in, shown as columns of its own row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mcp_ads.core import dig

COLUMNS = {"campaign_name": "campaign", "adset_name": "adset"}
"""Each with the field of the object that it is the name of."""
SPOKEN = {
    **{f"{field}.name": column for column, field in COLUMNS.items()},
    "ad_set_name": "adset_name",
    "ad_set.name": "adset_name",
}
"""Other words for these columns."""
MEANT = {"campaign": "campaign_name", "adset": "adset_name", "ad_set": "adset_name"}
"""What a condition means by a parent: its name, as there is no more to the object itself than an id."""


def fetched(fields: Iterable[str], columns: Iterable[str]) -> list[str]:
    """The fields of a query with those that have the names which are columns."""
    fields = [*fields]
    for parent in (COLUMNS[name] for name in columns if name in COLUMNS):
        at = next((at for at, field in enumerate(fields) if field.partition("{")[0] == parent), None)
        if at is None:
            fields.append(f"{parent}{{name}}")
        elif "{" in fields[at]:
            fields[at] = fields[at].replace("{", "{name,", 1)
        else:
            fields[at] = f"{parent}{{id,name}}"
    return fields


def read(record: Mapping[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    """The names of a record's parents, by their columns."""
    return {name: dig(record, f"{COLUMNS[name]}.name") for name in columns if name in COLUMNS}
