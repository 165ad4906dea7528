"""The last calls, redacted, on disk: what `mcp-ads trace` shows and every error names."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import secrets
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from typing import Any

from mcp_ads.core import Reply, Request, Wire
from mcp_ads.core.bodies import shown
from mcp_ads.errors import AdsError
from mcp_ads.files.private_files import NO_LINKS, put

from .redaction import Secrets

KEPT = 200
SHOWN = 4_000
BATCH = 20
PROMPT = 1.0
"""Seconds after which what waits is written, so that another process sees it."""


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

    def answered(self, reply: Reply, *, private: bool = False) -> None:
        """Note the answer; of one about people only how long it is."""
        size = b"(private: %d bytes)" % len(reply.content)
        self.status, self.seconds, self.answer = (
            reply.status,
            time.time() - self.at,
            size if private else reply.content[: 2 * SHOWN],
        )

    def failed(self, error: AdsError) -> str:
        """Note the error; returns the id to look it up by."""
        self.error, self.request_id = f"{type(error).__name__}: {error}", getattr(error, "request_id", "")
        self.seconds = self.seconds or time.time() - self.at
        return self.id


class Trace:
    """A ring of exchanges in MCP_ADS_HOME/trace.jsonl. The secrets it knows never appear in it.

    Redacting and writing is done in a thread: calls do not wait for it.
    """

    def __init__(self, path: Path, known: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self.path = path
        self.secrets = Secrets(known, names)
        self.hide, self.redact = self.secrets.hide, self.secrets.redact
        self.without_secrets = self.secrets.without_secrets
        self._waiting: list[Entry] = []
        self._written = 0.0
        self._most = KEPT * SHOWN
        self._writing: Future[None] | None = None

    def begin(self, connector: str, request: Request, wire: Wire) -> Entry:
        """An exchange about to happen; `add` it when it is over."""
        # a presigned URL is a credential: only its place is kept
        url = wire.url if wire.url.startswith("/") else wire.url.partition("?")[0]
        body = wire.content if isinstance(wire.content, bytes) else shown(wire.content).encode()
        return Entry(connector, request.risk, f"{wire.method} {url}", body)

    def add(self, entry: Entry) -> None:
        """Keep an exchange; failed ones are written at once."""
        self._waiting.append(entry)
        late = time.time() - self._written > PROMPT
        if entry.error or late or len(self._waiting) >= BATCH:
            self._hand_over()

    def note(self, connector: str, call: str, error: AdsError) -> str:
        """Keep a call that failed before anything was sent; returns the id to look it up by."""
        entry = Entry(connector, request=call)
        entry.failed(error)
        self.add(entry)
        return entry.id

    def flush(self) -> None:
        """Write what waits; it is on disk when this returns."""
        self._hand_over()
        if self._writing:
            self._writing.result()

    def _hand_over(self) -> None:
        ready, self._waiting, self._written = self._waiting, [], time.time()
        if ready:
            self._writing = _writer().submit(self._write, ready)

    def _write(self, entries: list[Entry]) -> None:
        """Write entries. A folder that cannot be written loses the trace only."""
        lines: list[str] = []
        for entry in sorted(entries, key=attrgetter("at")):
            lines.append(json.dumps(self._shown(entry), ensure_ascii=False))
            time.sleep(0)  # lets the event loop have its turn
        with contextlib.suppress(OSError):
            self._append(lines)

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
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.writelines(f"{line}\n" for line in lines)
        if self.path.stat().st_size > self._most:
            self._most = max(KEPT * SHOWN, 2 * self._trim())

    def _trim(self) -> int:
        """Leave the last exchanges; returns the bytes they take, which may be more than at first allowed."""
        kept = self.path.read_text(encoding="utf-8", errors="replace").rstrip("\n").split("\n")[-KEPT:]
        draft = self.path.with_suffix(f".{os.getpid()}.tmp")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | NO_LINKS, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write("\n".join(kept) + "\n")
            size = file.tell()
        put(draft, self.path)
        return size


def read(path: Path) -> list[dict[str, Any]]:
    """The last calls, oldest first; a file that cannot be read has none."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return []
    known = []
    for line in lines:
        with contextlib.suppress(ValueError, RecursionError):  # a crash or another process may have cut it
            entry = json.loads(line)
            if isinstance(entry, dict) and "id" in entry:
                known.append(entry)
    return known[-KEPT:]


@functools.cache
def _writer() -> ThreadPoolExecutor:
    """The one thread that writes, for every trace of the process."""
    return ThreadPoolExecutor(1, "mcp-ads-trace")
