"""Engines: one for each workspace and what its caller may, made of the connectors that are kept there."""

from __future__ import annotations

from mcp_ads.across.desk import Desk

from .callers import Caller
from .keys import Keys
from .settings import HostSettings
from .store.database import Database


class Desks:
    """The engines of this process, made when they are asked for and closed when nobody asks any more."""

    def __init__(self, settings: HostSettings, database: Database, keys: Keys) -> None:
        self._settings, self._database, self._keys = settings, database, keys

    async def of(self, caller: Caller, workspace_id: str) -> Desk:
        """The engine for a workspace, with its connectors as connections by their labels."""
        raise AssertionError((caller, workspace_id))

    async def close(self) -> None:
        """Close them all."""
