"""Members of a JSON text, also one with comments, set and taken out: all other characters stay."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

TOKEN = re.compile(
    r'(?P<space>\s+)|(?P<comment>//[^\r\n]*|/\*.*?\*/)|(?P<text>"(?:[^"\\]|\\.)*")'
    r"|(?P<mark>[{}\[\],:])|(?P<word>[^\s{}\[\],:\"/]+)|(?P<broken>.)",
    re.DOTALL,
)
BESIDE = re.compile(r"[ \t]*(?://[^\r\n]*|/\*[^\r\n]*?\*/)")
"""A remark on the line of what was last."""
HIDDEN = '"…"'
INDENT = "  "


class Malformed(ValueError):
    """The text is not what it should be; says where."""


@dataclass(frozen=True)
class Member:
    """A name in an object, where it stands in the text, and where its value begins and ends."""

    name: str
    at: int
    begin: int
    end: int


@dataclass(frozen=True)
class Object:
    """An object in the text: just after its brace, its members, where its closing brace is."""

    begin: int
    members: tuple[Member, ...]
    end: int
    last: int
    """Where what is in it ends: after its last value or the comma behind it."""
    comma: bool
    """Whether a comma stands there already."""


def parsed(text: str, *, comments: bool) -> dict[str, Any]:
    """The object a text holds. Raises Malformed for anything else, and for a name it has twice."""
    plain = "".join(_plain(text)) if comments else text
    try:
        found = json.loads(plain, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise Malformed(f"{error.msg}, line {error.lineno}") from None
    except RecursionError:
        raise Malformed("nested too deeply") from None
    if not isinstance(found, dict):
        raise Malformed("not an object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Malformed("an object has a name twice")
    return found


def _plain(text: str) -> Iterator[str]:
    """The text without comments and without commas before a closing bracket; lines stay where they are."""
    comma = ""
    for token in TOKEN.finditer(text):
        part, kind = token[0], token.lastgroup
        if kind in ("space", "comment"):
            yield part if kind == "space" else "\n" * part.count("\n") + " "
            continue
        yield comma if part not in ("}", "]") else ""
        comma = "," if part == "," else ""
        yield "" if comma else part
    yield comma


def set_member(text: str, path: tuple[str, str], value: Mapping[str, Any]) -> str:
    """The text with a member of an object in it set; the object is made where there is none."""
    section, name = path
    newline = "\r\n" if "\r\n" in text else "\n"
    outer = read_object(text, first_brace(text))
    unit = _indent(text, outer)
    inside = next((member for member in outer.members if member.name == section), None)
    if inside is None:
        return _added(text, outer, section, {name: dict(value)}, unit, unit, newline)
    inner = read_object(text, inside.begin)
    known = next((member for member in inner.members if member.name == name), None)
    if known is None:
        return _added(text, inner, name, dict(value), unit, 2 * unit, newline)
    return text[: known.begin] + _written(dict(value), unit, 2 * unit, newline) + text[known.end :]


def without_member(text: str, path: tuple[str, str]) -> str:
    """The text without a member of an object in it, which has to be there; comments around it stay."""
    section, name = path
    outer = read_object(text, first_brace(text))
    inside = next(member for member in outer.members if member.name == section)
    inner = read_object(text, inside.begin)
    place = next(number for number, member in enumerate(inner.members) if member.name == name)
    ours = inner.members[place]
    comma = _comma_after(text, ours.end)
    is_next = comma and not text[ours.end : comma].strip()
    cuts = [_with_its_lines(text, ours.at, comma + 1 if is_next else ours.end)]
    if comma and not is_next:
        cuts.append((comma, comma + 1))
    elif not comma and place and (mark := _comma_after(text, inner.members[place - 1].end)):
        cuts.insert(0, (mark, mark + 1))
    if not _cut(text[: inner.end], cuts)[inner.begin :].strip():
        cuts = [(inner.begin, inner.end)]
    return _cut(text, cuts)


def _cut(text: str, cuts: list[tuple[int, int]]) -> str:
    """The text without some stretches, which are in their order."""
    for begin, end in reversed(cuts):
        text = text[:begin] + text[end:]
    return text


def _comma_after(text: str, at: int) -> int:
    """Where the comma behind a value stands; 0 where there is none."""
    after = TOKEN.finditer(text, at)
    token = next(each for each in after if each.lastgroup not in ("space", "comment"))
    return token.start() if token[0] == "," else 0


def _with_its_lines(text: str, begin: int, end: int) -> tuple[int, int]:
    """The stretch with the lines that have nothing else, or with the blanks before it."""
    first = len(text[:begin].rstrip(" \t"))
    last = end + len(text[end:]) - len(text[end:].lstrip(" \t"))
    begins_line = text[first - 1] == "\n"
    if begins_line and text[last : last + 2].startswith(("\n", "\r\n")):
        return first, text.index("\n", last) + 1
    return (begin, last) if begins_line else (first, end)


def _added(text: str, into: Object, name: str, value: Any, unit: str, depth: str, newline: str) -> str:
    """The text with one more member at the end of an object."""
    member = f"{json.dumps(name, ensure_ascii=False)}: {_written(value, unit, depth, newline)}"
    comma, behind = ("" if into.comma else ","), ("," if into.comma else "")
    comma = comma if into.members else ""
    beside = BESIDE.match(text, into.last)
    remark = beside[0] if beside and into.members else ""
    before, rest = text[: into.last], text[into.last + len(remark) :]
    closing = f"{newline}{depth[len(unit) :]}"
    inside = rest[: into.end - into.last - len(remark)]
    if "\n" not in inside:
        between = inside.strip()
        rest = f"{' ' if between else ''}{between}{closing}{text[into.end :]}"
    return f"{before}{comma}{remark}{newline}{depth}{member}{behind}{rest}"


def _written(value: Any, unit: str, depth: str, newline: str) -> str:
    lines = json.dumps(value, indent=unit, ensure_ascii=False).split("\n")
    return f"{newline}{depth}".join(lines)


def first_brace(text: str) -> int:
    return next(token.start() for token in TOKEN.finditer(text) if token["mark"] == "{")


def _indent(text: str, outer: Object) -> str:
    """What the file indents its first member by."""
    between = text[outer.begin : outer.members[0].begin] if outer.members else ""
    found = re.match(r"\s*?\r?\n([ \t]+)\"", between)
    return found[1] if found else INDENT


def read_object(text: str, at: int) -> Object:
    """The object whose brace stands at a place of a text that was parsed."""
    members: list[Member] = []
    name, named, begin, last, depth, comma, in_value = "", 0, 0, at + 1, 0, False, False
    for token in TOKEN.finditer(text, at + 1):
        part = token[0]
        if token.lastgroup in ("space", "comment"):
            continue
        if in_value and not depth and part in (",", "}"):
            members.append(Member(name, named, begin, last))
            in_value = False
        if in_value:
            begin = begin or token.start()
            depth += (part in ("{", "[")) - (part in ("}", "]"))
            last, comma = token.end(), False
        elif part == "}":
            return Object(at + 1, tuple(members), token.start(), last, comma)
        elif part == ":":
            in_value, begin = True, 0
        elif part == ",":
            last, comma = token.end(), True
        else:
            name, named = json.loads(part), token.start()
    raise Malformed("an object has no end")


def masked(text: str, shown: tuple[int, int] = (0, 0)) -> str:
    """The text without the values and comments people wrote into it, but for a stretch that is ours."""
    parts: list[str] = []
    following = ""
    for token in reversed(list(TOKEN.finditer(text))):
        part, kind = token[0], token.lastgroup
        hides = not shown[0] <= token.start() < shown[1]
        if hides and kind == "comment":
            part = "// …" if part.startswith("//") else "/* … */"
        elif hides and kind == "text" and following != ":":
            part = HIDDEN
        elif hides and kind == "word":
            part = "…"
        parts.append(part)
        following = following if kind in ("space", "comment") else token[0]
    return "".join(reversed(parts))
