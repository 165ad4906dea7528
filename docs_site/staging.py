"""The documents of this repository as pages of one folder: links lead to pages, or to copies of files."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
BESIDE = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md", "SECURITY.md": "security.md"}
"""Documents outside of docs/ -> their pages."""
FILES = "files"
"""Where copies of files are that documents lead to and that are no pages."""
FENCE = re.compile(r"^ *(`{3,}|~{3,})")
LINK = re.compile(r"\]\((?!\w+:|#)([^)\s#]+)(#[^)\s]*)?\)")
MENTION = re.compile(r"(?<![\w/(`\[.])docs/([\w/-]+\.md)(?![\w`\]])")
CODE = re.compile(r"(`[^`]*`|\[[^\]]*\]\([^)]*\))")


def documents(root: Path = ROOT) -> dict[str, Path]:
    """Pages -> the documents that they are made of."""
    found = {
        path.relative_to(root / "docs").as_posix(): path for path in sorted((root / "docs").rglob("*.md"))
    }
    return found | {page: root / name for name, page in BESIDE.items()}


def staged(to: Path, root: Path = ROOT) -> None:
    """Write every document into a folder. Raises ValueError for a link that leads to no file."""
    pages = documents(root)
    there = {path: page for page, path in pages.items()}
    for page, path in pages.items():

        def linked(target: Path, page: str = page) -> str:
            return os.path.relpath(there.get(target) or _copied(target, to, root), PurePosixPath(page).parent)

        place = to / page
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("\n".join(_relinked(path, linked, root)), "utf-8")


def _relinked(path: Path, linked: Callable[[Path], str], root: Path) -> Iterator[str]:
    """The lines of a document; those of code stay as they are."""
    fence = ""
    for line in path.read_text("utf-8").split("\n"):
        if mark := FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        yield line if fence or mark else _line(line, path, linked, root)


def _line(line: str, path: Path, linked: Callable[[Path], str], root: Path) -> str:
    def link(found: re.Match[str]) -> str:
        target = (path.parent / found[1]).resolve()
        if not target.is_file():
            raise ValueError(f"{path.relative_to(root)}: {found[1]} leads to no file")
        return f"]({linked(target)}{found[2] or ''})"

    def mention(found: re.Match[str]) -> str:
        target = (root / "docs" / found[1]).resolve()
        return f"[{found[0]}]({linked(target)})" if target.is_file() else found[0]

    parts = CODE.split(line)
    parts[::2] = [MENTION.sub(mention, LINK.sub(link, part)) for part in parts[::2]]
    parts[1::2] = [part if part.startswith("`") else LINK.sub(link, part) for part in parts[1::2]]
    return "".join(parts)


def _copied(target: Path, to: Path, root: Path) -> str:
    """A file of the repository beside the pages; the path of its copy."""
    place = PurePosixPath(FILES) / target.relative_to(root).as_posix()
    name = f"{place}.txt" if target.suffix in ("", ".py", ".md") else str(place)
    copy = to / name
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(target.read_bytes())
    return name
