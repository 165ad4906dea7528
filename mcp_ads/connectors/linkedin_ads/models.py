"""The configs of LinkedIn Ads, and what its class answers with."""

from mcp_ads.sdk.auth_configs import AirbyteAuthConfig
from mcp_ads.sdk.classes.linkedin_ads import LinkedinAdsAuthConfig, LinkedinAdsReplicationConfig
from mcp_ads.sdk.record import ExecuteResult, Record

__all__ = [
    "AirbyteAuthConfig",
    "ExecuteResult",
    "LinkedinAdsAuthConfig",
    "LinkedinAdsReplicationConfig",
    "Record",
]
