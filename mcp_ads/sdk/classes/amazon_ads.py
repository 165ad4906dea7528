"""Amazon Ads as a class, with its config."""

from __future__ import annotations

from typing import Unpack

from pydantic import Field

from mcp_ads.sdk.auth_configs import AirbyteAuthConfig, AuthConfig
from mcp_ads.sdk.token_news import OnTokenRefresh

from .base import AdsConnector
from .given import Options


class AmazonAdsAuthConfig(AuthConfig):
    """A refresh token; client id and secret where AMAZON_ADS_CLIENT_ID and …_SECRET do not have them."""

    refresh_token: str = Field(repr=False)
    client_id: str | None = None
    client_secret: str | None = Field(default=None, repr=False)


class AmazonAdsConnector(AdsConnector):
    """Amazon Ads: the platform's own records, writes planned before they are applied."""

    connector_name = "amazon-ads"
    auth_config_type = AmazonAdsAuthConfig

    def __init__(
        self,
        auth_config: AmazonAdsAuthConfig | AirbyteAuthConfig | None = None,
        on_token_refresh: OnTokenRefresh | None = None,
        region: str | None = None,
        **options: Unpack[Options],
    ) -> None:
        """`region` is "NA", "EU", "FE" or one of Amazon's three hosts; left out, all three are asked.

        The rest is as for every connector class. Raises BadSettings, TypeError.
        """
        self._region = region
        super().__init__(auth_config, on_token_refresh, **options)
