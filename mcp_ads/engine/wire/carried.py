"""A connector whose requests another's API carries: spelled as ever, and refused where it cannot say them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from mcp_ads.core import Connector, Reply, Request, Wire
from mcp_ads.core.bundles import lone
from mcp_ads.core.carried import Carrier
from mcp_ads.core.connector import Dialect
from mcp_ads.core.usage import Usage
from mcp_ads.errors import NotOffered
from mcp_ads.platforms import Platform


def carried(connector: Connector) -> Connector:
    """The connector as it is where Airbyte's API carries its requests: each travels by itself."""
    return replace(connector, bundle=lone, over_airbyte=True)


def dialect_of(connector: Connector, platform: Platform) -> Dialect:
    """How a connection's requests are spelled: in its version, and as what carries them can say them."""
    dialect: Any = connector.dialect
    if platform.api_version:
        dialect = replace(dialect, version=platform.api_version)
    return CarriedDialect(dialect, carrier_of(connector)) if platform.airbyte else dialect


def carrier_of(connector: Connector) -> Carrier:
    """How Airbyte's API carries the connector's requests. Raises NotOffered where it carries none."""
    if connector.carrier is None:
        raise NotOffered(f"Airbyte's API has no {connector.title}", fix="unset MCP_ADS_BACKEND")
    return connector.carrier


@dataclass(frozen=True)
class CarriedDialect:
    """The platform's dialect for what Airbyte's actions can say; the rest is refused before it is sent."""

    dialect: Dialect
    carrier: Carrier

    def encode(self, request: Request) -> Wire:
        self.carrier.executions(request)
        return self.dialect.encode(request)

    def decode(self, reply: Reply) -> Any:
        return self.dialect.decode(reply)

    def wait(self, reply: Reply) -> float:
        return self.dialect.wait(reply)

    def used(self, reply: Reply) -> list[Usage]:
        return self.dialect.used(reply)

    def warnings(self, reply: Reply) -> list[str]:
        return self.dialect.warnings(reply)
