"""LinkedIn Ads as a class, with its configs."""

from __future__ import annotations

import re
from datetime import date
from typing import Self, Unpack

from pydantic import Field, field_validator, model_validator

from mcp_ads.sdk.auth_configs import AirbyteAuthConfig, AuthConfig, Config
from mcp_ads.sdk.token_news import OnTokenRefresh

from .base import AdsConnector
from .given import Options

REFRESHED = ("refresh_token", "client_id", "client_secret")


class LinkedinAdsAuthConfig(AuthConfig):
    """A refresh token with the app's client id and secret, or an access token."""

    refresh_token: str | None = Field(default=None, repr=False)
    client_id: str | None = None
    client_secret: str | None = Field(default=None, repr=False)
    access_token: str | None = Field(default=None, repr=False)

    @model_validator(mode="after")
    def _check_whole(self) -> Self:
        missing = [name for name in REFRESHED if getattr(self, name) is None]
        if self.refresh_token is not None and missing:
            raise ValueError(f"{' and '.join(missing)}: missing beside refresh_token")
        if self.refresh_token is None and self.access_token is None:
            raise ValueError("refresh_token with client_id and client_secret is needed, or access_token")
        return self


class LinkedinAdsReplicationConfig(Config):
    """What creating a connector at a host takes beside credentials: from when on, and which accounts."""

    start_date: str
    account_ids: str | list[str] | None = None

    @field_validator("start_date")
    @classmethod
    def _check_date(cls, text: str) -> str:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
            raise ValueError("a date, as 2026-01-31")
        date.fromisoformat(text)
        return text


class LinkedinAdsConnector(AdsConnector):
    """LinkedIn Ads: the platform's own records, writes planned before they are applied."""

    connector_name = "linkedin-ads"
    auth_config_type = LinkedinAdsAuthConfig

    def __init__(
        self,
        auth_config: LinkedinAdsAuthConfig | AirbyteAuthConfig | None = None,
        on_token_refresh: OnTokenRefresh | None = None,
        **options: Unpack[Options],
    ) -> None:
        """As for every connector class. Raises BadSettings, TypeError."""
        super().__init__(auth_config, on_token_refresh, **options)
