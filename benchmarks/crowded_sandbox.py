"""The sandbox with so many more campaigns in one account of each platform: `crowded_sandbox COUNT`.

Prints the variables with which mcp-ads asks it, and serves until stopped.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

import httpx

from mcp_ads.sandbox.ports import Servers

ACCOUNTS = {
    "facebook_marketing": ("campaigns", "1234567890"),
    "linkedin_ads": ("campaigns", "512345678"),
    "amazon_ads": ("sponsored_product_campaigns", "3312345678901234"),
}
MADE: tuple[tuple[str, str, str, Any, int | str], ...] = (
    ("facebook.campaign", "account_id", "1234567890", "id", "1902110000{:09}"),
    ("linkedin.campaign", "account", "urn:li:sponsoredAccount:512345678", "id", 900_000_000),
    ("amazon.campaigns", "_profile", "3312345678901234", "campaignId", "9200000{:08}"),
)
"""Of each platform: the kind, the field that says whose, the account, the field of the id, how ids look."""


def serve(count: int) -> None:
    """Fill the store, say where it listens, and wait."""
    servers = Servers()
    servers.start()
    for port in (servers.ports.main, servers.ports.regions["NA"]):
        for path in ("/v26.0/me", "/rest/adAccounts", "/v2/profiles"):
            httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False)
    store = servers.sandbox.store
    with store.transaction():
        for kind, field, owner, key, spelt in MADE:
            pattern = store.owned(kind, field, owner)[0]
            bare = {name: value for name, value in pattern.items() if name != "_n"}
            for number in range(count):
                id_ = spelt + number if isinstance(spelt, int) else spelt.format(number)
                store.put(kind, str(id_), {**bare, key: id_, "name": f"Campaign {number}"})
    print("\n".join(f"{name}={value}" for name, value in servers.ports.variables().items()), flush=True)
    os.close(sys.stdout.fileno())  # whoever reads the lines waits for their end
    threading.Event().wait()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
