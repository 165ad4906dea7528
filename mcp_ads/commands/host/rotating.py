"""`host rotate-key`: a new key, everything sealed with it, and then no old one any more."""

from __future__ import annotations

import base64
import time

from mcp_ads.commands.streams import note, say
from mcp_ads.errors import BadSettings
from mcp_ads.host.assembly import assembled
from mcp_ads.host.key_file import keep, raw_keys, rotating
from mcp_ads.host.keys import fresh_key
from mcp_ads.host.parts import Host
from mcp_ads.host.settings import KEY, HostSettings, host_settings
from mcp_ads.host.store.sealed import seal_anew

SETTLES = 1.0
"""Seconds in which a transaction that began with the old key is over."""


def fresh() -> int:
    """Print a new key, for MCP_ADS_HOST_KEY."""
    say(base64.b64encode(fresh_key()).decode())
    return 0


def rotate() -> int:
    """Ended in the middle, it leaves both keys, and may be called again."""
    settings = host_settings()
    with rotating(settings):
        return _rotated(settings)


def _rotated(settings: HostSettings) -> int:
    if settings.key and len(raw_keys(settings)) == 1:
        raise BadSettings(
            f"{KEY}: put a new key before the old one, with a comma between (`mcp-ads host rotate-key "
            "--print` makes one), restart the servers, and run this again; then leave the old one out"
        )
    if not settings.key:
        keep(settings, (fresh_key(), *raw_keys(settings)))
    host = assembled(settings)
    try:
        done = _sealed_anew(host)
    finally:
        host.database.close()
    if settings.key:
        note(f"{done} sealed anew; leave all keys but the first out of {KEY} now, and restart the servers")
        return 0
    keep(settings, raw_keys(settings)[:1])
    note(f"{done} sealed anew; the old key is gone from {settings.key_file}")
    return 0


def _sealed_anew(host: Host) -> int:
    """Seal anew until there was nothing left to: a server may have begun to write before the new key came."""
    done, again = 0, 1
    while again:
        again = host.database.wait(lambda connection: seal_anew(connection, host.keys))
        done += again
        time.sleep(SETTLES)
    return done
