"""Whether an object is answered by what has its id, which Graph tells whichever fields are asked for."""

from __future__ import annotations

import re
from typing import Any

from mcp_ads.core import Reply

OBJECT = re.compile(r"/(?:act_)?([0-9]+)", re.ASCII)
"""The address of an object."""
MOST_ID = 60


def another_object(answer: Any, reply: Reply) -> str:
    """Why the answer to a read of an object by its id is none; empty where it is, or no object was asked."""
    request = reply.asked
    alone = request is not None and request.method == "GET" and not request.parts
    if request is None or not alone or not (asked := OBJECT.fullmatch(request.path)):
        return ""
    told = str(answer.get("id") or "") if isinstance(answer, dict) else ""
    if told.removeprefix("act_") == asked[1]:
        return ""
    return (
        f"Facebook answered with another object, {told[:MOST_ID]!r}"
        if told
        else "Facebook answered something that is no object with an id"
    )
