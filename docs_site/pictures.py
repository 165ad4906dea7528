"""Pictures of the sandbox, taken while the site is built: a terminal, and the page on which a user consents."""

from __future__ import annotations

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
from rich.console import Console
from rich.text import Text

from mcp_ads.commands.demo import environment

MARK = re.compile(r"^<!-- screenshot:(\w+) -->$", re.MULTILINE)
FOLDER = "pictures"
COLUMNS, MOST_LINES = 108, 30
SCENE = "6. Pause what wasted money"
"""The scene of the demo that a picture is taken of."""
PATIENCE = 60.0
"""Seconds for a server to answer."""
SVG = """<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: {char_height}px; line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""
"""As rich has it, but for fonts that it fetches from elsewhere."""


def taken(sources: Path) -> None:
    """Put a picture in place of each mark in a page; nothing, where this machine cannot take it.

    Raises KeyError for a mark that names none.
    """
    made = dict[str, str]()
    (sources / FOLDER).mkdir()
    for page in sorted(sources.rglob("*.md")):
        text = page.read_text("utf-8")
        for name in MARK.findall(text):
            if name not in made:
                made[name] = PICTURES[name](sources / FOLDER)
            way = os.path.relpath(sources / FOLDER / made[name], page.parent)
            shown = f"![{SAID[name]}]({way})" if made[name] else ""
            text = text.replace(f"<!-- screenshot:{name} -->", shown)
        page.write_text(text, "utf-8")


def demo(folder: Path) -> str:
    """A scene of `mcp-ads demo` as a terminal shows it, as SVG; the file's name."""
    with tempfile.TemporaryDirectory() as home:
        known = {**environment(Path(home)), "COLUMNS": str(COLUMNS), "PYTHONUTF8": "1"}
        said = _ran(["demo"], known)
    scene = said[said.index(SCENE) :].splitlines()[:MOST_LINES]
    shown = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    shown.print(Text("\n".join(["$ mcp-ads demo", "…", *scene, "…"])))
    (folder / "demo.svg").write_text(shown.export_svg(title="mcp-ads demo", code_format=SVG), "utf-8")
    return "demo.svg"


def consent(folder: Path) -> str:
    """The page that a one-time link of a host opens, as a browser shows it; "" where there is no Chromium."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        return ""
    place = folder / "consent.png"
    with tempfile.TemporaryDirectory() as home, _host(Path(home)) as known:
        link = _ran(["host", "link", "facebook-marketing", "--workspace", "first"], known).split()[0]
        words = [
            browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            f"--user-data-dir={home}/browser", f"--screenshot={place}", "--window-size=760,260", link,
        ]  # fmt: skip
        subprocess.run(words, capture_output=True, check=True, timeout=PATIENCE)  # noqa: S603
    return place.name


@contextmanager
def _host(home: Path) -> Iterator[dict[str, str]]:
    """A host with one organization, on a port that is free; the environment in which its commands reach it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    known = {**environment(home), "MCP_ADS_HOST_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    _ran(["host", "init", "--organization", "Tern & Tide", "--json"], known)
    words = [*OURS, "host", "serve", "--port", port]
    with subprocess.Popen(words, env=known, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:  # noqa: S603
        try:
            _wait(f"{known['MCP_ADS_HOST_PUBLIC_URL']}/healthz")
            yield known
        finally:
            running.terminate()


def _wait(url: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"{url} does not answer")


OURS = [sys.executable, "-m", "mcp_ads"]


def _ran(words: list[str], known: Mapping[str, str]) -> str:
    """What a command of ours prints. Raises CalledProcessError where it fails."""
    return subprocess.run([*OURS, *words], env=known, capture_output=True, text=True, check=True).stdout  # noqa: S603


PICTURES: Mapping[str, Callable[[Path], str]] = {"demo": demo, "consent": consent}
SAID = {
    "demo": "A terminal: mcp-ads demo finds campaigns that wasted money, plans to pause them, and shows the plan",
    "consent": "The page of a one-time link: Tern & Tide asks to use your Facebook ads account, with one button",
}
