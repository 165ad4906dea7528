"""The platforms as settings know them: variable prefixes, vendor hosts, token endpoints, credentials."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .auth.signed_in import SignedIn

PLATFORMS = {
    "facebook_marketing": "FACEBOOK_MARKETING",
    "linkedin_ads": "LINKEDIN_ADS",
    "amazon_ads": "AMAZON_ADS",
}
SHORT = {"facebook_marketing": "facebook", "linkedin_ads": "linkedin", "amazon_ads": "amazon"}
"""What a platform's first connection is called, and what stands before its accounts in files."""
CREDENTIALS = ("ACCESS_TOKEN", "REFRESH_TOKEN", "CLIENT_ID", "CLIENT_SECRET")
TOKENS = ("ACCESS_TOKEN", "REFRESH_TOKEN")
OF_CONNECTION = (*CREDENTIALS, "ACCOUNT_IDS", "PROFILE_ID", "REGION")
"""What a further connection may have variables for; hosts and versions are those of the platform."""
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
AUTH_URLS: dict[str, dict[str, str]] = {
    "facebook_marketing": {"": "https://www.facebook.com/{version}/dialog/oauth"},
    "linkedin_ads": {"": "https://www.linkedin.com/oauth/v2/authorization"},
    "amazon_ads": {
        "NA": "https://www.amazon.com/ap/oa",
        "EU": "https://eu.account.amazon.com/ap/oa",
        "FE": "https://apac.account.amazon.com/ap/oa",
    },
}
"""The pages on which people consent, by region."""
AIRBYTE_VERSIONS = {"facebook_marketing": "v25.0", "linkedin_ads": "202606"}
"""The versions that Airbyte's connectors call."""
VERSIONS = {
    "facebook_marketing": (r"v\d{1,2}\.\d", "v26.0"),
    "linkedin_ads": (r"20\d\d(0[1-9]|1[0-2])", "202607"),
}
"""How a platform writes its versions, and an example. Amazon's are part of its media types."""
TOKEN = ("ACCESS_TOKEN",)
REFRESH = ("REFRESH_TOKEN", "CLIENT_ID", "CLIENT_SECRET")
WAYS_IN: dict[str, tuple[tuple[str, ...], ...]] = {
    "facebook_marketing": (TOKEN,),
    "linkedin_ads": (TOKEN, REFRESH),
    "amazon_ads": (REFRESH,),
}
"""What has to be set together for a platform to be used: one of these."""
PASTES = {"facebook_marketing": "a system user's token", "linkedin_ads": "the developer portal's token"}
"""Tokens that people make on a page of the platform, and paste."""
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
SIGN_IN_PORT = 8765
"""Where a browser comes back to on this machine, unless another port is named."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Airbyte:
    """Airbyte's API as what carries a platform's requests, and which connector of which workspace does."""

    base: str
    client_id: str
    client_secret: str = field(repr=False)
    organization_id: str = ""
    workspace: str = "default"
    connector_id: str = ""

    @property
    def serial(self) -> str:
        """What tells its connector from others, without anything secret."""
        parts = (self.base, self.client_id, self.organization_id, self.workspace, self.connector_id)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]


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
    """Whether a URL is not the vendor's, which every answer then says."""
    connection: str = ""
    """The name of a further connection, or of one that somebody signed in; empty for the base variables'."""
    auth_url: str = ""
    """The page on which people consent, whole."""
    signed_in: SignedIn | None = None
    """What is known of a stored sign-in without its secrets, where its credentials are used."""
    client_id: str = ""
    """The app to sign in with, where no variable names one."""
    airbyte: Airbyte | None = None
    """What carries its requests, where that is Airbyte's API."""
    listed_by: str = ""
    """Who names `account_ids`, where that is not a variable."""

    @property
    def secrets(self) -> dict[str, str]:
        """Everything that is written down nowhere, by the names variables end in, with the app's id."""
        theirs = {"AIRBYTE_CLIENT_SECRET": self.airbyte.client_secret} if self.airbyte else {}
        return {**self.credentials, **theirs}

    @property
    def version(self) -> str:
        """The version of its API that is called; empty where it has none."""
        return self.api_version or VERSIONS.get(self.name, ("", ""))[1]

    @property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """What has to be set together, by way in; one that is not listed takes a token."""
        return WAYS_IN.get(self.name, (TOKEN,))

    @property
    def prefix(self) -> str:
        """What its variables begin with."""
        base = PLATFORMS.get(self.name, self.name.upper())
        named = self.connection.upper().replace("-", "_")
        return base if self.label == SHORT.get(self.name) else f"{base}__{named}_"

    @property
    def label(self) -> str:
        """What people call this connection, and what a call names it by."""
        return self.connection or SHORT.get(self.name, self.name)

    def is_like(self, other: Platform) -> bool:
        """Whether it is the same but for what a renewal changes of a sign-in."""
        mine, theirs = (
            known and replace(known, access_ends=0.0, refresh_ends=0.0, granted=(), refused=())
            for known in (self.signed_in, other.signed_in)
        )
        return replace(self, signed_in=mine) == replace(other, signed_in=theirs)

    @property
    def configured(self) -> bool:
        return bool(self.airbyte or self.signed_in) or any(self.credentials.get(way[0]) for way in self.ways)

    @property
    def credentials_of(self) -> dict[str, str]:
        """Whose credentials these are, without anything secret; the same after a renewal.

        Where no name is known, `serial` tells them apart: the sign-in's, or a hash of variables' tokens.
        """
        if there := self.airbyte:
            return {"client_id": there.client_id, "who": "", "kind": "airbyte", "serial": there.serial}
        if known := self.signed_in:
            whose = {"client_id": known.client_id, "who": known.who, "kind": known.kind}
            return whose if known.who else {**whose, "serial": known.serial}
        tokens = "\0".join(self.credentials.get(name, "") for name in TOKENS)
        serial = hashlib.sha256(tokens.encode()).hexdigest()[:20]
        app = self.credentials.get("CLIENT_ID", "")
        return {"client_id": app, "who": "", "kind": "variables", "serial": serial}

    @property
    def missing(self) -> list[str]:
        """Variables a call needs that are not set, by the way in that lacks the fewest."""
        if self.airbyte or self.signed_in is not None:
            return []
        ways = [[name for name in way if not self.credentials.get(name)] for way in self.ways]
        begun = [lacks for way, lacks in zip(self.ways, ways, strict=True) if len(lacks) < len(way)]
        return [f"{self.prefix}_{name}" for name in min(begun or ways, key=len)]

    @property
    def to_set(self) -> str:
        """What to set, in words: the rest of what is begun, or every way in."""
        return ", ".join(self.missing) if self.credentials else self.ways_in

    @property
    def ways_in(self) -> str:
        """Every way in, in words: the variables to set."""
        return ", or ".join(" + ".join(f"{self.prefix}_{name}" for name in way) for way in self.ways)
