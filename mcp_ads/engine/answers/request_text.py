"""A request as a person reads it: by the kind of its body, without secrets."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote

from mcp_ads.core.cells import one_value
from mcp_ads.core.private import Private
from mcp_ads.engine.changes.sent import PARTLY
from mcp_ads.engine.changes.steps import Step, shown_id
from mcp_ads.engine.changes.wording import MOST_NEW, SHOWN, short, texts_cut

from .shape import cut

_SECRET = re.compile(r"(token|secret|signature|password|credential|appsecret_proof)$", re.IGNORECASE)
_FORM = re.compile(r"[\w.%\[\]+*~-]+=[^\s]*")
MASK = "[secret]"
_ROWS = Private(dict, sys.maxsize)
"""What stands for rows about people."""


MOST_REQUEST, LEAST_REQUEST, MOST_REQUESTS = 300, 90, 6_000
"""Characters of one request, also where there are many, and of all of them."""
Texts = Callable[[Any], Any]
"""What becomes of the texts in a value: cut one by one, or left as they are."""


def request_lines(requests: Sequence[Mapping[str, Any]], *, whole: bool = False) -> Iterable[str]:
    """What is sent, a line a request: of several each with number and what it does; cut unless `whole`."""
    most = max(LEAST_REQUEST, min(MOST_REQUEST, MOST_REQUESTS // max(1, len(requests))))
    for number, request in enumerate(requests, 1):
        which = f" {number} of {len(requests)}" if len(requests) > 1 else ""
        does = f" ({request['does']})" if request.get("does") else ""
        text = request_text(request, _as_it_is if whole else texts_cut)
        line = text if whole else cut(text, most)
        yield f"request{which}{does}: {line}"
        yield from (f"sends: {file['text']}" for file in request.get("files", ()) if file["text"] not in line)


def whole_lines(step: Step) -> Iterable[str]:
    """The values of which a step's own lines show a part only, before and after, each as a whole."""
    most, cut = MOST_NEW if step.makes else SHOWN, any("…" in line for line in step.lines)
    for name in step.changes:
        for when, record in ((" before", step.before), ("", step.changes)):
            value = record.get(name)
            if "…" in short(value, most) and (cut or isinstance(value, str)):
                yield f"{name}{when}, whole: {_compact(_hidden({name: value}, _as_it_is)[name])}"


def left_lines(step: Step) -> Iterable[str]:
    """Lines about a step that stopped halfway: the requests that are done, and what they left behind."""
    done = {sent.part: sent.kept.get(PARTLY) for sent in step.sent if sent.state == "done"}
    said = [
        f"{number} {step.requests[number - 1].get('does', '')}".strip() + (f" ({partly})" if partly else "")
        for number, partly in done.items()
    ]
    yield f"requests done of {len(step.requests)}: {'; '.join(said) or 'none'}"
    for sent in step.sent:
        left = step.requests[sent.part - 1].get("leaves")
        if left and sent.state == "done" and (made := sent.kept.get(left["at"])) is not None:
            params = {**left.get("given", {}), left["param"]: str(made)}
            if step.connection_name:
                params["connection"] = step.connection_name
            look = f'{step.connector}_execute("{left["entity"]}", "get", {params})'
            yield f"left on the platform: {left['noun']} {shown_id(str(made))}; look: {look}"


def request_text(request: Mapping[str, Any], texts: Texts = texts_cut) -> str:
    """Method, address and body: JSON as it is, a form as its names and values, in quotes where it matters."""
    method, url, body = (str(request.get(name, "")) for name in ("method", "url", "body"))
    path, mark, query = url.partition("?")
    pairs = (pair.partition("=") for pair in query.split("&"))
    asked = "&".join(f"{unquote(name)}{sign}{one_value(unquote(value))}" for name, sign, value in pairs)
    return " ".join(f"{method} {unquote(path)}{mark}{asked} {_body(body, texts)}".split())


def _body(text: str, texts: Texts) -> str:
    parsed = _json(text)
    if parsed is not None:
        hidden = _hidden(parsed, texts)
        return text if hidden == parsed else _compact(hidden)
    if not _FORM.fullmatch(text):
        return text
    return " ".join(
        f"{one_value(name)}={_value(name, value, texts)}"
        for name, value in parse_qsl(text, keep_blank_values=True)
    )


def _value(name: str, value: str, texts: Texts) -> str:
    inner = _json(value)
    if _SECRET.search(name):
        return MASK
    if inner is None:
        return one_value(str(texts(value)))
    hidden = _hidden(inner, texts)
    return value if hidden == inner else _compact(hidden)


def _as_it_is(value: Any) -> Any:
    return value


def _hidden(value: Any, texts: Texts) -> Any:
    """The value with what stands under a secret's name hidden, and people counted, however deep."""
    if isinstance(value, dict) and _ROWS.fits(value):
        rows = value.get("last", value["rows"]) - value.get("first", 0)
        return f"<{rows} rows of {', '.join(value['columns'])}>"
    if isinstance(value, dict):
        return {
            name: MASK if _SECRET.search(name) else _hidden(inner, texts) for name, inner in value.items()
        }
    return [_hidden(item, texts) for item in value] if isinstance(value, list) else texts(value)


def _json(text: str) -> Any:
    """The object or list a text is; None for any other text."""
    try:
        value = json.loads(text) if text[:1] in ("{", "[") else None
    except (ValueError, RecursionError):
        return None
    return value


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
