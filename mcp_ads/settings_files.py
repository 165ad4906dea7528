"""The clients file, and what is odd about the files a person writes in the home: each a line to be told."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .clients import FILE
from .errors import BadSettings
from .files.private_files import open_to_others

if TYPE_CHECKING:
    from .settings import Settings

CONNECTIONS = "connections.toml"
_NEARLY = re.compile(r"clients?(?:[ _-]?\.(?:toml|tml|ini))?(?:\.txt|\.toml)?", re.IGNORECASE)
"""Names that people, and editors which add an ending of their own, give the clients file."""


def with_clients(settings: Settings, mistakes: list[str]) -> Settings:
    """The settings with the clients written down in `records`, as they were where no file is there."""
    notes = [*_misnamed(settings.records), *_open(settings)]
    if os.path.lexists(settings.records / FILE):
        from .clients_file import read

        try:
            settings = replace(settings, clients=read(settings.records))
        except BadSettings as error:
            mistakes += error.lines
            return settings
        if not settings.clients and settings.clients.rates is None:
            notes.append(f"{settings.records / FILE} has no client in it, so that nothing is protected")
    unknown = tuple(dict.fromkeys([*settings.unknown, *notes]))
    return replace(settings, unknown=unknown) if notes else settings


def _misnamed(folder: Path) -> Iterator[str]:
    """Files that were meant to be the clients file; where case means nothing they are."""
    try:
        nearly = sorted(path for path in folder.iterdir() if _NEARLY.fullmatch(path.name))
    except OSError:
        return
    own = folder / FILE
    for path in nearly:
        if path.name != FILE and path.is_file() and not (own.exists() and path.samefile(own)):
            yield f"{path}: nothing reads a file of that name; did you mean {FILE}?"


def _open(settings: Settings) -> Iterator[str]:
    """Files that guard, where others can lift what they guard."""
    paths = [settings.records / FILE]
    if not settings.sandbox:
        paths.append(settings.home / CONNECTIONS)
    yield from filter(None, map(open_to_others, paths))
