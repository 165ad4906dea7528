"""Tables of a TOML text, set and taken out: all other characters stay."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from .jsonc import Malformed

HEADER = re.compile(r"\s*\[{1,2}[^\[\]]*\]{1,2}\s*(#.*)?")
LINE = re.compile(r"[^\n]*\n|[^\n]+")
ASSIGNED = re.compile(r"(\s*[\w.\"'-]+\s*=).*")


def parsed(text: str) -> dict[str, Any]:
    """What a text holds. Raises Malformed."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Malformed(str(error)) from None
    except RecursionError:
        raise Malformed("nested too deeply") from None


def table(path: tuple[str, str], value: Mapping[str, Any]) -> str:
    """A table under its header, without a newline at its end."""
    section, name = path
    inside = tomlkit.table()
    for key, each in value.items():
        inside.add(key, each)
    whole = tomlkit.document()
    whole[section] = tomlkit.table(is_super_table=True).add(name, inside)
    return tomlkit.dumps(whole).strip("\n")


def set_member(text: str, path: tuple[str, str], value: Mapping[str, Any]) -> str:
    """The text with a table in it set; a new one comes last. Raises Malformed."""
    newline = "\r\n" if text.count("\r\n") == text.count("\n") > 0 else "\n"
    plain = text.replace(newline, "\n")
    section, name = path
    try:
        if name not in parsed(plain).get(section, {}):
            apart = "\n" * (2 - (len(plain) - len(plain.rstrip("\n"))))
            whole = f"{plain}{apart}{table(path, value)}\n"
            tomlkit.parse(whole)
            return whole.replace("\n", newline)
        document: Any = tomlkit.parse(plain)
        known = document[section][name]
        for key in [key for key in known if key not in value]:
            del known[key]
        for key, each in value.items():
            if known.get(key) != each:
                known[key] = each
        return tomlkit.dumps(document).replace("\n", newline)
    except (TOMLKitError, TypeError, KeyError) as error:
        raise Malformed(f"a table cannot be put into it: {type(error).__name__}") from None


def without_member(text: str, path: tuple[str, str]) -> str:
    """The text without a table that is in it, and those inside that; remarks around them stay.

    Raises Malformed.
    """
    lines = LINE.findall(text)
    left, at = list[str](), 0
    while at < len(lines):
        if not (_heads(lines[at], path) and _is_whole(lines[:at])):
            left.append(lines[at])
            at += 1
            continue
        if left and not left[-1].strip():
            left.pop()
        at = _end(lines, at)
    return "".join(left) if len(left) < len(lines) else _without_key(text, path)


def _heads(line: str, path: tuple[str, str]) -> bool:
    """Whether a line is the header of a table, or of one inside it."""
    found: Any = _header(line)
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return isinstance(found, dict)


def _header(line: str) -> dict[str, Any]:
    """What a line makes if it is the header of a table; nothing otherwise."""
    try:
        return tomllib.loads(line) if line.lstrip().startswith("[") else {}
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _is_whole(lines: Sequence[str]) -> bool:
    """Whether what these lines say ends with them: no text or list goes on."""
    try:
        tomllib.loads("".join(lines))
    except (tomllib.TOMLDecodeError, RecursionError):
        return False
    return True


def _end(lines: Sequence[str], begin: int) -> int:
    """The line after the last key of a table; blank lines and remarks before the next header are its."""
    after = range(begin + 1, len(lines))
    end = next((at for at in after if _header(lines[at]) and _is_whole(lines[begin:at])), len(lines))
    while _is_remark(lines[end - 1]) and _is_whole(lines[begin : end - 1]):
        end -= 1
    return end


def _is_remark(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")


def _without_key(text: str, path: tuple[str, str]) -> str:
    """The text without a table that has no header of its own."""
    newline = "\r\n" if text.count("\r\n") == text.count("\n") > 0 else "\n"
    section, name = path
    try:
        document: Any = tomlkit.parse(text.replace(newline, "\n"))
        del document[section][name]
        return tomlkit.dumps(document).replace("\n", newline)
    except (TOMLKitError, TypeError, KeyError) as error:
        raise Malformed(f"a table cannot be taken out of it: {type(error).__name__}") from None


def masked(text: str, shown: Collection[str] = ()) -> str:
    """The text without values and comments people wrote, but for lines that are shown as they are: ours."""
    return "\n".join(line if line in shown else _masked(line) for line in text.splitlines())


def _masked(line: str) -> str:
    if HEADER.fullmatch(line):
        return line.partition("#")[0].rstrip()
    if assigned := ASSIGNED.fullmatch(line):
        return f"{assigned[1]} …"
    return line and ("# …" if line.lstrip().startswith("#") else "…")
