"""Requests as they went over the wire in the sandbox, as a reader may see them: without secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl

import httpx

SILENT = frozenset({"host", "accept-encoding", "connection", "user-agent", "content-length"})
"""Headers that every HTTP client sends, and that say nothing of the platform."""
SECRET = frozenset({"authorization", "amazon-advertising-api-clientid"})
SECRETS = re.compile(r"((?:access_token|appsecret_proof|client_secret|refresh_token)=)[^&\s]+")
TOKENS = ("/auth/o2/token", "/oauth/v2/accessToken")
MOST_BODY = 2_000
"""Characters of a body that are shown."""
CUT = "… (cut)"


@dataclass(frozen=True)
class Sent:
    """One request: its method, its address, the headers that matter and its body as text."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str

    @property
    def path(self) -> str:
        """The address without host and query."""
        return httpx.URL(self.url).path

    def text(self) -> str:
        """The request as HTTP writes it."""
        lines = [f"{self.method} {self.url}", *(f"{name}: {value}" for name, value in self.headers)]
        return "\n".join([*lines, *(["", self.body] if self.body else [])])


class Recorder(httpx.AsyncBaseTransport):
    """A transport that notes each request on its way; those for tokens it leaves out."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner, self.sent = inner, list[Sent]()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer of the transport inside."""
        await request.aread()
        if not request.url.path.endswith(TOKENS):
            self.sent.append(sent(request))
        return await self._inner.handle_async_request(request)


def sent(request: httpx.Request) -> Sent:
    """What is shown of a request."""
    url = SECRETS.sub(r"\1…", str(request.url))
    return Sent(request.method, url, tuple(_headers(request)), _body(request))


def _headers(request: httpx.Request) -> Iterator[tuple[str, str]]:
    for name, value in request.headers.items():
        if name in SILENT or (name, value) == ("accept", "*/*"):
            continue
        scheme, _, _ = value.rpartition(" ")
        spelt = "-".join(part.capitalize() for part in name.split("-"))
        yield spelt, f"{scheme} …".strip() if name in SECRET else value


def _body(request: httpx.Request) -> str:
    """JSON laid out, a form as a line a field, a file by its size."""
    kind, content = request.headers.get("content-type", ""), request.content
    if not content:
        return ""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return f"({len(content):,} bytes)"
    if "json" in kind:
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    elif "urlencoded" in kind:
        text = "\n".join(f"{name}={value}" for name, value in parse_qsl(text, keep_blank_values=True))
    text = SECRETS.sub(r"\1…", text)
    return text if len(text) <= MOST_BODY else text[:MOST_BODY] + CUT
