"""The last calls, redacted, on disk: what `mcp-ads trace` shows and every error names."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from mcp_ads.core import Reply, Request, Wire
from mcp_ads.errors import AdsError

from .private_files import NO_LINKS

KEPT = 200
SHOWN = 4_000
SHORTEST = 8
"""Characters from which on a secret is one; cutting shorter texts out would garble everything."""
BATCH = 20
PROMPT = 1.0
"""Seconds after which what waits is written, so that another process sees it."""
SECRET_NAMES = r"appsecret_proof|code_verifier|[\w-]*(?:token|secret|signature|credential|password)"  # noqa: S105 - names
_IN_JSON = re.compile(rf'("(?:{SECRET_NAMES})"\s*:\s*)"(?:[^"\\]|\\.)*"?', re.IGNORECASE)
_IN_QUERY = re.compile(rf"((?:^|[?&\"'\s]|\\u0026)(?:{SECRET_NAMES})=)[^&\"'\s\\]+", re.IGNORECASE)
_LINKS = re.compile(r'("(?:next|previous|url)"\s*:\s*)"https?:[^"]*"?')
_ADDRESS = re.compile(r"https?:(?:[^\s\"'<>\\]|\\[^\"'\s])+", re.IGNORECASE)
_SIGNED = re.compile(r"x-amz-|signature|sig=|access_token", re.IGNORECASE)
_BEARER = re.compile(r"(Bearer\s+)[^\s\"'\\]+", re.IGNORECASE)


@dataclass
class Entry:
    """One exchange, or a call that failed before one; texts are redacted when it is written."""

    connector: str
    risk: str = ""
    request: str = ""
    body: bytes = b""
    status: int = 0
    seconds: float = 0.0
    answer: bytes = b""
    request_id: str = ""
    error: str = ""
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    at: float = field(default_factory=time.time)

    def answered(self, reply: Reply) -> None:
        self.status, self.seconds, self.answer = (
            reply.status,
            time.time() - self.at,
            reply.content[: 2 * SHOWN],
        )

    def failed(self, error: AdsError) -> str:
        """Note the error; returns the id to look it up by."""
        self.error, self.request_id = f"{type(error).__name__}: {error}", getattr(error, "request_id", "")
        self.seconds = self.seconds or time.time() - self.at
        return self.id


class Trace:
    """A ring of exchanges in MCP_ADS_HOME/trace.jsonl. The secrets it knows never appear in it."""

    def __init__(self, path: Path, known: Iterable[str] = ()) -> None:
        self.path = path
        self._secrets: dict[str, None] = {}
        self._waiting: list[Entry] = []
        self._written = 0.0
        for each in known:
            self.hide(each)

    def hide(self, secret: str) -> None:
        """A secret to be cut out of everything from now on, such as a token just got."""
        if len(secret) >= SHORTEST:
            self._secrets |= dict.fromkeys((secret, quote(secret), quote(secret, safe="")))

    def begin(self, connector: str, request: Request, wire: Wire) -> Entry:
        """An exchange about to happen; `add` it when it is over."""
        return Entry(
            connector, request.risk, f"{wire.method} {_without_signature(wire.url)}", wire.content or b""
        )

    def add(self, entry: Entry) -> None:
        """Keep an exchange; failed ones are on disk at once."""
        self._waiting.append(entry)
        late = time.time() - self._written > PROMPT
        if entry.error or late or len(self._waiting) >= BATCH:
            self.flush()

    def note(self, connector: str, call: str, error: AdsError) -> str:
        """Keep a call that failed before anything was sent; returns the id to look it up by."""
        entry = Entry(connector, request=call)
        entry.failed(error)
        self.add(entry)
        return entry.id

    def flush(self) -> None:
        """Write what waits. A folder that cannot be written loses the trace only."""
        ready, self._waiting, self._written = self._waiting, [], time.time()
        if ready:
            with contextlib.suppress(OSError):
                self._append(
                    [json.dumps(self._shown(each), ensure_ascii=False) for each in sorted(ready, key=_at)]
                )

    def redact(self, text: str) -> str:
        """The text without credentials, signed links and page links."""
        return _without_credentials(self.without_secrets(text))

    def without_secrets(self, text: str) -> str:
        """The text without known credentials and without what makes a link a credential; all else stays."""
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return _ADDRESS.sub(_unsigned, text) if "http" in text.lower() else text

    def _shown(self, entry: Entry) -> Mapping[str, Any]:
        return {
            "id": entry.id,
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(entry.at)),
            "connector": entry.connector,
            "risk": entry.risk,
            "request": self.redact(entry.request),
            "body": self._text(entry.body),
            "status": entry.status,
            "seconds": round(entry.seconds, 3),
            "answer": self._text(entry.answer),
            "request_id": entry.request_id,
            "error": self.redact(entry.error),
        }

    def _text(self, content: bytes) -> str:
        text = self.redact(content.decode(errors="replace"))
        return text if len(text) <= SHOWN else f"{text[:SHOWN]}…(+{len(text) - SHOWN})"

    def _append(self, lines: list[str]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | NO_LINKS, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            file.writelines(f"{line}\n" for line in lines)
        if self.path.stat().st_size > KEPT * SHOWN:
            self._trim()

    def _trim(self) -> None:
        kept = self.path.read_text(encoding="utf-8").rstrip("\n").split("\n")[-KEPT:]
        draft = self.path.with_suffix(f".{os.getpid()}.tmp")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | NO_LINKS, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(kept) + "\n")
        draft.replace(self.path)


def read(path: Path) -> list[dict[str, Any]]:
    """The last calls, oldest first."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    return [known for line in lines if (known := _line(line))][-KEPT:]


def redact_log(record: logging.LogRecord) -> bool:
    """A filter for the logger of httpx, which writes down every request with its whole address."""
    record.msg, record.args = _without_credentials(_ADDRESS.sub(_unsigned, record.getMessage())), ()
    return True


def _unsigned(address: re.Match[str]) -> str:
    """An address without its query, where that makes it a credential."""
    place, mark, query = address[0].partition("?")
    return f"{place}{mark}[secret]" if _SIGNED.search(query) else address[0]


def _without_credentials(text: str) -> str:
    text = _IN_JSON.sub(r'\1"[secret]"', text)
    text = _LINKS.sub(r'\1"[link]"', text)
    return _BEARER.sub(r"\1[secret]", _IN_QUERY.sub(r"\1[secret]", text))


def _line(text: str) -> dict[str, Any] | None:
    """A line as it was written; None for one that a crash or another process cut."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _at(entry: Entry) -> float:
    return entry.at


def _without_signature(url: str) -> str:
    """A presigned URL is a credential: only its place is kept."""
    return url if url.startswith("/") else url.partition("?")[0]
