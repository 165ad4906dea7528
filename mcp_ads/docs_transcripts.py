"""The answers printed in docs/jobs and docs/start: each call of a page made anew, in the sandbox, on one day.

A call is a block of JSON whose title is the tool; the block titled `answer` after it is what comes back.
`<!-- sandbox: agency -->` at the top of a page has it made in the agency's world.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

DAY = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
"""When every transcript takes place, so that no figure moves from day to day."""
FOLDERS = ("jobs", "start")
CALL = re.compile(
    r'^```json title="(?P<tool>ads_\w+|\w+_execute)"\n(?P<call>.*?)^```\n(?P<old>\n```text title="answer"\n.*?^```\n)?',
    re.MULTILINE | re.DOTALL,
)
WORLD = re.compile(r"^<!-- sandbox: (\w+) -->$", re.MULTILINE)
CLIENTS = re.compile(r"^<!-- clients -->\n+```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
PLAN = re.compile(r"^PLAN (\S+)\.(\w{8})$", re.MULTILINE)
RESULT = re.compile(r"\br_[a-z0-9]{12}\b")
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

    world, clients = WORLD.search(text), CLIENTS.search(text)
    with tempfile.TemporaryDirectory(prefix="mcp-ads-docs-") as home, time_machine.travel(DAY, tick=True):
        return asyncio.run(_played(text, Path(home), world[1] if world else "1", clients and clients[1]))


async def _played(text: str, home: Path, world: str, clients: str | None) -> str:
    from fastmcp import Client

    from .server import build_server
    from .settings import load

    kept = home / ("sandbox" if world == "1" else f"sandbox-{world}")
    kept.mkdir(mode=0o700)
    known = clients or (_agencys_clients() if world == "agency" else "")
    if known:
        (kept / "clients.toml").write_text(known, "utf-8")
    environ = {
        "MCP_ADS_SANDBOX": world, "MCP_ADS_SANDBOX_REPORT_DELAY": "0", "MCP_ADS_HOME": str(home),
        "MCP_ADS_KEYRING": "off",
    }  # fmt: skip
    parts, at, stable = list[str](), 0, dict[str, str]()
    async with Client(build_server(load(environ=environ))) as client:
        for call in CALL.finditer(text):
            result = await client.call_tool(call["tool"], _asked(call["call"], stable), raise_on_error=False)
            answer = "\n".join(getattr(content, "text", "") for content in result.content)
            shown = cut(_named(answer, stable))
            parts += [text[at : call.end("call")], f'```\n\n```text title="answer"\n{shown}\n```\n']
            at = call.end()
    return "".join([*parts, text[at:]])


def _agencys_clients() -> str:
    """What `mcp-ads sandbox --world agency --clients` prints."""
    from .commands.sandbox import sandbox

    with contextlib.redirect_stdout(io.StringIO()) as printed:
        sandbox(world="agency", clients=True)
    return printed.getvalue()


def _asked(call: str, stable: Mapping[str, str]) -> dict[str, Any]:
    """The arguments, with the names that this run has for what the page calls by another."""
    for real, name in stable.items():
        call = call.replace(name, real)
    found: dict[str, Any] = json.loads(call)
    return found


def _named(answer: str, stable: dict[str, str]) -> str:
    """The answer with names that do not differ from run to run, which `stable` remembers."""
    for match in PLAN.finditer(answer):
        stable.setdefault(match[2], _token(f"{match[1]}{len(stable)}", 8))
    for real in RESULT.findall(answer):
        stable.setdefault(real, f"r_{_token(str(len(stable)), 12)}")
    for real, name in stable.items():
        answer = answer.replace(real, name)
    return CURSOR.sub('"cursor":"…"', answer)


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
        lines = [*lines[:most], f"… {left} more {'lines' if table is None else 'rows'}"]
    return "\n".join(line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…" for line in lines)


def _last_of_meta(lines: list[str]) -> str:
    return next(line for line in lines if line.startswith(("meta: ", " ")) and line.endswith("}"))


def _meta(line: str) -> Iterator[str]:
    """The line of facts, a few facts a line; long ones are cut."""
    facts = json.loads(line.removeprefix("meta: "))
    texts = [f"{json.dumps(name)}:{_short(value)}" for name, value in facts.items()]
    row = "meta: {"
    for at, text in enumerate(texts):
        text += "}" if at == len(texts) - 1 else ","
        if len(row) > len("meta: {") and len(row) + len(text) > WIDTH - 60:
            yield row
            row = "       "
        row += text
    yield row


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if len(text) <= VALUE else f"{text[: VALUE - 1]}…"
