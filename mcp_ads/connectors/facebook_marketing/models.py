"""The configs of Facebook Marketing, and what its class answers with."""

from mcp_ads.sdk.auth_configs import AirbyteAuthConfig
from mcp_ads.sdk.classes.facebook_marketing import (
    FacebookMarketingAuthConfig,
    FacebookMarketingReplicationConfig,
)
from mcp_ads.sdk.record import ExecuteResult, Record

__all__ = [
    "AirbyteAuthConfig",
    "ExecuteResult",
    "FacebookMarketingAuthConfig",
    "FacebookMarketingReplicationConfig",
    "Record",
]
