"""What can be wrong with pages that were made: links that lead nowhere, and whatever is fetched from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

FETCHED = {
    ("link", "href"), ("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("source", "srcset"),
    ("video", "src"), ("audio", "src"), ("object", "data"), ("embed", "src"), ("form", "action"),
}  # fmt: skip
"""Where an address in a page is asked for without anybody's click."""
NOT_FETCHED = frozenset({"canonical", "alternate", "prev", "next"})
"""Relations of a `link` that only say what something is."""
IN_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?((?:https?:)?//[^"')\s]+)""")
OWN_STYLES = re.compile(r"""<style[^>]*>(.*?)</style>|\sstyle="([^"]*)\"""", re.DOTALL)
NAMESPACE = "http://www.w3.org/"
SCHEMES = frozenset({"http", "https", "mailto"})
NUMBER = re.compile(r"__\w+")
"""Anchors that the theme's own script makes."""


class Page(HTMLParser):
    """What a page leads to, what it fetches, and the places in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links, self.fetched, self.ids = set[str](), set[str](), set[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what stands in a tag."""
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        for name, value in given.items():
            if (tag, name) in FETCHED and not NOT_FETCHED & {*given.get("rel", "").split()}:
                self.fetched.add(value)
            elif (tag, name) == ("a", "href"):
                self.links.add(value)


def wrong(site: Path) -> Iterator[str]:
    """A line for each mistake in a site."""
    pages = {path: Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        yield from (
            f"{name}: {link} {why}"
            for link in sorted(page.links)
            if (why := _nowhere(link, path, site, pages))
        )
        for address in sorted(page.fetched):
            if urlsplit(address).netloc:
                yield f"{name}: {address} is fetched from elsewhere"
            elif why := _nowhere(address, path, site, pages):
                yield f"{name}: {address} {why}"
    for path in sorted([*site.rglob("*.css"), *site.rglob("*.svg"), *pages]):
        for address in IN_STYLE.findall(_styles(path)):
            yield f"{path.relative_to(site).as_posix()}: {address} is fetched from elsewhere"


def _nowhere(link: str, path: Path, site: Path, pages: Mapping[Path, Page]) -> str:
    """Why a link leads nowhere; "" where it leads somewhere. Of addresses elsewhere only the form is looked at."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc:
        fits = parts.scheme in SCHEMES and (
            parts.scheme == "mailto" or "." in parts.netloc or ":" in parts.netloc
        )
        return "" if fits else "is no address"
    base = site if parts.path.startswith("/") else path.parent
    target = (base / unquote(parts.path).lstrip("/")).resolve() if parts.path else path
    target = target / "index.html" if target.is_dir() else target
    if not target.is_file():
        return "leads to no page"
    place = unquote(parts.fragment)
    known = not place or target not in pages or place in pages[target].ids or NUMBER.fullmatch(place)
    return "" if known else "leads to no place in its page"


def _styles(path: Path) -> str:
    """What may have addresses of styles: all of a stylesheet and a picture, of a page its styles."""
    text = path.read_text("utf-8").replace(NAMESPACE, "")
    parts = OWN_STYLES.findall(text) if path.suffix == ".html" else [(text, "")]
    return "\n".join(part for found in parts for part in found)
