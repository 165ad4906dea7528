"""Which actions work where Airbyte's API carries the requests: the table of docs/airbyte.md."""

from __future__ import annotations

from collections.abc import Iterator

from .connectors import NAMES, connector
from .core.carried_actions import is_carried
from .core.raw import Raw

HEAD = ("| connector | entity | actions |", "|---|---|---|")


def carried() -> Iterator[str]:
    """A row an entity that has some."""
    rows, every, count = list[str](), 0, 0
    for name in NAMES:
        known = connector(name)
        for entity in known.names():
            actions = known.entity(entity).actions
            found = [
                action
                for action, kind in actions.items()
                if not issubclass(kind, Raw) and is_carried(known, entity, action)
            ]
            every, count = every + len(actions), count + len(found)
            rows += [f"| {known.slug} | `{entity}` | {', '.join(found)} |"] if found else []
    yield from (f"{count} of {every} actions.", "", *HEAD, *rows)
