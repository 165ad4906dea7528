"""The images and videos that are there at the beginning."""

from __future__ import annotations

import hashlib

from mcp_ads.sandbox.facebook_marketing.shops import Shop
from mcp_ads.sandbox.facebook_marketing.state import State

from .images import image
from .videos import LOOKS

VIDEOS = 1_202_160 * 10**12
IMAGES = (("tern-jacket.jpg", 1200, 1200), ("tide-boots.jpg", 1200, 628), ("sale-story.png", 1080, 1920))


def fill(state: State, shop: Shop) -> None:
    """Three images and a video of an account."""
    account = shop.account["account_id"]
    for name, width, height in IMAGES:
        digest = hashlib.md5(f"{account} {name}".encode(), usedforsecurity=False).hexdigest()
        at = {"created_time": shop.ago(90), "updated_time": shop.ago(90)}
        state.put("image", image(account, digest, name, (width, height)) | at)
    state.put(
        "video",
        {
            "id": str(VIDEOS + shop.first + 1),
            "account_id": account,
            "title": "Spring film",
            "description": "",
            "length": 15.2,
            "created_time": shop.ago(80),
            "updated_time": shop.ago(80),
            "_size": 9_000_000,
            "_sent": 9_000_000,
            "_looks": LOOKS,
            "_whole": True,
            "_fails": False,
        },
    )
