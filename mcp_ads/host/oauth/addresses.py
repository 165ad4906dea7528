"""Addresses that browsers are sent to: the host's own, and those of whoever asks for a consent. Pure."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from mcp_ads.host.callers import Caller
from mcp_ads.host.named import name_in
from mcp_ads.host.refusals import Refused
from mcp_ads.host.settings import HostSettings
from mcp_ads.platforms import LOOPBACK

CALLBACK = "/connector/callback"
LONGEST = 2_000
OURS = ("secret_id", "connector_id", "error", "error_description")
"""What is added to the query of a redirect_url."""


def origin_of(settings: HostSettings, scheme: str, host: str) -> str:
    """scheme://host[:port] of the host for a browser. Raises Refused (400) where nobody said it."""
    if settings.public_url:
        return settings.public_url
    allowed = {name_in(known) for known in settings.own.http_allowed_hosts}
    if (name := name_in(host)) and name in {*LOOPBACK, *allowed}:
        return f"{scheme}://{host}"
    raise Refused(
        400,
        "the operator has to set MCP_ADS_HOST_PUBLIC_URL to the address browsers reach this server by",
        "not_configured",
    )


def callback_of(origin: str) -> str:
    """The redirect URI that platforms are told. On this machine they know localhost by no other name."""
    parts = urlsplit(origin)
    if parts.hostname in LOOPBACK:
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://localhost{port}{CALLBACK}"
    return f"{origin}{CALLBACK}"


def redirect_url(text: str, caller: Caller) -> str:
    """Where a person is sent at the end. Raises Refused (400) for an address they should not be sent to."""
    if caller.redirects and text not in caller.redirects:
        raise _wrong("none of those registered for this client, which have to be met letter by letter")
    if len(text) > LONGEST or not text.isprintable() or any(c.isspace() or c == "\\" for c in text):
        raise _wrong(f"an address of at most {LONGEST:,} characters, without spaces")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise _wrong("write https://host/path") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise _wrong("write https://host/path (http only for localhost)")
    if not parts.hostname or "@" in parts.netloc or "#" in text:
        raise _wrong("write https://host/path, without a user name and without #")
    if taken := [name for name, _ in parse_qsl(parts.query, keep_blank_values=True) if name in OURS]:
        raise _wrong(f"its query may not have {taken[0]}, which is added to it")
    return text


def with_query(url: str, **more: str) -> str:
    """The address with more in its query, and with its own as it is; what is empty is left out."""
    parts = urlsplit(url)
    added = urlencode({name: text for name, text in more.items() if text})
    return parts._replace(query=f"{parts.query}&{added}" if parts.query else added).geturl()


def _wrong(why: str) -> Refused:
    return Refused(400, f"redirect_url: {why}", field="redirect_url")
