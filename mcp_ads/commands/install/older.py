"""An entry that is there already: what the user wrote into it stays, and nothing that limits it gets lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mcp_ads.errors import BadSettings
from mcp_ads.serving import parse
from mcp_ads.situation import NAME

from .entry import Entry, stem
from .writing import CannotInstall

FILE, OPTION = "MCP_ADS_ENV_FILE", "--env-file"
LAUNCHERS = re.compile(r"uvx?|pipx|pythonw?[\d.]*|py")
"""What starts us with words of its own, which the new entry does without."""
WITH_VALUE = ("--from", "--with", "--directory", "--project", "--python", "-p")
PLACES = (*WITH_VALUE, "-m", "--quiet", "-q")
"""Options of theirs that only say which program is meant; others may set something."""
OF_UV = ("run", "tool", "x", "python", "python3")
"""Words that uv and pipx have in front of a program; to a Python each would be a script."""


def renewed(
    old: Mapping[str, Any], made: Entry, path: Path, *, file_is_named: bool
) -> tuple[Entry, list[str]]:
    """The entry made anew with what the user wrote into the old one, and lines about what differs.

    What the old one sets stays, whatever this shell has: a shell in which somebody tried something must not
    loosen what a client may do. `file_is_named` is whether the user named a settings file now. Raises
    CannotInstall where the old entry starts us in a way that is not understood.
    """
    given = old.get("env", {})
    if not isinstance(given, Mapping):
        raise _unclear(path, "its env is not an object")
    words, lines = _words(old, path), []
    if file_is_named:
        words, before = _without_file(words)
        if before := before or str(given.get(FILE, "")):
            lines.append(f"settings file: {made['env'][FILE]} now; it was {before}")
        given = {name: value for name, value in given.items() if name != FILE}
    new = dict(made.get("env", {}))
    lines += [
        f"{name} stays as it is in {path}, which is not what this shell has; change it there"
        for name in given
        if name in new and str(given[name]) != new[name]
    ]
    more = [name for name in new if name not in given and not (file_is_named and name == FILE)]
    if more and not file_is_named and (FILE in given or "envFile" in old or _without_file(words)[1]):
        left = f"{', '.join(more)}: set in this shell, and not added"
        lines.append(f"{left}: the entry has a settings file, put it there")
        new = {}
    elif more:
        lines.append(f"new in the entry, from this shell: {', '.join(more)}")
    env = {**new, **given}
    whole = {**old, **made, "args": [*made["args"], *words]}
    whole.pop("env", None)
    return whole | ({"env": env} if env or "env" in old else {}), lines


def _words(old: Mapping[str, Any], path: Path) -> list[str]:
    """What the server is started with, after `serve`. Raises CannotInstall."""
    given = old.get("args", [])
    if not isinstance(given, list) or not all(isinstance(word, str) for word in given):
        raise _unclear(path, "its args are not a list of words")
    command = stem(str(old.get("command", "")))
    words = list(given)
    if command != NAME:
        words, odd, is_wrapped = _past_program(command, words)
        if odd or is_wrapped or not LAUNCHERS.fullmatch(command):
            other = " and another program or script" if is_wrapped else ""
            raise _unclear(path, f"it is started by {' '.join([command, *odd])!r}{other}")
    if words[:1] == ["serve"]:
        words = words[1:]
    try:
        parse(words)
    except BadSettings as error:
        raise _unclear(path, f"its args are not those of a server ({error.lines[0]})") from None
    return words


def how_it_is_started(entry: Mapping[str, Any]) -> str:
    """What starts an entry if that is not mcp-ads itself, or what may only lead to it; empty otherwise."""
    command, given = stem(str(entry.get("command", ""))), entry.get("args", [])
    if command == NAME:
        return ""
    words = [str(word) for word in given] if isinstance(given, list) else []
    _, _, is_wrapped = _past_program(command, words)
    return command if is_wrapped or not LAUNCHERS.fullmatch(command) else ""


def _past_program(command: str, words: list[str]) -> tuple[list[str], list[str], bool]:
    """What stands after our program, the options before it that may set something, and if more stands there.

    The first word that is neither an option nor the value of one is what is started.
    """
    left, odd, bare = list(words), [], OF_UV if command.startswith(("uv", "pipx")) else ()
    while left:
        word = left.pop(0)
        name, is_whole, _ = word.partition("=")
        if word.startswith("-"):
            odd += [name] if name not in PLACES else []
            del left[: name in WITH_VALUE and not is_whole]
        elif word == "mcp_ads" or stem(word) == NAME:
            return left, odd, False
        elif word not in bare:
            break
    return left, odd, True


def _without_file(words: list[str]) -> tuple[list[str], str]:
    """The words without the settings file they name, and that file."""
    rest, found, left = [], "", list(words)
    while left:
        word = left.pop(0)
        name, is_whole, value = word.partition("=")
        if name == OPTION:
            found = value if is_whole else left.pop(0)
        else:
            rest.append(word)
    return rest, found


def _unclear(path: Path, why: str) -> CannotInstall:
    return CannotInstall(
        f"the entry in {path} is not understood: {why}; nothing was changed",
        fix="take it out, or choose another with --name; --print shows what would be written",
    )
