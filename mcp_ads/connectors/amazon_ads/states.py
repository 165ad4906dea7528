"""What Amazon calls being on, off and put away."""

from mcp_ads.core import States

STATES = States(
    fields=("state",),
    on=frozenset({"ENABLED", "enabled"}),
    switches={"ENABLED": "activate", "enabled": "activate", "PAUSED": "pause", "paused": "pause"},
    endings={"ARCHIVED": "archive"},
)
"""Sponsored Display writes its states in lower case."""
