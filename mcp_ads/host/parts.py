"""What one process of the host consists of, made once and shared by everything it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .desks import Desks
from .keys import Keys
from .settings import HostSettings
from .store.database import Database

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection


@dataclass
class Host:
    """The parts."""

    settings: HostSettings
    database: Database
    keys: Keys
    desks: Desks


def host_of(request: HTTPConnection) -> Host:
    """The host that a request came to."""
    found = request.app.state.host
    assert isinstance(found, Host)
    return found
