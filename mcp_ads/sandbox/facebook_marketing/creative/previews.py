"""Previews of ads and creatives: a frame whose address shows them for a day."""

from __future__ import annotations

from hashlib import sha256

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.params import Body, checked
from mcp_ads.sandbox.facebook_marketing.writes import require

FRAME = (
    '<iframe src="https://www.facebook.com/ads/api/preview_iframe.php?d={sign}&amp;ad_format={place}" '
    'width="335" height="450" scrolling="yes" style="border: none;"></iframe>'
)


def listed(call: Call) -> Body:
    """GET the preview of an ad, or of a creative, in one place."""
    sent = checked(call.edge, call.params)
    require(sent, "ad_format")
    return _frame(f"{call.node['id']} {sent['ad_format']}", sent["ad_format"])


def generated(call: Call) -> Body:
    """GET the preview of a creative that is not made yet."""
    sent = checked(call.edge, call.params)
    require(sent, "creative", "ad_format")
    return _frame(f"{sent['creative']} {sent['ad_format']}", sent["ad_format"])


def _frame(what: str, place: str) -> Body:
    return {"data": [{"body": FRAME.format(sign=f"AQ{sha256(what.encode()).hexdigest()[:24]}", place=place)}]}
