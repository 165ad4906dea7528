"""Where files may be fetched from: an address in an answer must not send us elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import httpx

from mcp_ads.errors import Rejected
from mcp_ads.platforms import LOOPBACK, Platform

HTTPS_PORTS = (None, 443)


def check_address(url: httpx.URL, known: Iterable[str], platform: Platform) -> None:
    """Raise Rejected unless the host is one the platform keeps files on, or one of the configured hosts.

    `known` are patterns of whole host names. This machine counts only where the platform itself is on it.
    """
    own = {urlsplit(each).hostname for each in platform.hosts.values()}
    if url.host in LOOPBACK and own & {*LOOPBACK}:
        return
    listed = url.host in own - {*LOOPBACK} or any(re.fullmatch(each, url.host, re.ASCII) for each in known)
    if url.scheme != "https" or url.userinfo or url.port not in HTTPS_PORTS or not listed:
        raise Rejected(
            f"the platform names an address for its file that is not among its hosts: {url.host[:100]!r}",
            fix="this may be an attack, or a host that is not known here yet: report it",
        )
