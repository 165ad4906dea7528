"""What Amazon calls being on, off and put away; and its kinds of advertisers."""

from mcp_ads.core import States

SELLER, VENDOR, AUTHOR = "seller", "vendor", "author"

STATES = States(
    fields=("state",),
    on=frozenset({"ENABLED", "enabled"}),
    switches={"ENABLED": "activate", "enabled": "activate", "PAUSED": "pause", "paused": "pause"},
    endings={"ARCHIVED": "archive"},
)
"""Sponsored Display writes its states in lower case."""
