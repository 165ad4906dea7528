"""Signing in while a server runs: where, for whoever has no credentials yet, and noticed when it is done."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .clients_edited import Guard, changed
from .platforms import SIGN_IN_PORT, Platform
from .settings import Settings, load

if TYPE_CHECKING:
    from .auth.signing_in.offers import Offers

KEPT = ("signed-in", "connections.toml", "clients.toml")
"""What a sign-in or a person writes in the home."""


class SignIns:
    """A server's view of sign-ins: it starts nothing before the first call that lacks credentials."""

    def __init__(self, settings: Settings, env_file: str, *, page: bool) -> None:
        self._settings, self._env_file = settings, env_file
        self._page = page and settings.sign_in_page
        self._seen, self._broken = self._state(), False
        self._guard = Guard(settings.clients, settings.records)
        self._offers: Offers | None = None

    def ways(self, platform: Platform, command: str) -> str:
        """Where to sign in: a page for a browser of this machine, where there is one, or the command."""
        if not self._page:
            return command
        if link := self._link(platform):
            return (
                f"open {link} in a browser on this machine within ten minutes, while this server runs "
                f"(a client that starts one for each call ends the link with it); or {command}"
            )
        taken = f"port {SIGN_IN_PORT} is taken; a server that has its page there gives way to that command"
        return f"{command} (no link: {taken})"

    def _link(self, platform: Platform) -> str:
        if self._offers is None:
            from .auth.signing_in.offers import Offers

            known = self._settings
            scopes = "read" if known.writes == "off" else "all"
            self._offers = Offers(known.home, known.keyring, SIGN_IN_PORT, scopes=scopes)
        return self._offers.link(platform)

    def edited(self) -> str:
        """The file of a person's that is another one than when `news` was asked last; empty for none."""
        states = zip(KEPT, self._state(), self._seen, strict=True)
        return next((name for name, now, seen in states if name.endswith(".toml") and now != seen), "")

    def news(self) -> Settings | None:
        """The settings as they are now, where a sign-in or a file of a person's has changed; else None.

        Raises BadSettings while there is a mistake in them, or no client is left of those there were, and
        PolicyError while clients.toml may be half written.
        """
        if (now := self._state()) == self._seen and not self._broken:
            return None
        self._seen, self._broken = now, True
        same_home = os.environ | {"MCP_ADS_HOME": str(self._settings.home)}
        settings = load(env_file=self._env_file, environ=same_home)
        self._guard.check(settings.clients)
        self._broken = False
        return settings

    def close(self) -> None:
        """Take back every link."""
        if self._offers:
            self._offers.close()

    def _state(self) -> tuple[tuple[int, ...], ...]:
        home, records = self._settings.home, self._settings.records
        return tuple(changed((records if name == "clients.toml" else home) / name) for name in KEPT)
