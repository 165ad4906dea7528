"""The protocol, as authlib has it, over a client of ours: consent addresses, and token endpoints asked.

What a token endpoint is sent and answers is all secrets: no exception of the libraries leaves this module.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.security import generate_token
from authlib.oauth2.client import OAuth2Client

from mcp_ads.auth.networks import client_errors, unusable
from mcp_ads.errors import AuthError, PlatformDown
from mcp_ads.version import __version__

from .consent import App, Consent, fresh_state, quoted

TIMEOUT = 20.0
"""Seconds a platform has to answer while somebody signs in."""
VERIFIER = 64
QUIET = ("httpx", "httpcore", "authlib")


@dataclass(frozen=True)
class Refusal(Exception):
    """What a token endpoint said instead of a token: its code (Facebook's is an object) and its text."""

    error: Any = ""
    description: str = ""


class _Client(OAuth2Client):  # type: ignore[misc]  # authlib has no types
    """authlib's client; its error refuses some of the texts that endpoints write, ours takes them all."""

    oauth_error_class = Refusal


@contextmanager
def talking(transport: httpx.BaseTransport | None = None) -> Iterator[httpx.Client]:
    """A client for the requests of one sign-in; nothing it does is logged, for addresses carry secrets.

    `transport` carries them instead of the network.
    """
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    headers = {"User-Agent": f"mcp-ads/{__version__}", "Accept": "application/json"}
    try:
        http = httpx.Client(timeout=TIMEOUT, headers=headers, transport=transport)
    except client_errors() as error:
        raise unusable(error) from None
    with http:
        yield http


def consent(
    app: App,
    page: str,
    redirect_uri: str,
    scopes: tuple[str, ...],
    *,
    separator: str = " ",
    pkce: bool = False,
    **instead: str,
) -> Consent:
    """The consent to ask for at a page, with a state of its own and, where wanted, a PKCE challenge.

    `instead` stands in the address where there are no scopes.
    """
    client = _Client(None, app.client_id, redirect_uri=redirect_uri, code_challenge_method="S256")
    verifier = generate_token(VERIFIER) if pkce else ""
    url, state = client.create_authorization_url(
        page, state=fresh_state(), code_verifier=verifier or None, scope=separator.join(scopes), **instead
    )
    address, _, query = str(url).partition("?")
    return Consent(f"{address}?{query.replace('+', '%20')}", redirect_uri, scopes, state, verifier)


def token(
    http: httpx.Client, url: str, form: Mapping[str, str], title: str, *, method: str = "POST"
) -> Mapping[str, Any]:
    """What a token endpoint answers. Raises Refusal, and PlatformDown where there is no answer."""
    rest = dict(form)
    client = _Client(http, token_endpoint_auth_method="none")  # noqa: S106 - the form has the secret
    try:
        found = client.fetch_token(
            url, method=method, grant_type=rest.pop("grant_type"), auth=httpx.Auth(), **rest
        )
    except httpx.HTTPStatusError as error:
        raise PlatformDown(
            f"{title}: the token endpoint failed (HTTP {error.response.status_code})"
        ) from None
    except (httpx.HTTPError, ConnectionError) as error:
        raise unanswered(title, url, error) from None
    except ValueError:
        raise PlatformDown(f"{title}: the token endpoint's answer cannot be read", fix=AGAIN) from None
    if not isinstance(found.get("access_token"), str) or not found["access_token"]:
        raise PlatformDown(f"{title}: the token endpoint's answer has no token", fix=AGAIN)
    return dict(found)


def exchanged(
    http: httpx.Client, url: str, consent: Consent, app: App, code: str, title: str, fixes: Mapping[str, str]
) -> Mapping[str, Any]:
    """What a token endpoint answers to a code; `fixes` are what to do about a refusal, by its code.

    Raises AuthError, PlatformDown.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": consent.redirect_uri,
        "client_id": app.client_id,
        "client_secret": app.client_secret,
        **({"code_verifier": consent.verifier} if consent.verifier else {}),
    }
    try:
        return token(http, url, form, title)
    except Refusal as refusal:
        raise in_words(refusal, title, fixes, (code, app.client_secret, consent.verifier)) from None


def asked(http: httpx.Client, url: str, title: str, **given: Any) -> tuple[int, Mapping[str, Any]]:
    """Status and decoded answer of a GET, or of a POST where there is a form. Raises PlatformDown."""
    try:
        answer = http.request("POST" if "data" in given else "GET", url, **given)
    except (httpx.HTTPError, ConnectionError) as error:
        raise unanswered(title, url, error) from None
    if answer.is_server_error:
        raise PlatformDown(f"{title} failed (HTTP {answer.status_code})", fix=AGAIN)
    try:
        found = answer.json()
    except (ValueError, RecursionError):
        found = {}
    return answer.status_code, found if isinstance(found, dict) else {}


AGAIN = "run the same command again in a minute"


def unanswered(title: str, url: str, error: Exception) -> PlatformDown:
    """That nobody answered; what the library says of it may hold the address, and stays here."""
    host = httpx.URL(url).host
    return PlatformDown(f"{title}: no answer from {host} ({type(error).__name__})", fix=AGAIN)


def in_words(refusal: Refusal, title: str, fixes: Mapping[str, str], secrets: tuple[str, ...]) -> AuthError:
    """A refusal of RFC 6749 as an error, without what was sent; `fixes` are what to do, by code."""
    code, said = str(refusal.error), str(refusal.description or "")
    for secret in filter(None, secrets):
        said = said.replace(secret, "…")
    text = f": {quoted(said)}" if said else ""
    fix = fixes.get(code, "run the same command again; the setup guide names each refusal")
    return AuthError(f"{title} refused to give a token ({quoted(code, 60)}{text})", fix=fix, code=code)


def seconds(value: Any) -> float:
    """How long something lives, as a number; 0 where the answer does not say it in one."""
    try:
        life = float(str(value))
    except ValueError:
        return 0.0
    return life if math.isfinite(life) and life > 0 else 0.0
