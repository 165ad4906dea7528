"""What signing in to any platform takes; each platform says what is its own."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

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
    uses: ClassVar[Mapping[str, str]]
    """Scopes, each with what it is for."""
    reading: ClassVar[tuple[str, ...]]
    """The scopes that let nothing be changed."""
    everything: ClassVar[tuple[str, ...]]
    """The scopes that are asked for unless others are named."""
    client_ids: ClassVar[tuple[str, str]] = (r"\S+", "it has no spaces")
    """The form of an app's id, as an expression and in words."""
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
        page = self.page(platform)
        return protocol.consent(app, page, redirect_uri, scopes, separator=self.separator, pkce=self.pkce)

    def page(self, platform: Platform) -> str:
        """The consent page."""
        return platform.auth_url

    def check_id(self, client_id: str) -> None:
        """Raise BadSettings for what cannot be the id of an app, such as a part of one."""
        if not re.fullmatch(self.client_ids[0], client_id, re.ASCII):
            raise BadSettings(f"client id: that is none of {self.title}: {self.client_ids[1]}")

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
