"""What a call names: a connector and a connection there is or is not, an object of another kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from mcp_ads.connectors import connector as connector_named
from mcp_ads.core import Connector
from mcp_ads.core.synonyms import closest, cut
from mcp_ads.engine.wire.carried import carried
from mcp_ads.errors import ApiError, UnknownConnector
from mcp_ads.settings import Settings


def offered(
    settings: Settings, name: str, more: Mapping[str, Connector] | None = None, others: Sequence[str] = ()
) -> Connector:
    """The connector of that name, of `more` or the package's.

    Raises UnknownConnector where it is off, and for a name of none, beside the `others` there are.
    """
    known = (more or {}).get(name) or connector_named(name, *others)
    if known.name not in settings.platforms:
        there = ", ".join(settings.platforms)
        raise UnknownConnector(f"{known.name} is not among MCP_ADS_CONNECTORS; there are {there}")
    return carried(known) if settings.platforms[known.name].airbyte else known


def no_connection(labels: Sequence[str], wanted: str) -> str:
    """That none of these connections is meant, or that one has to be named, in a line."""
    if not wanted:
        return f"connection: missing; name one of {', '.join(labels)}"
    near = closest(wanted, labels)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"connection: {cut(wanted)!r} is none of {', '.join(labels)}{meant}"


def of_another_kind(error: ApiError, params: Mapping[str, Any]) -> ApiError:
    """The error, with the parameter first that names the object of which the platform says what it is."""
    told = error.details
    for name, value in params.items():
        if "kind" in told and value and str(value) == told.get("id"):
            error.args = (f"{name}: {value} is {told['kind']}",)
    return error
