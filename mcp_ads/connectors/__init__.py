"""The platforms: declarations and spelling, no I/O. They do not know each other."""

from __future__ import annotations

import importlib

from mcp_ads.core import Connector
from mcp_ads.errors import UnknownAction

NAMES = ("facebook_marketing", "linkedin_ads", "amazon_ads")


def connector(name: str) -> Connector:
    """The connector of that name, spelled with - or _; raises UnknownAction."""
    known = str(name).replace("-", "_")
    if known not in NAMES:
        raise UnknownAction(f"no connector {name!r}; there are {', '.join(NAMES)}")
    found = getattr(importlib.import_module(f"{__name__}.{known}"), known)
    assert isinstance(found, Connector)
    return found
