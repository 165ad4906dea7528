"""The operations that every resource of the v3 shape has."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from starlette.responses import Response

from .calls import Call, Operation
from .lists import list_objects
from .resources import Resource
from .writes import archive, create, update


def operations(resource: Resource) -> tuple[Operation, ...]:
    """List, create, update and, where there is one, archive."""

    def row(method: str, path: str, run: Callable[[Resource, Call], Response]) -> Operation:
        media = resource.media_type
        return Operation(method, path, partial(run, resource), takes=media, gives=media)

    base = resource.path
    rows = [row("POST", base, create), row("PUT", base, update), row("POST", f"{base}/list", list_objects)]
    if resource.archive:
        rows.append(row("POST", f"{base}/delete", archive))
    return tuple(rows)
