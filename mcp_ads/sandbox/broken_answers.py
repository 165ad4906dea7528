"""Answers that are none: the page of a proxy, nothing at all, half of it, bytes that cannot be unpacked."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import Message

from .fault_kinds import Fault

PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"
ELSEWHERE = "https://elsewhere.example/login"
PAGES = {
    "400-html": (400, "400 Bad Request"),
    "401-html": (401, "401 Authorization Required"),
    "404-html": (404, "404 Not Found"),
    "429-html": (429, "429 Too Many Requests"),
    "502-html": (502, "502 Bad Gateway"),
}
"""Kinds that are a gateway's page -> its status and title."""
TEXTS: dict[str, tuple[int, Any]] = {
    "400-json": (400, {"message": "The request was blocked"}),
    "foreign-error": (200, {"error": "upstream timed out"}),
    "empty-object": (200, {}),
}
"""Kinds that are a gateway's JSON -> its status and content."""
FIXED = (*PAGES, *TEXTS, "empty", "wrong-type", "redirect")
"""Kinds whose answer has nothing of the platform's in it."""
SPOILT = ("truncated", "corrupt-gzip")
"""Kinds whose answer is the platform's, spoilt on its way."""
NEXT = ("after", "nextPageToken", "nextToken")
"""What a platform calls the token of the next page."""
TOKEN = re.compile(r'(?:^|[&?\r\n])(?:after|pageToken|nextToken)=([^&\s]+)|"nextToken"\s*:\s*"([^"]+)"')
HERE = re.compile(
    r"&?\b(?:after|pageToken|nextToken|start|startIndex|pageOffset)=[^&\s]*"
    r'|"nextToken"\s*:\s*"[^"]*"\s*,?|,\s*"nextToken"\s*:\s*"[^"]*"(?=\s*})'
)
GZIP = b"\x1f\x8b"
OVERLAP = 5
"""Rows that come again."""
HEAD = 10
"""Bytes of a gzip header, which stay as they are."""


UNDONE: list[Message] = [
    {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]},
    {"type": "http.response.body", "body": b'{"data": [], "elements": []}'},
]
"""An answer of a platform that has done nothing, to be spoilt."""


def fixed(fault: Fault) -> Response:
    """The answer of something that stands before the platform and is not it."""
    kind = fault["kind"]
    if kind in PAGES:
        status, title = PAGES[kind]
        return HTMLResponse(PAGE.format(title), status)
    if kind in TEXTS:
        status, content = TEXTS[kind]
        return JSONResponse(content, status)
    if kind == "empty":
        return Response(b"", 200, media_type="application/json")
    if kind == "redirect":
        return Response(b"", 302, {"Location": ELSEWHERE})
    if fault.get("what") == "text":
        return PlainTextResponse("ok", 200)
    return HTMLResponse(PAGE.format("Sign in to the network"), 200)


def spoilt(fault: Fault, answer: list[Message]) -> Response:
    """The platform's answer with half its body and a length that fits, or packed and damaged."""
    content, headers = joined(answer)
    if fault["kind"] == "truncated":
        return _answer(answer, content[: len(content) // 2], headers)
    if not content.startswith(GZIP):
        content, headers["content-encoding"] = gzip.compress(content), "gzip"
    damaged = content[:HEAD] + bytes(byte ^ 0xFF for byte in content[HEAD:])
    return _answer(answer, damaged, headers)


def repeated(answer: list[Message], token: str) -> Response:
    """The platform's page with this token as that of the next one; without one, it tells of none."""
    content, headers = joined(answer)
    try:
        page = _with_token(json.loads(content), token)
    except ValueError:
        return _answer(answer, content, headers)
    return _answer(answer, json.dumps(page).encode(), headers)


def overlapping(before: list[Message], own: list[Message]) -> Response:
    """The platform's page that begins with the last rows of one before it, and lacks as many of its own."""
    content, headers = joined(own)
    page, earlier = json.loads(content), json.loads(joined(before)[0])
    name = next((name for name, rows in page.items() if isinstance(rows, list) and rows), "")
    if name and len(page[name]) > OVERLAP:
        page[name] = [*earlier[name][-OVERLAP:], *page[name][:-OVERLAP]]
    return _answer(own, json.dumps(page).encode(), headers)


def joined(answer: list[Message]) -> tuple[bytes, dict[str, str]]:
    """The body of an answer and its headers, without the length."""
    content = b"".join(message.get("body", b"") for message in answer[1:])
    pairs = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer[0]["headers"])
    return content, {name: value for name, value in pairs if name != "content-length"}


def token_of(query: str, body: str) -> str:
    """The token of a later page that a request asks for; empty where it asks for the first."""
    found = TOKEN.search(query) or TOKEN.search(body)
    return (found[1] or found[2]) if found else ""


def from_the_start(text: str) -> str:
    """A query or a body that asks for the first page, whichever it asked for."""
    return HERE.sub("", text)


def _with_token(value: Any, token: str) -> Any:
    if isinstance(value, list):
        return [_with_token(inner, token) for inner in value]
    if not isinstance(value, dict):
        return value
    told = {key: inner for key, inner in value.items() if token or key not in (*NEXT, "next")}
    return {
        key: token if key in NEXT and isinstance(inner, str) else _with_token(inner, token)
        for key, inner in told.items()
    }


def _answer(answer: list[Message], content: bytes, headers: dict[str, str]) -> Response:
    return Response(content, answer[0]["status"], headers)
