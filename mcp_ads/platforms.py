"""The platforms as settings know them: variable prefixes, vendor hosts, token endpoints, credentials."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PLATFORMS = {
    "facebook_marketing": "FACEBOOK_MARKETING",
    "linkedin_ads": "LINKEDIN_ADS",
    "amazon_ads": "AMAZON_ADS",
}
CREDENTIALS = ("ACCESS_TOKEN", "REFRESH_TOKEN", "CLIENT_ID", "CLIENT_SECRET")
FROM_FOLDER = (*CREDENTIALS, "ACCOUNT_IDS", "PROFILE_ID", "REGION")
AMAZON_HOSTS = {
    "NA": "https://advertising-api.amazon.com",
    "EU": "https://advertising-api-eu.amazon.com",
    "FE": "https://advertising-api-fe.amazon.com",
}
HOSTS: dict[str, dict[str, str]] = {
    "facebook_marketing": {"": "https://graph.facebook.com"},
    "linkedin_ads": {"": "https://api.linkedin.com"},
    "amazon_ads": AMAZON_HOSTS,
}
TOKEN_URLS = {
    "linkedin_ads": "https://www.linkedin.com/oauth/v2/accessToken",
    "amazon_ads": "https://api.amazon.com/auth/o2/token",
}
SANDBOX_CREDENTIALS = {
    "facebook_marketing": {"ACCESS_TOKEN": "sandbox-token"},
    "linkedin_ads": {
        "REFRESH_TOKEN": "sandbox-refresh",
        "CLIENT_ID": "sandbox-client",
        "CLIENT_SECRET": "sandbox-secret",
    },
    "amazon_ads": {
        "REFRESH_TOKEN": "Atzr|sandbox-refresh",
        "CLIENT_ID": "amzn1.application-oa2-client.sandbox",
        "CLIENT_SECRET": "sandbox-secret",
    },
}
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Platform:
    """One platform's settings. `hosts` maps a region ("" where there is one) to scheme://host:port."""

    name: str
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    account_ids: tuple[str, ...] = ()
    default_account: str = ""
    api_version: str = ""
    hosts: Mapping[str, str] = field(default_factory=dict)
    token_url: str = ""
    foreign: bool = False
    """Whether the base URL is not the vendor's, which every answer then says."""

    @property
    def configured(self) -> bool:
        return bool(self.credentials.get("ACCESS_TOKEN") or self.credentials.get("REFRESH_TOKEN"))

    @property
    def missing(self) -> list[str]:
        """Variables a call needs that are not set."""
        have, prefix = self.credentials, PLATFORMS[self.name]
        if self.name == "facebook_marketing":
            return [] if have.get("ACCESS_TOKEN") else [f"{prefix}_ACCESS_TOKEN"]
        if have.get("ACCESS_TOKEN") and self.name == "linkedin_ads":
            return []
        return [
            f"{prefix}_{name}"
            for name in ("REFRESH_TOKEN", "CLIENT_ID", "CLIENT_SECRET")
            if not have.get(name)
        ]
