"""The key of the host: MCP_ADS_HOST_KEY, or a private file beside the data folder."""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from mcp_ads.errors import BadSettings
from mcp_ads.files.lock import Busy, locked
from mcp_ads.files.private_files import created, draft_of, open_to_others, replace

from .keys import SIZE, Keys, fresh_key
from .settings import KEY, HostSettings

OTHERS = 0o077
"""What a file of a key lets nobody but its owner do."""


def keys_of(settings: HostSettings, *, make: bool = False) -> Keys:
    """The keys there are, the first of which seals; read again where something was sealed with another.

    Raises BadSettings where there is none, or a broken one. `make` writes a new one where there is none.
    """
    return Keys(raw_keys(settings, make=make), again=lambda: raw_keys(settings))


def raw_keys(settings: HostSettings, *, make: bool = False) -> tuple[bytes, ...]:
    """The same as bytes."""
    if settings.key:
        return tuple(read(part, KEY) for part in settings.key.split(","))
    path = settings.key_file
    if not path.exists():
        if not make:
            raise BadSettings(
                f"{path}: the key is not there, and what is kept cannot be opened without it: "
                f"bring it back, or set {KEY}. Where nothing is kept yet, `mcp-ads host init` makes one"
            )
        _make(path)
    if why := open_to_others(path):
        raise BadSettings(f"{KEY}: {why}")
    if os.name != "nt" and path.stat().st_mode & OTHERS:
        raise BadSettings(f"{KEY}: {path} can be read by others than its owner; chmod 600 {path}")
    try:
        lines = path.read_text("utf-8-sig").split()
    except (OSError, UnicodeDecodeError):
        raise BadSettings(f"{path}: cannot be read") from None
    if not lines:
        raise BadSettings(f"{path}: there is no key in it")
    return tuple(read(line, str(path)) for line in lines)


def read(text: str, where: str) -> bytes:
    """A key as it is written down. Raises BadSettings, without any of it."""
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != SIZE:
        raise BadSettings(
            f"{where}: a key is {SIZE} bytes in base64; `mcp-ads host rotate-key --print` makes one"
        )
    return key


def written(keys: tuple[bytes, ...]) -> bytes:
    """Keys as a file has them, the one that seals first."""
    return b"".join(base64.b64encode(key) + b"\n" for key in keys)


def keep(settings: HostSettings, keys: tuple[bytes, ...]) -> None:
    """Replace the file. Raises BadSettings where it cannot be written."""
    try:
        replace(settings.key_file, written(keys), synced=True)
    except OSError:
        raise BadSettings(f"{settings.key_file}: cannot be written") from None


@contextlib.contextmanager
def rotating(settings: HostSettings) -> Iterator[None]:
    """Nobody else rotates meanwhile: of two, one would take the key away that the other seals with.

    Raises BadSettings.
    """
    try:
        settings.key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with locked(settings.key_file.with_name("host.key.lock")):
            yield
    except Busy:
        raise BadSettings("the key is being rotated by another command; wait until it has ended") from None


def _make(path: Path) -> None:
    """A new key, on the disk as a whole before anything is sealed with it; never in the place of another."""
    draft = draft_of(path)
    try:
        with created(draft) as file:
            file.write(written((fresh_key(),)))
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError:
        raise BadSettings(f"{path}: cannot be written") from None
    finally:
        draft.unlink(missing_ok=True)
