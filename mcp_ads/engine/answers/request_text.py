"""A request as a person reads it: by the kind of its body, without secrets."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

from mcp_ads.core.private import Private
from mcp_ads.engine.changes.steps import Step, shown_id

from .shape import cut

_SECRET = re.compile(r"(token|secret|signature|password|credential|appsecret_proof)$", re.IGNORECASE)
_FORM = re.compile(r"[\w.%\[\]-]+=[^\s]*")
MASK = "[secret]"
_ROWS = Private(dict, sys.maxsize)
"""What stands for rows about people."""


MOST_REQUEST = 300


def request_lines(requests: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    """What is sent, a line a request: of several each with its number and what it does."""
    for number, request in enumerate(requests, 1):
        which = f" {number} of {len(requests)}" if len(requests) > 1 else ""
        does = f" ({request['does']})" if request.get("does") else ""
        line = cut(request_text(request), MOST_REQUEST)
        yield f"request{which}{does}: {line}"
        yield from (f"sends: {file['text']}" for file in request.get("files", ()) if file["text"] not in line)


def left_lines(step: Step) -> Iterable[str]:
    """Of a step that is not done: which of its requests are, and what they left on the platform."""
    done = dict.fromkeys(sent.part for sent in step.sent if sent.state == "done")
    said = [f"{number} {step.requests[number - 1].get('does', '')}".strip() for number in done]
    yield f"requests done of {len(step.requests)}: {'; '.join(said) or 'none'}"
    for sent in step.sent:
        left = step.requests[sent.part - 1].get("leaves")
        if left and sent.state == "done" and (made := sent.kept.get(left["at"])) is not None:
            params = {left["param"]: str(made)}
            look = f'{step.connector}_execute("{left["entity"]}", "get", {params})'
            yield f"left on the platform: {left['noun']} {shown_id(str(made))}; look: {look}"


def request_text(request: Mapping[str, Any]) -> str:
    """Method, address and body: JSON as it is, a form as its names and values."""
    method, url, body = (str(request.get(name, "")) for name in ("method", "url", "body"))
    return " ".join(f"{method} {unquote(url)} {_body(body)}".split())


def _body(text: str) -> str:
    found = _json(text)
    if found is not None:
        hidden = _hidden(found)
        return text if hidden == found else _compact(hidden)
    if not _FORM.fullmatch(text):
        return text
    return " ".join(
        f"{name}={_value(name, value)}" for name, value in parse_qsl(text, keep_blank_values=True)
    )


def _value(name: str, value: str) -> str:
    found = _json(value)
    if _SECRET.search(name):
        return MASK
    return value if found is None or _hidden(found) == found else _compact(_hidden(found))


def _hidden(value: Any) -> Any:
    """The value with what stands under a secret's name hidden, and people counted, however deep."""
    if isinstance(value, dict) and _ROWS.fits(value):
        return f"<{value['rows']} rows of {', '.join(value['columns'])}, sent as SHA-256>"
    if isinstance(value, dict):
        return {name: MASK if _SECRET.search(name) else _hidden(each) for name, each in value.items()}
    return [_hidden(each) for each in value] if isinstance(value, list) else value


def _json(text: str) -> Any:
    """The object or list a text is; None for any other text."""
    try:
        found = json.loads(text) if text[:1] in ("{", "[") else None
    except (ValueError, RecursionError):
        return None
    return found


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
