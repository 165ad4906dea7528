"""What a platform says back of private requests: without what looks like somebody's data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from mcp_ads.core import Request
from mcp_ads.errors import AdsError, ApiError

HIDDEN = "[hidden]"
SHORTEST = 3
_ADDRESS = re.compile(r"(?<![^\s\"'<>])[^\s\"'<>]+@[^\s\"'<>]+|\b[0-9a-fA-F]{32,}\b")
"""An e-mail address with all that stands around it, looked for once in each word, or a hash of one."""
_TYPED = re.compile(r"(?<![^\s\"'<>()\[\],;:=/?&#@])[^\s\"'<>()\[\],;:=/?&#@]+(?:@|%40)[^\s\"'<>()\[\],;]*")
"""An address in a sentence, also one that is cut; what stands for the id of a step begins with its @."""
_NUMBER = re.compile(r"(?<!\d)\+?\(?\d(?:[ ().-]{0,2}\d){6,14}(?!\d)")
"""A telephone number."""
_ID = re.compile(r"(?=.*\d)[A-Za-z0-9][\w-]{4,99}", re.ASCII)
"""A part of a path that may be an id."""


def hide_people(error: ApiError, request: Request) -> None:
    """Cut out of an error what its private request sent, and whatever looks like an address or a hash."""
    if not request.private:
        return
    sent = sorted(set(_texts(request.body)) - set(_texts(request.shown.body if request.shown else None)))
    ids = [part for part in map(unquote, request.path.split("/")) if _ID.fullmatch(part)]
    error.args = tuple(_without(str(part), sent, ids) for part in error.args)
    error.platform_text = _without(error.platform_text, sent, ids)
    error.code = _ADDRESS.sub(HIDDEN, error.code)


def hide_given(error: AdsError, params: Mapping[str, Any]) -> None:
    """Cut out of an error what the call that it ends came with: the call is about people."""
    said = "\n".join(map(str, error.args))
    given = {text for text in _texts(dict(params)) if text in said and not text.isdecimal()}
    words = [rf"(?<!\w){re.escape(text)}(?!\w)" for text in sorted(given, key=len, reverse=True)]
    pattern = re.compile("|".join(words) or "(?!)")
    error.args = tuple(_ADDRESS.sub(HIDDEN, pattern.sub(HIDDEN, str(part))) for part in error.args)


def hide_addresses(error: AdsError) -> None:
    """Cut e-mail addresses out of what is wrong with a call: they were given where something else belongs."""
    error.args = tuple(_TYPED.sub(HIDDEN, str(part)) for part in error.args)


def _without(text: str, sent: list[str], ids: list[str]) -> str:
    """A text without what was sent, addresses and numbers, but for the ids that the path was asked by."""
    for value in (value for value in sent if value in text):
        text = text.replace(value, HIDDEN)
    whole = "|".join(rf"(?<![\w-]){re.escape(id_)}(?![\w-])" for id_ in sorted(ids, key=len, reverse=True))
    kept = re.compile(rf"({whole})|{_NUMBER.pattern}" if ids else rf"(?!)()|{_NUMBER.pattern}")
    return kept.sub(lambda found: found[1] or HIDDEN, _ADDRESS.sub(HIDDEN, text))


def _texts(value: Any) -> list[str]:
    """Every text in a value that is long enough to tell something, however deep."""
    found, rest = list[str](), [value]
    while rest:
        part = rest.pop()
        if isinstance(part, str) and len(part) >= SHORTEST:
            found.append(part)
        elif isinstance(part, dict | list):
            rest += part.values() if isinstance(part, dict) else part
    return found
