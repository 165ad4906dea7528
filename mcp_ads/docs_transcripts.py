"""The answers printed in docs/jobs and docs/start: each call of a page made anew, in the sandbox, on one day.

A call is a block of JSON whose title is the tool; the block titled `answer` after it is what comes back.
`<!-- sandbox: agency -->` at the top of a page has it made in the agency's world.
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

DAY = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
"""When every transcript takes place, so that no figure moves from day to day."""
FOLDERS = ("jobs", "start")
PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\xb0\0\0\x02t\x08\2\0\0\0" + b"boots in snow"
"""`boots.png` in the folder for files: as much of a picture as the sandbox looks at."""
CALL = re.compile(
    r'^```json title="(?P<tool>ads_\w+|\w+_execute)"\n(?P<call>.*?)^```\n'
    r'(?P<old>\n```text title="answer"\n.*?^```\n)?',
    re.MULTILINE | re.DOTALL,
)
WORLD = re.compile(r"^<!-- sandbox: (\w+) -->$", re.MULTILINE)
PLAN = re.compile(
    r'(?P<where>^PLAN |"plan":"|ads_apply\()(?P<words>[^\s"]+)\.(?P<end>\w{8})(?=$|["\)])', re.MULTILINE
)
"""A plan that is named: one that was made, or the one that takes back what was applied."""
PLAN_ASKED = re.compile(r'(?P<of>"(?:plan_id|query)": ")(?:[^\s"]+\.\w{8}|[^\s"]*PLANID)"')
RESULT = re.compile(r"\br_[a-z0-9]{12}\b")
TRACE = re.compile(r"\btrace=\w{8}\b")
MINUTE = re.compile(r"\b(1[23]:0)\d(?=Z| UTC)")
"""The time of an answer: a slow machine takes minutes, which pages do not show."""
CURSOR = re.compile(r'"cursor":"[^"]*"')
ROWS, LINES, WIDTH, VALUE = 6, 26, 170, 300
"""Of an answer: rows, lines that are no rows, characters of a line, characters of a value of `meta`."""


def transcripts(root: Path) -> dict[Path, str]:
    """Every page that has calls, as it should be."""
    found = [path for name in FOLDERS for path in sorted((root / "docs" / name).glob("*.md"))]
    texts = {path: path.read_text("utf-8") for path in found}
    return {path: answered(text) for path, text in texts.items() if CALL.search(text)}


def answered(text: str) -> str:
    """A page with the answers of today's code to its calls."""
    import time_machine

    world = WORLD.search(text)
    with tempfile.TemporaryDirectory(prefix="mcp-ads-docs-") as home, time_machine.travel(DAY, tick=True):
        return asyncio.run(_played(text, Path(home), world[1] if world else "1"))


async def _played(text: str, home: Path, world: str) -> str:
    from fastmcp import Client

    from .sandbox.agency import clients_file
    from .server import build_server
    from .settings import load

    files = home / "files"
    files.mkdir()
    (files / "boots.png").write_bytes(PICTURE)
    kept = home / "kept" / ("sandbox" if world == "1" else f"sandbox-{world}")
    kept.mkdir(mode=0o700, parents=True)
    if world == "agency":
        (kept / "clients.toml").write_text(clients_file.text(), "utf-8")
    environ = {
        "MCP_ADS_SANDBOX": world, "MCP_ADS_SANDBOX_REPORT_DELAY": "0", "MCP_ADS_HOME": str(kept.parent),
        "MCP_ADS_FILES": str(files), "MCP_ADS_KEYRING": "off",
    }  # fmt: skip
    parts, at, names = list[str](), 0, Names()
    async with Client(build_server(load(environ=environ))) as client:
        for call in CALL.finditer(text):
            printed = names.of_last_plan(call["call"])
            asked: dict[str, Any] = json.loads(names.real(printed))
            result = await client.call_tool(call["tool"], asked, raise_on_error=False)
            shown = cut(names.stable("\n".join(getattr(content, "text", "") for content in result.content)))
            parts += [
                text[at : call.start("call")],
                f'{printed}```\n\n```text title="answer"\n{shown}\n```\n',
            ]
            at = call.end()
    return "".join([*parts, text[at:]])


class Names:
    """What this run calls plans and results, and the names that pages have for them from run to run."""

    def __init__(self) -> None:
        self._names, self._plan = dict[str, str](), ""

    def of_last_plan(self, call: str) -> str:
        """A call about a plan, with the name of the one that was shown last."""
        return PLAN_ASKED.sub(lambda match: f'{match["of"]}{self._plan}"', call) if self._plan else call

    def real(self, call: str) -> str:
        """A call with the names of this run."""
        for real, name in self._names.items():
            call = call.replace(name, real)
        return call

    def stable(self, answer: str) -> str:
        """An answer with the names of pages."""
        for match in PLAN.finditer(answer):
            name = self._names.setdefault(match["end"], _token(f"{match['words']} {len(self._names)}", 8))
            if match["where"] != "ads_apply(":
                self._plan = f"{match['words']}.{name}"
        for real in RESULT.findall(answer):
            self._names.setdefault(real, f"r_{_token(str(len(self._names)), 12)}")
        for real, name in self._names.items():
            answer = answer.replace(real, name)
        return CURSOR.sub('"cursor":"…"', TRACE.sub("trace=…", MINUTE.sub(r"\g<1>0", answer)))


def _token(of: str, length: int) -> str:
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "".join(letters[byte % len(letters)] for byte in sha256(of.encode()).digest()[:length])


def cut(answer: str) -> str:
    """What a page shows of an answer: `…` marks what is left out; `meta` stands on several lines."""
    lines = list[str]()
    for line in answer.split("\n"):
        lines += _meta(line) if line.startswith("meta: {") else [line]
    table = next((at for at, line in enumerate(lines) if line.startswith("meta: ")), None)
    most = LINES if table is None else lines.index(_last_of_meta(lines)) + 2 + ROWS
    left = len(lines) - most
    if left > 1:
        lines = [*lines[:most], f"… {left} more lines"]
    return "\n".join(line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…" for line in lines)


def _last_of_meta(lines: list[str]) -> str:
    return next(line for line in lines if line.startswith(("meta: ", " ")) and line.endswith("}"))


def _meta(line: str) -> Iterator[str]:
    """The line of facts, a few facts a line; long ones are cut."""
    facts = json.loads(line.removeprefix("meta: "))
    texts = [f"{json.dumps(name)}:{_short(value)}" for name, value in facts.items()]
    row = "meta: {"
    for fact in texts:
        text = fact + ("}" if fact is texts[-1] else ",")
        if len(row) > len("meta: {") and len(row) + len(text) > WIDTH - 60:
            yield row
            row = "       "
        row += text
    yield row


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= VALUE else f"{text[: VALUE - 1]}…"
