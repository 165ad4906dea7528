"""The network as the environment says it is: certificates and proxies that no client can be made with."""

from __future__ import annotations

from mcp_ads.errors import BadSettings

PROXIES = "HTTPS_PROXY, HTTP_PROXY or ALL_PROXY"
CHECK = "check SSL_CERT_FILE, SSL_CERT_DIR and HTTPS_PROXY"
PROXY = f"write {PROXIES} as http://host:port, or unset it"
WRITTEN = "write a proxy as http://host:port, and NO_PROXY as names of hosts with commas between them"


def client_errors() -> tuple[type[Exception], ...]:
    """What httpx raises for an environment that it can make no client with."""
    import httpx

    return OSError, ImportError, ValueError, httpx.InvalidURL


def unusable(error: Exception) -> BadSettings:
    """The mistake in the environment; the address of a proxy, which may hold a password, is not repeated."""
    if isinstance(error, OSError):
        what = f"the certificates or the proxy of the environment cannot be used: {error}"
        return BadSettings(what, fix=CHECK)
    if isinstance(error, ImportError):
        return BadSettings(f"{PROXIES} names a SOCKS proxy, which is not supported", fix=PROXY)
    return BadSettings(f"{PROXIES}, or NO_PROXY, is not written as it has to be", fix=WRITTEN)
