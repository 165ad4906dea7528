"""A consent as it is asked for, and the address the browser comes back to. Pure."""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from mcp_ads.errors import AuthError, BadSettings, InvalidParams
from mcp_ads.platforms import LOOPBACK

PATH = "/connector/callback"
MOST_SAID = 200
CANCELLED = ("access_denied", "user_cancelled_login", "user_cancelled_authorize")
UNAPPROVED = ("Amazon", "invalid_scope")
"""What Amazon's page says of an app that is not approved for the Ads API."""
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


@dataclass(frozen=True)
class App:
    """The user's own app at a platform."""

    client_id: str
    client_secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Consent:
    """One consent that was asked for: where, what, and what its answer has to repeat."""

    url: str = field(repr=False)
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str = field(repr=False)
    verifier: str = field(default="", repr=False)


def fresh_state() -> str:
    """What an answer has to repeat, so that nobody else's is taken for it."""
    return secrets.token_urlsafe(32)


def redirect_at(port: int) -> str:
    """The address on this machine that the browser comes back to."""
    return f"http://localhost:{port}{PATH}"


def check_redirect(address: str) -> str:
    """The address, unless no platform would take it. Raises BadSettings."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise BadSettings("--redirect-uri: write https://host/path") from None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.fragment:
        raise BadSettings("--redirect-uri: write https://host/path, without a fragment")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise BadSettings("--redirect-uri: must be https, unless it is this machine")
    if parts.scheme == "http" and not parts.port:
        raise BadSettings("--redirect-uri: on this machine it needs a port, such as http://localhost:8765")
    return address


def is_here(redirect_uri: str) -> bool:
    """Whether the browser comes back to this machine, where we can listen."""
    parts = urlsplit(redirect_uri)
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def code_in(answer: str, consent: Consent, title: str) -> str:
    """The code in the whole address the browser came back to.

    Raises InvalidParams for an address that is not the answer, which may be given again, and AuthError for
    an answer that says no.
    """
    try:
        parts, meant = urlsplit("".join(answer.split()).strip("\"'<>")), urlsplit(consent.redirect_uri)
    except ValueError:
        raise InvalidParams(f"that is no address; {_wanted(consent)}") from None
    if (parts.scheme, parts.netloc, parts.path or "/") != (meant.scheme, meant.netloc, meant.path or "/"):
        raise InvalidParams(f"that is not the address the browser came back to; {_wanted(consent)}")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if not hmac.compare_digest(query.get("state", "").encode(), consent.state.encode()):
        if "state" not in query:
            raise InvalidParams(f"state= is missing, so a part of the address is; {_wanted(consent)}")
        raise InvalidParams(
            "the answer is not to this sign-in (its state differs): paste the newest address, and all of it"
        )
    if "error" in query:
        raise refused(title, query["error"], query.get("error_description", ""))
    if not query.get("code"):
        raise InvalidParams(f"code= is missing, so a part of the address is; {_wanted(consent)}")
    return query["code"]


def refused(title: str, code: str, text: str) -> AuthError:
    """What a consent page sent back instead of a code."""
    said = quoted(text)
    if code in CANCELLED:
        why = f"signing in to {title} was not allowed on its page"
        fix = "run the same command again and allow it there"
    elif (title, code) == UNAPPROVED:
        why = "Amazon has not approved this app for the Ads API yet"
        fix = "ask for it with Amazon's form (docs/setup-amazon.md, step 2) and sign in once it is approved"
    elif code == "unauthorized_scope_error":
        why = f"{title} does not let this app ask for one of the scopes"
        fix = "add the product that has it to the app, or ask for less with --scopes"
    else:
        why = f"{title} sent an error back"
        fix = "check the app's settings, then run the same command again"
    return AuthError(f"{why} ({quoted(code, 60)}{f': {said}' if said else ''})", fix=fix)


def quoted(text: str, most: int = MOST_SAID) -> str:
    """What somebody else wrote, on one line and bounded."""
    line = " ".join(UNSEEN.sub(" ", text).split())
    return line if len(line) <= most else f"{line[:most]}…"


def _wanted(consent: Consent) -> str:
    return f"paste the whole address, from {consent.redirect_uri}?… to its end"
