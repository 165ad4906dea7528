"""Auth configs, configs for creating connectors at a host, and what the connector classes answer with."""

from .sdk.auth_configs import AirbyteAuthConfig
from .sdk.classes.amazon_ads import AmazonAdsAuthConfig
from .sdk.classes.facebook_marketing import FacebookMarketingAuthConfig, FacebookMarketingReplicationConfig
from .sdk.classes.linkedin_ads import LinkedinAdsAuthConfig, LinkedinAdsReplicationConfig
from .sdk.record import CheckResult, ExecuteResult, Record

__all__ = [
    "AirbyteAuthConfig",
    "AmazonAdsAuthConfig",
    "CheckResult",
    "ExecuteResult",
    "FacebookMarketingAuthConfig",
    "FacebookMarketingReplicationConfig",
    "LinkedinAdsAuthConfig",
    "LinkedinAdsReplicationConfig",
    "Record",
]
