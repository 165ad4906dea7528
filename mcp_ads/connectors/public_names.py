"""The names that users import from a platform's package, and that live above it."""

from __future__ import annotations

import importlib
from typing import Any

SHARED = {"AirbyteAuthConfig": "auth_configs", "ExecuteResult": "record", "Record": "record"}


def public_name(package: str, name: str) -> Any:
    """A platform's class or config, loaded when it is first used. Raises AttributeError."""
    own = package.rpartition(".")[2]
    prefix = own.title().replace("_", "")
    is_own = name.startswith(prefix) and name.endswith(("Connector", "AuthConfig", "ReplicationConfig"))
    home = SHARED.get(name, f"classes.{own}" if is_own else "")
    found = getattr(importlib.import_module(f"mcp_ads.sdk.{home}"), name, None) if home else None
    if found is None:
        raise AttributeError(f"module {package!r} has no attribute {name!r}")
    return found
