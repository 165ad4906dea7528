"""What is worked out when an image is read."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.params import Body
from mcp_ads.sandbox.facebook_marketing.state import Computed, State


def shown_by(state: State, image: Body) -> list[str]:
    """The creatives of its account that show it."""
    return [
        row["id"]
        for row in state.owned("creative", "account_id", image["account_id"])
        if row.get("image_hash") == image["hash"] and row["status"] != "DELETED"
    ]


COMPUTED: Computed = {("image", "creatives"): shown_by}
