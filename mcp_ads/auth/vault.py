"""Where what a sign-in gave is kept: its facts in a private file, its secrets in the keyring or in that file.

A file names the place in the keyring that belongs to it, one of two: new secrets go to the other one, then
the file is replaced as a whole, and only then is the old place emptied. Whenever the process ends, the file
and the secrets it names fit together.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import secrets
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from mcp_ads.errors import NoRecord, NotConfigured
from mcp_ads.files.lock import locked
from mcp_ads.files.private_files import FILE, FOLDER, forget_drafts, opened, replace

from .keyring import SERVICE, Keyring, KeyringFailed
from .signed_in import SignedIn
from .vault_protocol import Vault

Mode = Literal["auto", "on", "off"]
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
PLACES = ("", ":b")
"""What the two places of one name in the keyring end in."""
FOLDER_NAME = "signed-in"
LINK = "its folder is a link"
OTHERS = 0o077
"""The rights of anybody but the owner."""


def vault(home: Path, *, may_prompt: bool = False, keyring: str = "") -> Vault:
    """The vault of one home. Only what a person has just started may prompt: `login` and `logout`.

    `keyring` is MCP_ADS_KEYRING as the settings have it; left out, as the process environment has it.
    """
    return FileVault(home, FOLDER_NAME, mode_of(keyring), may_prompt=may_prompt)


def mode_of(keyring: str) -> Mode:
    """The mode that is meant; anything but its three words means never to ask the keyring."""
    text = (keyring or os.environ.get("MCP_ADS_KEYRING", "") or "auto").strip().lower()
    return "auto" if text == "auto" else "on" if text == "on" else "off"


class FileVault:
    """One private file a name in a folder of the home, with the secrets in it or in the keyring."""

    def __init__(self, home: Path, folder: str, mode: Mode, *, may_prompt: bool = False) -> None:
        self._home, self._folder, self._mode = home, home / folder, mode
        self._keyring = Keyring(home, may_prompt)
        self._known: dict[str, tuple[bytes, SignedIn]] = {}
        """What was read from the keyring, with the file that named it."""

    @cached_property
    def _backend(self) -> str:
        return "" if self._mode == "off" else self._keyring.usable(insisted=self._mode == "on")

    @property
    def place(self) -> str:
        return f"the keyring ({self._backend})" if self._backend else str(self._folder)

    def read(self, name: str) -> SignedIn | None:
        content = self._content(name)
        if content is None:
            return None
        known, signed_in = self._known.get(name, (None, None))
        if known == content:
            return signed_in
        found = self._parsed(name, content)
        if found is None:
            return None
        if not found["place"]:
            return self._built(name, found["facts"], found["secrets"])
        kept = self._secrets(name, found["place"])
        if (signed_in := self._built(name, found["facts"], kept)) is not None:
            self._known[name] = (content, signed_in)
        return signed_in

    def facts(self, name: str) -> SignedIn | None:
        content = self._content(name)
        found = None if content is None else self._parsed(name, content)
        return self._built(name, found["facts"], {}) if found else None

    def write(self, name: str, signed_in: SignedIn) -> None:
        old = self._place_of(name)
        document: dict[str, Any] = {"version": 1, "id": secrets.token_hex(8), "facts": signed_in.facts()}
        new = self._into_keyring(name, signed_in, old)
        document |= {"place": new} if new else {"secrets": signed_in.secrets}
        path = self._path(name)
        try:
            self._replace(path, json.dumps(document).encode())
        except OSError as error:
            self._empty(new)
            raise NoRecord(
                f"what signing in gave cannot be kept in {path} ({error.strerror})",
                fix=f"make {self._folder} writable for its owner only, and no link",
            ) from None
        if old and self._mode == "off":
            _warn(name, f"MCP_ADS_KEYRING=off: the keyring still has its former secrets, under {SERVICE}")
        elif old != new and not self._empty(old):
            _warn(name, f"the keyring does not let its former secrets be removed, under {SERVICE}")

    def forget(self, name: str) -> bool:
        path = self._path(name)
        forget_drafts(path)
        if not self.mark(name):
            return False
        old = self._place_of(name)
        if old and self._mode == "off":
            raise NoRecord(
                f"the secrets of {name} are in the keyring, and MCP_ADS_KEYRING=off",
                fix="set MCP_ADS_KEYRING=auto, and do it again",
            )
        # The file names the place of the secrets: it goes last.
        if (old or self._backend) and not all(map(self._empty, self._places(name))) and old:
            raise NoRecord(
                f"the keyring does not let the secrets of {name} be removed",
                fix=f"unlock it and do it again; or remove {path}, and what it has under {SERVICE}",
            )
        try:
            path.unlink()
        except OSError as error:
            raise NoRecord(
                f"{path} cannot be removed ({error.strerror})", fix=f"make {self._folder} writable"
            ) from None
        self._known.pop(name, None)
        return True

    def mark(self, name: str) -> str:
        try:
            status = self._path(name).stat(follow_symlinks=False)
        except OSError:
            return ""
        return f"{status.st_mtime_ns} {status.st_ino} {status.st_size}"

    def beside(self, folder: str) -> FileVault:
        return FileVault(self._home, folder, self._mode, may_prompt=self._keyring.may_prompt)

    def names(self) -> list[str]:
        try:
            found = [Path(entry.name) for entry in os.scandir(self._folder) if not entry.is_dir()]
        except OSError:
            return []
        return sorted(file.stem for file in found if file.suffix == ".json" and NAME.fullmatch(file.stem))

    @contextlib.contextmanager
    def locked(self, name: str) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=FOLDER)
        if self._folder.is_symlink():
            raise OSError(None, LINK)
        with locked(self._path(name).with_suffix(".lock")):
            yield

    def _path(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a connection")
        return self._folder / f"{name}.json"

    def _places(self, name: str) -> list[str]:
        user = name if self._folder.name == FOLDER_NAME else f"{self._folder.name}/{name}"
        return [f"{user}{end}" for end in PLACES]

    def _content(self, name: str) -> bytes | None:
        try:
            with opened(self._path(name)) as file:
                if os.name == "posix" and os.fstat(file.fileno()).st_mode & OTHERS:
                    self._made_private(name, file.fileno())
                return file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            _warn(name, f"its file cannot be read ({error.strerror})")
            return None

    def _made_private(self, name: str, handle: int) -> None:
        done = "it is private again"
        try:
            os.fchmod(handle, FILE)
        except OSError:
            done = f"chmod 600 {self._path(name)}"
        _warn(
            name, f"other users of this machine could read its file, so sign in again if any may have; {done}"
        )

    def _parsed(self, name: str, content: bytes) -> dict[str, Any] | None:
        """The document, of the shape that is written here; None for damage."""
        try:
            found = json.loads(content)
            whole = {
                "facts": found["facts"],
                "secrets": found.get("secrets", {}),
                "place": found.get("place", ""),
            }
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            whole = {"facts": None}
        shapes = isinstance(whole["facts"], dict) and isinstance(whole["secrets"], dict)
        if shapes and whole["place"] in ("", *self._places(name)):
            return whole
        if self._folder.name == FOLDER_NAME:  # a token is simply got again
            _warn(name, "its file is damaged")
        return None

    def _built(self, name: str, facts: dict[str, Any], kept: dict[str, Any]) -> SignedIn | None:
        try:
            return SignedIn.read(facts, kept)
        except ValueError as error:
            _warn(name, f"its file is damaged ({error})")
            return None

    def _place_of(self, name: str) -> str:
        """Where in the keyring the secrets of a name are now; "" where none are."""
        content = self._content(name)
        found = None if content is None else self._parsed(name, content)
        return str(found["place"]) if found else ""

    def _secrets(self, name: str, place: str) -> dict[str, Any]:
        """The secrets that the keyring has. Raises NotConfigured where it cannot be read now."""
        again = "unlock it, or sign in again with mcp-ads login"
        if self._mode == "off":
            raise NotConfigured(
                f"the credentials of {name} are in the keyring, and MCP_ADS_KEYRING=off",
                fix="set MCP_ADS_KEYRING=auto, or sign in again with mcp-ads login",
            )
        try:
            text = self._keyring.read(place)
        except KeyringFailed as error:
            raise NotConfigured(
                f"the credentials of {name} are in the keyring, which cannot be read: {error}", fix=again
            ) from None
        try:
            found = json.loads(text or "")
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise NotConfigured(f"the keyring has no credentials of {name} any more", fix=again)
        return found

    def _into_keyring(self, name: str, signed_in: SignedIn, old: str) -> str:
        """The place in the keyring that has the secrets now; "" where they are to stand in the file.

        What was in the keyring goes into a file only where a person is there to read that it did.
        """
        if self._mode == "off" or (self._mode == "auto" and not old and not self._backend):
            return ""
        place = next(place for place in self._places(name) if place != old)
        try:
            self._keyring.write(place, json.dumps(signed_in.secrets))
        except KeyringFailed as error:
            if self._mode == "on" or (old and not self._keyring.may_prompt):
                raise NoRecord(
                    f"the keyring does not keep the credentials of {name}: {error}",
                    fix="unlock it, or set MCP_ADS_KEYRING=off and sign in again",
                ) from None
            _warn(name, f"the keyring does not keep its secrets ({error}): they go into a private file")
            return ""
        return place

    def _empty(self, place: str) -> bool:
        """Keep nothing at a place of the keyring any longer; False where it cannot be removed."""
        if place and self._mode != "off":
            try:
                self._keyring.forget(place)
            except KeyringFailed:
                return False
        return True

    def _replace(self, path: Path, content: bytes) -> None:
        """Replace a file as a whole: on disk before the old one is gone. Raises OSError."""
        path.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER)
        if path.parent.is_symlink():
            raise OSError(None, LINK)
        if os.name == "posix":
            path.parent.chmod(FOLDER)
        replace(path, content, synced=True)


def _warn(name: str, why: str) -> None:
    logging.getLogger("mcp_ads").warning("signed in as %s: %s", name, why)
