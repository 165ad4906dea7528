"""The clients file of a program that stays connected: what a person edits there holds at once."""

from __future__ import annotations

from dataclasses import replace

from mcp_ads.platforms import Platform
from mcp_ads.settings import Settings

FILE = "clients.toml"


class Written:
    """What a person has written down since a program connected; its connections stay as they are."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen, self._broken = self._state(), False

    def ways(self, platform: Platform, command: str) -> str:  # noqa: ARG002 - the protocol's
        """A program has no page to sign in at."""
        return command

    def edited(self) -> str:
        """The file, where it is another one than when `news` was asked last; else empty."""
        return FILE if self._state() != self._seen else ""

    def news(self) -> Settings | None:
        """The settings with the clients there are now, where the file has changed; else None.

        Raises BadSettings while there is a mistake in it.
        """
        from mcp_ads.clients_file import read

        if not self.edited() and not self._broken:
            return None
        self._seen, self._broken = self._state(), True
        clients = read(self._settings.records)
        self._broken = False
        return replace(self._settings, clients=clients)

    def _state(self) -> tuple[int, ...]:
        try:
            found = (self._settings.records / FILE).stat()
        except OSError:
            return ()
        return (found.st_mtime_ns, found.st_size, found.st_ino)
