"""The clients file of a program that stays connected: what a person edits there holds at once."""

from __future__ import annotations

from dataclasses import replace

from mcp_ads.clients import FILE
from mcp_ads.clients_edited import Guard, changed
from mcp_ads.clients_file import read
from mcp_ads.platforms import Platform
from mcp_ads.settings import Settings


class Written:
    """What a person has written down since a program connected; its connections stay as they are."""

    def __init__(self, settings: Settings, guard: Guard, seen: tuple[int, ...]) -> None:
        """`guard` is of the file of these settings' clients, which was as `seen` when they were read."""
        self._settings, self._guard = settings, guard
        self._seen, self._broken = seen, False

    def ways(self, platform: Platform, command: str) -> str:  # noqa: ARG002 - the protocol's
        """A program has no page to sign in at."""
        return command

    def edited(self) -> str:
        """The file, where it is another one than when `news` was asked last; else empty."""
        return FILE if changed(self._guard.path) != self._seen else ""

    def news(self) -> Settings | None:
        """The settings with the clients there are now, where the file has changed; else None.

        Raises BadSettings and PolicyError as a server's does.
        """
        now = changed(self._guard.path)
        if now == self._seen and not self._broken:
            return None
        self._seen, self._broken = now, True
        clients = read(self._guard.path.parent)
        self._guard.check(clients)
        self._broken = False
        return replace(self._settings, clients=clients)
