"""What signing in to any platform takes; each platform says what is its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import urlsplit

import httpx

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.errors import BadSettings
from mcp_ads.platforms import Platform

from . import protocol
from .consent import App, Consent

LOST = "run the same command again and finish on the page within a few minutes"


class SigningIn(ABC):
    """One platform's way to sign in."""

    connector: ClassVar[str]
    title: ClassVar[str]
    page: ClassVar[str]
    """The path of its consent page."""
    uses: ClassVar[Mapping[str, str]]
    """Scopes, each with what it is for."""
    reading: ClassVar[tuple[str, ...]]
    """The scopes that let nothing be changed."""
    everything: ClassVar[tuple[str, ...]]
    """The scopes that are asked for unless others are named."""
    separator: ClassVar[str] = " "
    pkce: ClassVar[bool] = False
    app_page: ClassVar[str]
    """Where the client id and secret are shown."""
    redirects: ClassVar[str]
    """Where the redirect URI is registered."""
    unregistered: ClassVar[str]
    """What the consent page says where it is not."""
    caution: ClassVar[str] = ""
    """What to know of redirect URIs on this machine."""
    revoke: ClassVar[str]
    """Where access is taken back at the platform."""

    def scopes(self, wanted: str) -> tuple[str, ...]:
        """The scopes that `read`, `all` or a list of names stands for. Raises BadSettings."""
        if wanted in ("read", "all"):
            return self.reading if wanted == "read" else self.everything
        names = tuple(dict.fromkeys(name.strip() for name in wanted.split(",") if name.strip()))
        if unknown := [name for name in names if name not in self.uses]:
            known = ", ".join(self.uses)
            raise BadSettings(f"--scopes: {self.title} has no {unknown[0]!r}; read, all, or of {known}")
        if not names:
            raise BadSettings("--scopes: empty; write read, all, or names separated by commas")
        return names

    def consent(self, platform: Platform, app: App, redirect_uri: str, scopes: tuple[str, ...]) -> Consent:
        """The consent to ask for."""
        page = self.page_at(platform)
        return protocol.consent(app, page, redirect_uri, scopes, separator=self.separator, pkce=self.pkce)

    def page_at(self, platform: Platform) -> str:
        """The consent page: at the address the settings have, which may lack the path."""
        url = self.auth_url(platform)
        return url if urlsplit(url).path.strip("/") else f"{url.rstrip('/')}{self.page_path(platform)}"

    @abstractmethod
    def auth_url(self, platform: Platform) -> str:
        """Where the consent page is, with or without its path."""

    def page_path(self, _: Platform) -> str:
        """The path of the consent page where the settings name a host alone."""
        return self.page

    @abstractmethod
    def signed_in(
        self, http: httpx.Client, platform: Platform, app: App, consent: Consent, code: str
    ) -> SignedIn:
        """What the code is exchanged for, with what is known of it. Raises AuthError, PlatformDown."""


class TokensToo(SigningIn):
    """A platform that also makes tokens on a page of its own, to be pasted."""

    pasted: ClassVar[str]
    """Which token that is, and where it is made."""
    token_first: ClassVar[bool] = False
    """Whether that is the usual way in."""

    @abstractmethod
    def with_token(self, http: httpx.Client, platform: Platform, app: App, token: str) -> SignedIn:
        """A pasted token, looked at before it is believed. Raises AuthError, PlatformDown."""


def refused_of(scopes: tuple[str, ...], granted: tuple[str, ...]) -> tuple[str, ...]:
    """The scopes that were asked for and not given."""
    return tuple(scope for scope in scopes if scope not in granted)
