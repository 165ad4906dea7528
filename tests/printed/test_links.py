"""Links from document to document lead somewhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from fenced import FENCE, ROOT, pages

LINK = re.compile(r"(?<!\\)\[[^\]]*\]\((?P<to>[^()\s]+(?:\([^()]*\))?)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
MOST = 120


@cache
def said(path: Path) -> str:
    """A document without what stands between fences or in quotes of code."""
    return re.sub(r"`[^`\n]*`", "x", FENCE.sub("", path.read_text("utf-8")))


@cache
def anchors(path: Path) -> frozenset[str]:
    """What `#…` may follow a document's name, as GitHub and the site make it of its headings."""
    titles = HEADING.findall(FENCE.sub("", path.read_text("utf-8")))
    plain = (
        re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title).lower()) for title in titles
    )
    return frozenset(title.strip().replace(" ", "-") for title in plain)


def test_every_relative_link_leads_somewhere() -> None:
    """To a file that is there, and to a heading of it."""
    wrong, count = list[str](), 0
    for page in [*pages(), ROOT / "CHANGELOG.md"]:
        for to in (match["to"] for match in LINK.finditer(said(page))):
            path, _, anchor = to.partition("#")
            if re.match(r"[a-z]+:", to):
                continue
            count += 1
            found = (page.parent / path).resolve() if path else page
            if not found.exists() or (anchor and anchor not in anchors(found)):
                wrong.append(f"{page.relative_to(ROOT)}: {to}")
    assert wrong == []
    assert count > MOST
