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

from pydantic.alias_generators import to_snake

from mcp_ads.core.synonyms import close_to

PLAIN = "application/json"
NOWHERE = "no such path that Amazon documents"
OF_PRODUCT = re.compile("^sponsored_[a-z]+_")
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


def stranger(method: str, path: str) -> str:
    """What to say of a request that none of the operations is, with those most like it; empty for one that is
    there.
    """
    if operation(method, path):
        return ""
    from .raw import READS  # it is what names this file

    others = [verb for verb in METHODS if operation(verb, path)]
    told = f"Amazon documents no {method} of this path, but {' and '.join(others)}" if others else NOWHERE
    served = {call.partition(" ")[2]: call for call in operations() if call.startswith(method)}
    if method == "GET":
        served |= {of: f"POST {of}" for of in READS}
    near = [served[of] for of in close_to(path, served)]
    return f"{told}; did you mean {' or '.join(near)}?" if near else told


def housed(path: str) -> str:
    """Which entities have what a path is called after; empty where none has."""
    from .taken_for import TAKEN_FOR

    last = to_snake(path.rstrip("/").rpartition("/")[2])
    found = [name for group in TAKEN_FOR for name in group if OF_PRODUCT.sub("", name) == last]
    return f"{', '.join(found)} have these" if found else ""


@cache
def _patterns() -> Sequence[tuple[re.Pattern[str], Operation]]:
    return [
        (re.compile(re.sub(r"{\w+}", "[^/]+", call)), known)
        for call, known in operations().items()
        if "{" in call
    ]


def _media(name: str) -> str:
    return PLAIN if name == "json" else f"application/{name}+json"
