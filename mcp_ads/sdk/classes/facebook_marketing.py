"""Facebook Marketing as a class, with its configs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self, Unpack

from pydantic import Field, model_validator

from mcp_ads.sdk.auth_configs import AirbyteAuthConfig, AuthConfig, Config
from mcp_ads.sdk.token_news import OnTokenRefresh

from .base import AdsConnector
from .given import Options


class FacebookMarketingAuthConfig(AuthConfig):
    """A person's access token, or a system user's as `account_key`; with `client_secret` calls are signed."""

    variables: ClassVar[Mapping[str, str]] = {**AuthConfig.variables, "account_key": "ACCESS_TOKEN"}

    access_token: str | None = Field(default=None, repr=False)
    client_id: str | None = None
    client_secret: str | None = Field(default=None, repr=False)
    account_key: str | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _check_token(self) -> Self:
        if (self.access_token is None) == (self.account_key is None):
            raise ValueError("access_token or account_key is needed, and only one of the two")
        return self


class FacebookMarketingReplicationConfig(Config):
    """What creating a connector at a host takes beside credentials: the ids of ad accounts."""

    account_ids: str | list[str]


class FacebookMarketingConnector(AdsConnector):
    """Facebook Marketing: the platform's own records, writes planned before they are applied."""

    connector_name = "facebook-marketing"
    auth_config_type = FacebookMarketingAuthConfig

    def __init__(
        self,
        auth_config: FacebookMarketingAuthConfig | AirbyteAuthConfig | None = None,
        on_token_refresh: OnTokenRefresh | None = None,
        **options: Unpack[Options],
    ) -> None:
        """As for every connector class. Raises BadSettings, TypeError."""
        super().__init__(auth_config, on_token_refresh, **options)
