"""Amazon's operations with their media types, from its OpenAPI files, whose names `operations.json` has; what
none of these has, from a page of its reference.

A line of it is a method and a path with what its bodies are, `what is sent > what is answered`: "json", or
vnd.spCampaign.v3 for application/vnd.spCampaign.v3+json; versions follow each other, the newest last.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from mcp_ads.core.synonyms import closest_of

PLAIN = "application/json"
METHODS = ("GET", "POST", "PUT", "DELETE")


class Operation(NamedTuple):
    """The media types in which a body may be sent, and those of the answer; the last is the newest."""

    takes: Sequence[str]
    gives: Sequence[str]


@cache
def operations() -> Mapping[str, Operation]:
    """Every operation by method and path, such as "GET /sb/keywords/{keywordId}"."""
    text = resources.files(__package__).joinpath("operations.json").read_text("utf-8")
    return {
        call: Operation(*([_media(name) for name in part.split()] for part in line.split(">")))
        for lines in json.loads(text).values()
        for call, line in lines.items()
    }


def operation(method: str, path: str) -> Operation | None:
    """The operation of a request; one without ids in its path comes first. None for one nobody lists."""
    call = f"{method} {path}"
    return operations().get(call) or next(
        (known for pattern, known in _patterns() if pattern.fullmatch(call)), None
    )


def stranger(path: str) -> str:
    """What to say of a path that none of the operations has; empty for one that is there."""
    paths = dict.fromkeys(call.partition(" ")[2] for call in operations())
    if any(operation(method, path) for method in METHODS):
        return ""
    return f"no such path that Amazon documents{closest_of(path, paths)}"


@cache
def _patterns() -> Sequence[tuple[re.Pattern[str], Operation]]:
    return [
        (re.compile(re.sub(r"{\w+}", "[^/]+", call)), known)
        for call, known in operations().items()
        if "{" in call
    ]


def _media(name: str) -> str:
    return PLAIN if name == "json" else f"application/{name}+json"
