"""What the engine asks of whoever knows of people that sign in while it runs."""

from __future__ import annotations

from typing import Protocol

from mcp_ads.platforms import Platform
from mcp_ads.settings import Settings


class SignIns(Protocol):
    """What a running server knows of people who sign in while it runs."""

    def ways(self, platform: Platform, command: str) -> str:
        """Where to sign in: a page, where there is one, or else the command that is given."""

    def edited(self) -> str:
        """The file of a person's that is another one than when `news` was asked last; empty for none."""

    def news(self) -> Settings | None:
        """The settings as they are now, where anything of connections or clients has changed; else None.

        Raises BadSettings while there is a mistake in them, PolicyError while one may be half written.
        """
