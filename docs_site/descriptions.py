"""What search engines and shared links say of a page: its first sentences, as its `description`."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

HOME = "Facebook, LinkedIn and Amazon ads for AI agents"
"""The title of the first page, whose heading is the name of the site."""
MOST = 160
"""Characters that are shown of a description."""
FENCED = re.compile(r"^( *)(`{3,}|~{3,}).*?^\1\2 *$", re.MULTILINE | re.DOTALL)
PROSE = re.compile(r"^(?:\w|`|\*\*|\[|> )")
MARKUP = (
    (re.compile(r"\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"^> |<[^>]*>|\*\*|`", re.MULTILINE), ""),
    (re.compile(r"\s+"), " "),
)
"""Links, code and bold, and what stands in their place in plain text."""


def described(sources: Path) -> None:
    """Give every page below a folder its own description; one without a sentence keeps the site's."""
    for page in sorted(sources.rglob("*.md")):
        text = page.read_text("utf-8")
        if said := first(text):
            facts = {"description": html.escape(said)}  # the theme writes it as it is
            facts |= {"title": HOME} if page == sources / "index.md" else {}
            lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items()]
            page.write_text("\n".join(["---", *lines, "---", "", text]), "utf-8")


def first(text: str) -> str:
    """The first paragraph of a page as plain text, cut between words; "" where it has none."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", FENCED.sub("\n\n", text)))
    said = next(filter(PROSE.match, parts), "")
    for known, instead in MARKUP:
        said = known.sub(instead, said)
    said = html.unescape(said).strip(' "').removesuffix(":")
    return said if len(said) <= MOST else said[: said.rindex(" ", 0, MOST)].rstrip(" ,;:(") + "…"
