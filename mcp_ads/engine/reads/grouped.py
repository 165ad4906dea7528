"""Groups of kept rows, kept as rows themselves: what is looked for, sorted and paged is then the same."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import replace

from mcp_ads.core.view import TableView
from mcp_ads.engine.records.results import Source
from mcp_ads.engine.records.rows import Damaged
from mcp_ads.engine.records.spool import Kept, Spool
from mcp_ads.engine.tables.groups import Groups
from mcp_ads.engine.tables.look import Look

from .looks import group

NAME = 24
BY_CURRENCY = "groups are of one currency each"
IN_UTC = "{}: by the calendar of UTC, in which these times are written"
LEFT_OUT = "no sums of rows, and left out: {}"


def grouped(
    spool: Spool, source: Source, view: TableView, kept: Kept, look: Callable[[], Look]
) -> tuple[Source, Groups, Kept]:
    """The groups a view makes of kept rows, as rows of their own: made once of each file, and kept.

    `look` makes a look of the view, which looks once. Raises Damaged, InvalidParams.
    """
    first = look()
    groups = first.groups
    assert groups
    asked = [
        source.name,
        kept.mark or secrets.token_hex(8),
        view.where,
        *groups.keys,
        groups.columns,
        groups.kept,
    ]
    name = hashlib.sha256(json.dumps(asked, default=str).encode()).hexdigest()[:NAME]
    of_groups = replace(source, name=name, columns=groups.columns, kinds=groups.kinds)
    try:
        if known := spool.get(name):
            return of_groups, groups, known
    except Damaged:
        spool.forget(name)
    found = kept.table.group(first)
    if found is None:
        found = group(kept.table.every(), first := look())
        groups = first.groups
        assert groups
    left = groups.left_out(source.columns or kept.columns)
    said = [*kept.meta.get("warnings", []), *first.warnings()]
    said += [BY_CURRENCY] if groups.also else []
    said += [IN_UTC.format(", ".join(sorted(groups.utc)))] if groups.utc else []
    said += [LEFT_OUT.format(", ".join(left))] if left else []
    as_of = time.strftime("%Y-%m-%dT%H:%MZ", time.gmtime(kept.at))
    meta = {**kept.meta, "rows_grouped": found.count, "as_of": as_of, "warnings": said}
    if not kept.mark:  # rows that are written nowhere have groups that are not, either
        return of_groups, groups, spool.passing(found.rows, meta, groups.kept, groups.kinds)
    return of_groups, groups, spool.put(name, found.rows, meta, groups.kept, groups.kinds)
