"""Blocks that documents print between fences, and how each is held: run, read, or not run for a reason."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
FENCE = re.compile(
    r"^(?P<indent> *)```(?P<info>[^\n]*)\n(?P<text>.*?)^(?P=indent)```", re.MULTILINE | re.DOTALL
)
SAVED = re.compile(r"`(\w+\.(?:py|json))`[^`\n]*:\n+$")
WITHIN = re.compile(r"\$\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
COMMENT = re.compile(r"(?:^|\s)#[^\n]*$", re.MULTILINE)
SHELL = ("sh", "bash")
PLACE = "/path/to/mcp-ads/.venv/bin/mcp-ads"
"""Where the program is, in what is pasted."""


@dataclass(frozen=True)
class Block:
    """What stands between two fences: `page` is the path in the repository, `info` what follows the first."""

    page: str
    line: int
    info: str
    text: str
    saved_as: str = ""
    """The file that the words before it name, as in "where `first.py` is"."""

    @property
    def kind(self) -> str:
        return self.info.split(" ")[0]

    @property
    def title(self) -> str:
        return self.info.partition('title="')[2].rstrip('"')

    @property
    def name(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    """Every document people read, but those that only quote what others were told."""
    found = [ROOT / name for name in ("README.md", "SECURITY.md", "CONTRIBUTING.md")]
    return [*found, *sorted((ROOT / "docs").rglob("*.md"))]


@cache
def blocks() -> list[Block]:
    """All blocks of all documents, in their order."""
    return [block for path in pages() for block in _of(path)]


def _of(path: Path) -> Iterator[Block]:
    text = path.read_text("utf-8")
    for match in FENCE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        named = SAVED.search(text[: match.start()])
        page = path.relative_to(ROOT).as_posix()
        yield Block(page, line, match["info"].strip(), match["text"], named[1] if named else "")


@dataclass(frozen=True)
class Elsewhere:
    """Blocks that no test here runs: those of `page` (the end of a path) whose text has `said`."""

    page: str
    said: str
    why: str
    by: str = ""
    """The test that runs or reads them, where there is one."""

    def fits(self, block: Block) -> bool:
        return block.page.endswith(self.page) and bool(re.search(self.said, block.text, re.MULTILINE))


ELSEWHERE = (
    Elsewhere("", r"\Amake (demo|test)\b",
              "the lines without make stand beside them", "tests/test_printed_commands.py"),
    Elsewhere("", r"-m pytest", "it is this suite"),
    Elsewhere("", r"^python3 -m venv \.venv$|^uvx ", "installs", "tests/printed/test_checkout.py"),
    Elsewhere("", r"^mcp-ads login|\.venv/bin/mcp-ads login", "asks a person", "tests/test_login.py"),
    Elsewhere("", r"pip install (langchain|strands)",
              "another environment", "tests/vendors/test_clients_of_older_mcp.py"),
    Elsewhere("", r"^MADE=\$\(mcp-ads host|SDK_DEV_ADP_API_HOST=\$HOST",
              "a host", "tests/host/test_printed.py"),
    Elsewhere("skills.md", r"^claude plugin", "Claude Code's own program", "tests/skills/test_plugin.py"),
    Elsewhere("", r"^claude mcp add", "Claude Code's own program", "tests/printed/test_first_answers.py"),
    Elsewhere("", r"^npx ", "Node's program", "tests/printed/test_first_answers.py"),
    Elsewhere("start/http.md", r"serve --transport http &",
              "serves", "tests/printed/test_first_answers.py"),
    Elsewhere("python.md", r"serve --transport http",
              "serves", "tests/vendors/test_clients_of_older_mcp.py"),
    Elsewhere("clients.md", r"--install-completion", "changes a shell's own files"),
    Elsewhere("docs/python.md", r"\A(from|import) ", "scripts", "tests/test_python_docs.py"),
    Elsewhere("README.md", r"\Aimport ", "a script", "tests/test_printed_commands.py"),
    Elsewhere("CONTRIBUTING.md", r"", "what an action consists of", "tests/test_contributing.py"),
    Elsewhere("airbyte.md", r"", "needs an account at Airbyte", "tests/test_airbyte.py"),
    Elsewhere("host.md", r"airbyte_agent_sdk",
              "Airbyte's own package", "tests/vendors/test_host_from_zero.py"),
    Elsewhere("host.md", r"docker compose", "needs Docker", "tests/host/test_containerfile.py"),
    Elsewhere("host.md", r"oauth/initiate|^mcp-ads host token",
              "needs a host that runs", "tests/host/test_oauth.py"),
    Elsewhere("host-facebook.md", r"mcp-ads host serve",
              "needs an app at each platform", "tests/host/test_oauth_links.py"),
    Elsewhere("http.md", r"--port 8002", "serves", "tests/server/test_http.py"),
    Elsewhere("architecture.md", r"", "lists of files, made or read by", "tests/test_docs.py"),
    Elsewhere("agency-clients.md", r"^ERROR PolicyError", "an answer", "tests/test_protected.py"),
    Elsewhere("safety.md", r"^raise-daily-budget", "the id of a plan"),
    Elsewhere("README.md", r"\A> ", "a session of the demo, shortened", "tests/test_demo.py"),
)  # fmt: skip


def way(block: Block) -> str:
    """How a block is held; empty where nobody holds it."""
    if any(row.fits(block) for row in ELSEWHERE):
        return "elsewhere"
    if block.title == "answer" or (block.kind == "json" and block.title):
        return "transcript" if block.page.startswith(("docs/jobs/", "docs/start/")) else ""
    if block.kind in SHELL or (block.kind == "text" and re.search(r"^mcp-ads ", block.text, re.MULTILINE)):
        return "shell"
    if block.kind == "json":
        found = json.loads(block.text)
        if "mcpServers" in found or "servers" in found:
            return "config"
        return (
            "call"
            if "entity" in found or "from" in found or {"account_id", "profile_id", "accounts"} & found.keys()
            else ""
        )
    return {"toml": "toml", "python": "python"}.get(block.kind, "")


def commands(text: str) -> Iterator[list[str]]:
    """The words after every `mcp-ads` of a script, also of those inside `$(…)`."""
    for inner in WITHIN.findall(text):
        yield from commands(inner)
    flat = COMMENT.sub("", WITHIN.sub("X", text.replace("\\\n", " ")))
    lexer = shlex.shlex(flat, posix=True, punctuation_chars=";()<>|&\n")
    lexer.whitespace_split, lexer.whitespace, lexer.commenters = (
        True,
        " \t",
        "",
    )  # a comment would take its line's end along
    line = list[str]()
    for word in [*lexer, ";"]:
        if set(word) <= set(";()<>|&\n"):
            yield from _of_ours(line)
            line = []
        else:
            line.append(word)


def _of_ours(line: list[str]) -> Iterator[list[str]]:
    """What follows `mcp-ads` where it is what the line runs, after variables and what starts programs."""
    for at, word in enumerate(line):
        before, first = line[at - 1] if at else "", line[0]
        starts = not at or before in ("--", "-m") or (first != "npx" and ("=" in before or first == "uvx"))
        if starts and word.rpartition("/")[2] in ("mcp-ads", "mcp_ads"):
            yield line[at + 1 :]
            return
