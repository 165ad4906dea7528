"""The configs of Amazon Ads, and what its class answers with."""

from mcp_ads.sdk.auth_configs import AirbyteAuthConfig
from mcp_ads.sdk.classes.amazon_ads import AmazonAdsAuthConfig
from mcp_ads.sdk.record import ExecuteResult, Record

__all__ = ["AirbyteAuthConfig", "AmazonAdsAuthConfig", "ExecuteResult", "Record"]
