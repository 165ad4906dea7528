"""The site as it is built: complete, without a secret, and readable for everybody in a browser."""

from __future__ import annotations

import functools
import http.server
import itertools
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docs_site import build, examples
from mcp_ads.across import offer

pytest.importorskip("zensical", reason="the extra docs is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
MOST_UNRUN = 8
"""Examples whose request is not shown; each page says why."""
SECRETS = ("sandbox-token", "Atza|", "Atzr|", "amzn1.application-oa2-client.sandbox", "AQX")
PAGES = (
    "",
    "start/claude-code/",
    "jobs/wasted-spend/",
    "safety/",
    "skills/",
    "reference/",
    "reference/linkedin-ads/insight_tags/",
)
WIDE = "reference/facebook-marketing/campaigns/"
"""The page with the longest names; it has too many elements for all of them to be asked about contrast."""
WIDTHS = (375, 1280)
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}
BROKEN = """[...document.querySelectorAll('.md-typeset td code')].flatMap((code) =>
  [...code.childNodes].flatMap((node) => [...node.textContent.matchAll(/[A-Za-z0-9]+/g)].filter((found) => {
    const range = document.createRange();
    if (node.nodeType !== Node.TEXT_NODE) return false;
    range.setStart(node, found.index);
    range.setEnd(node, found.index + found[0].length);
    return range.getClientRects().length > 1;
  }).map((found) => found[0])))"""
"""Names in tables that are broken within a word."""
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built without a warning and without a link that leads nowhere."""
    to = tmp_path_factory.mktemp("site") / "site"
    build.build(to)
    return to


def test_the_reference_is_complete(site: Path) -> None:
    """Every action of every entity has a section with its request, or the reason why none is shown."""
    unrun = 0
    for name in build.CONNECTORS:
        found = offer(name)
        for entity, action, _ in examples.actions(found):
            page = (site / "reference" / found.slug / entity / "index.html").read_text("utf-8")
            assert f'id="{action}"' in page, (entity, action)
        pages = [path.read_text("utf-8") for path in (site / "reference" / found.slug).rglob("index.html")]
        unrun += sum(page.count("The request is not shown") for page in pages)
    assert 0 < unrun <= MOST_UNRUN
    assert (site / "pictures" / "demo.svg").is_file()
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert [secret for secret in SECRETS if secret in text and "reference" in str(path)] == [], path
        assert "<!-- screenshot:" not in text


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Files of a folder, without a line a request."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    """The site's address on this machine."""
    with http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=site)
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


class Reader:
    """Somebody with a browser, and what is wrong with what they are shown."""

    def __init__(self, browser: Any, address: str, width: int, scheme: str) -> None:
        self.address, self.where, self.faults = address, f"{width}, {scheme}", list[str]()
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)

    def read(self, name: str, axe: Any) -> None:
        """Look at a page; `axe` says whether it can be read by everybody, None where that is not asked."""
        page, where = self.context.new_page(), f"{name or 'home'} at {self.where}"
        page.on("console", lambda said: self.note(where, said.text, said.type == "error"))
        page.on("pageerror", lambda error: self.note(where, str(error), True))
        page.on("request", lambda asked: self.note(where, asked.url, not asked.url.startswith(self.address)))
        page.goto(self.address + name)
        page.wait_for_load_state("networkidle")
        self.note(where, "wider than the screen", page.evaluate(TOO_WIDE))
        self.note(where, f"broken: {(broken := page.evaluate(BROKEN))}", bool(broken))
        for one in axe.run(page, options=RULES).response["violations"] if axe else ():
            self.note(where, f"{one['id']}: {one['nodes'][0]['html'][:200]}", True)
        page.close()

    def note(self, where: str, what: str, wrong: bool) -> None:
        """Note what is wrong."""
        self.faults += [f"{where}: {what}"] if wrong else []


@pytest.mark.vendors
@pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not installed")
def test_everybody_can_read_it(served: str) -> None:
    """Narrow or wide, light or dark: nothing is too wide or too pale, fails or is fetched elsewhere."""
    playwright = pytest.importorskip("playwright.sync_api")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    faults: list[str] = []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for scheme, width in itertools.product(("light", "dark"), WIDTHS):
            reader = Reader(browser, served, width, scheme)
            for name in PAGES:
                reader.read(name, axe)
            reader.read(WIDE, None)
            faults += reader.faults
        browser.close()
    assert faults == []
