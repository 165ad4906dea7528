"""The last calls, redacted, on disk: what `mcp-ads trace` shows and every error names."""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core import Reply, Request, Wire
from ..errors import ApiError

KEPT = 200
SHOWN = 4_000
BATCH = 20
SECRET_NAMES = r"access_token|refresh_token|client_secret|appsecret_proof|fb_exchange_token|[\w-]*(?:token|secret|signature|credential)"
_IN_JSON = re.compile(rf'("(?:{SECRET_NAMES})"\s*:\s*)"(?:[^"\\]|\\.)*"', re.IGNORECASE)
_IN_QUERY = re.compile(rf"((?:^|[?&\"'\s])(?:{SECRET_NAMES})=)[^&\"'\s\\]+", re.IGNORECASE)
_LINKS = re.compile(r'("(?:next|previous|url)"\s*:\s*)"https?:[^"]*"')
_BEARER = re.compile(r"(Bearer\s+)[^\s\"']+", re.IGNORECASE)


@dataclass
class Entry:
    """One exchange; texts are redacted when it is written."""

    id: str
    at: float
    connector: str
    risk: str
    method: str
    url: str
    body: bytes | None
    status: int = 0
    seconds: float = 0.0
    answer: bytes = b""
    request_id: str = ""
    error: str = ""

    def answered(self, reply: Reply, seconds: float) -> None:
        self.status, self.seconds, self.answer = reply.status, seconds, reply.content[: 2 * SHOWN]


@dataclass
class Trace:
    """A ring of exchanges in MCP_ADS_HOME/trace.jsonl. Secrets given here never appear in it."""

    path: Path
    secrets: Iterable[str] = ()
    _waiting: list[Entry] = field(default_factory=list)

    def begin(self, connector: str, request: Request, wire: Wire) -> Entry:
        entry = Entry(
            secrets.token_hex(4), time.time(), connector, request.risk, wire.method, wire.url, wire.content
        )
        self._waiting.append(entry)
        if len(self._waiting) >= BATCH:
            self.flush(keep=entry)
        return entry

    def failed(self, entry: Entry, error: ApiError) -> str:
        """Note the error and write everything down; returns the id to look it up by."""
        entry.error, entry.request_id = f"{type(error).__name__}: {error}", error.request_id
        self.flush()
        return entry.id

    def flush(self, keep: Entry | None = None) -> None:
        """Write what waits, but not the entry still under way. A folder that cannot be written loses the trace only."""
        ready = [each for each in self._waiting if each is not keep]
        self._waiting = [keep] if keep else []
        if ready:
            with contextlib.suppress(OSError):
                self._append([json.dumps(self._shown(each), ensure_ascii=False) for each in ready])

    def redact(self, text: str) -> str:
        """The text without credentials, signed links and page links."""
        for secret in self.secrets:
            if secret:
                text = text.replace(secret, "[secret]")
        text = _IN_JSON.sub(r'\1"[secret]"', text)
        text = _LINKS.sub(r'\1"[link]"', text)
        return _BEARER.sub(r"\1[secret]", _IN_QUERY.sub(r"\1[secret]", text))

    def _shown(self, entry: Entry) -> Mapping[str, Any]:
        return {
            "id": entry.id,
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(entry.at)),
            "connector": entry.connector,
            "risk": entry.risk,
            "request": f"{entry.method} {self.redact(_without_signature(entry.url))}",
            "body": self._text(entry.body),
            "status": entry.status,
            "seconds": round(entry.seconds, 3),
            "answer": self._text(entry.answer),
            "request_id": entry.request_id,
            "error": entry.error,
        }

    def _text(self, content: bytes | None) -> str:
        text = self.redact((content or b"").decode(errors="replace"))
        return text if len(text) <= SHOWN else f"{text[:SHOWN]}…(+{len(text) - SHOWN})"

    def _append(self, lines: list[str]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.path.exists():
            self.path.touch(mode=0o600)
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines)
        if self.path.stat().st_size > KEPT * SHOWN:
            self._trim()

    def _trim(self) -> None:
        kept = self.path.read_text(encoding="utf-8").splitlines()[-KEPT:]
        draft = self.path.with_suffix(".tmp")
        draft.touch(mode=0o600)
        draft.write_text("\n".join(kept) + "\n", encoding="utf-8")
        draft.replace(self.path)


def read(path: Path) -> list[dict[str, Any]]:
    """The last calls, oldest first."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[-KEPT:]]


def _without_signature(url: str) -> str:
    """A presigned URL is a credential: only its place is kept."""
    return url if url.startswith("/") else url.partition("?")[0]
