"""Texts of the declarations as Markdown: nothing in them is markup, and tables stay tables."""

from __future__ import annotations

import html
import json
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

CODE = re.compile(r"(`[^`]*`)")
MARKUP = re.compile(r"[*_\[\]~#\\|`!:]")


def plain(text: str) -> str:
    """A text in which only code between backticks is markup."""
    parts = CODE.split(text)
    return "".join(_code(part) if number % 2 else _escaped(part) for number, part in enumerate(parts))


def code(text: str) -> str:
    """A text as code, inside a table too; a long name may be broken after an underscore."""
    return f"<code>{_escaped(text)}</code>".replace("&#95;", "&#95;<wbr>")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """A table; the cells are Markdown without bare pipes."""
    columns = list(head)
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def tabs(named: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """Blocks of code beside one another: title -> (language, text)."""
    for title, (language, text) in named.items():
        yield from (f'=== "{title}"', "", f"    ````{language}")
        yield from (f"    {line}".rstrip() for line in text.splitlines())
        yield from ("    ````", "")


def laid_out(value: Any) -> str:
    """JSON as it is read."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def quoted(value: Any) -> str:
    """JSON as a word of a shell."""
    return shlex.quote(json.dumps(value, ensure_ascii=False))


def _code(text: str) -> str:
    return code(text[1:-1])


def _escaped(text: str) -> str:
    parts = re.split(r"([<>&])", text)
    safe = (html.escape(part) if part in "<>&" else MARKUP.sub(_as_number, part) for part in parts)
    return "".join(safe)


def _as_number(found: re.Match[str]) -> str:
    return f"&#{ord(found[0])};"
