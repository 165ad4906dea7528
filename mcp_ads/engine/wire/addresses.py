"""Where requests may go: an address in an answer must not send us, or a user's file, elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from mcp_ads.core import Connector, Request
from mcp_ads.core.bodies import Credentials
from mcp_ads.core.synonyms import cut
from mcp_ads.errors import Rejected
from mcp_ads.platforms import LOOPBACK, Platform

HTTPS = 443


def regional(request: Request, region: str) -> Request:
    """The request for the region of its account, unless it names one."""
    return replace(request, region=region) if region and not request.region else request


def base_of(request: Request, connector: Connector, platform: Platform) -> str:
    """The base URL a request is for: one of credentials goes where tokens come from, which knows them.

    Raises Rejected for a host that the connector does not name, and for a region that there is not.
    """
    if isinstance(request.body, Credentials):
        return platform.token_url.rpartition("/oauth/")[0]
    hosts = platform.hosts
    if request.region and request.region not in hosts:
        raise Rejected(f"the platform has no region {cut(request.region)!r}; nothing was sent")
    base = hosts[request.region] if request.region else next(iter(hosts.values()))
    if not request.host or platform.foreign:
        return base
    if not any(re.fullmatch(pattern, request.host, re.ASCII) for pattern in connector.uploads):
        raise Rejected(f"{request.host!r} is not among the platform's hosts; nothing was sent")
    return f"https://{request.host}"


def known_hosts(request: Request, connector: Connector) -> Iterable[str]:
    """Patterns of the hosts an absolute address may be at.

    Credentials, and what a user writes, go to fewer hosts than files come from.
    """
    reads = request.risk == "read" and not request.signed
    return connector.files if reads else connector.uploads


def check_address(address: str, known: Iterable[str], platform: Platform) -> None:
    """Raise Rejected unless an address from an answer is one that the platform keeps files at.

    `known` are patterns of whole host names; what is there is https at its usual port. The configured hosts
    count, too: at their own port, or at any port of this machine where the platform itself is on it.
    """
    import httpx

    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:  # it may be a signed address all the same, so nothing of it is shown
        raise _unknown("") from None
    own = [urlsplit(base) for base in platform.hosts.values()]
    here = url.host in LOOPBACK and url.host in {base.hostname for base in own}
    ports = {base.port or HTTPS for base in own if base.hostname == url.host}
    if any(re.fullmatch(pattern, url.host, re.ASCII) for pattern in known):
        ports.add(HTTPS)
    if url.userinfo or not (here or (url.scheme == "https" and (url.port or HTTPS) in ports)):
        raise _unknown(url.host)


def _unknown(host: str) -> Rejected:
    return Rejected(
        f"the platform names an address for its file that is not among its hosts: {host[:100]!r}",
        fix="this may be an attack, or a host that is not known here yet: report it",
    )
