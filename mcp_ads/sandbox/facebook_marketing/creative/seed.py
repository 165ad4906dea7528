"""The images that are there at the beginning."""

from __future__ import annotations

import hashlib

from mcp_ads.sandbox.facebook_marketing.shops import Shop
from mcp_ads.sandbox.facebook_marketing.state import State

from .images import known

IMAGES = (("tern-jacket.jpg", 1200, 1200), ("tide-boots.jpg", 1200, 628), ("sale-story.png", 1080, 1920))


def fill(state: State, shop: Shop) -> None:
    """Three images of an account."""
    account = shop.account["account_id"]
    for name, width, height in IMAGES:
        digest = hashlib.md5(f"{account} {name}".encode(), usedforsecurity=False).hexdigest()
        at = {"created_time": shop.ago(90), "updated_time": shop.ago(90)}
        state.put("image", known(account, digest, name, (width, height)) | at)
