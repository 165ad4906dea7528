"""What Amazon calls being on, off and put away."""

from dataclasses import replace

from mcp_ads.core import States

STATES = States(
    fields=("state",),
    on=frozenset({"ENABLED", "enabled"}),
    switches={"ENABLED": "activate", "enabled": "activate", "PAUSED": "pause", "paused": "pause"},
    endings={"ARCHIVED": "archive"},
)
"""Sponsored Display writes its states in lower case."""
DELIVERS_NOTHING = replace(STATES, on=frozenset())
"""For what has these states, or is made, and never shows an ad by itself."""
