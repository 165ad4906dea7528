"""What one process of the host consists of, made once and shared by everything it answers."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .desks import Desks
from .keys import Keys
from .settings import HostSettings
from .settling import Settling
from .signing import Signer
from .store.database import Database
from .throttle import Throttle

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection


@dataclass
class Host:
    """The parts."""

    settings: HostSettings
    database: Database
    keys: Keys
    desks: Desks
    signer: Signer = field(default_factory=lambda: Signer((secrets.token_bytes(32),)))
    """What signs bearer tokens; one made anew is believed by this process alone."""
    throttle: Throttle = field(default_factory=Throttle)
    settling: Settling = field(default_factory=Settling)

    async def forget(self, workspace_id: str) -> None:
        """Take what is left of a deleted workspace from memory and disk."""
        await self.desks.forget(workspace_id)
        folder = self.settings.folder / "workspaces" / workspace_id
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        await self.database.erase()


def host_of(request: HTTPConnection) -> Host:
    """The host that a request came to."""
    found = request.app.state.host
    assert isinstance(found, Host)
    return found
