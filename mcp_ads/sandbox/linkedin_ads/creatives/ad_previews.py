"""Ad previews: /adPreviews, a frame for each place in which a creative is shown."""

from __future__ import annotations

from mcp_ads.sandbox.linkedin_ads.errors import no_access, not_found
from mcp_ads.sandbox.linkedin_ads.params import Params, number_key, text, urn_of
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource
from mcp_ads.sandbox.linkedin_ads.state import ACCOUNT, CAMPAIGN, CREATIVE, Answer, Call, tail

PARAMS = Params(
    {"q": text, "creative": urn_of("sponsoredCreative"), "account": urn_of("sponsoredAccount")},
    ("creative", "account"),
)
PLACES = ("DESKTOP_WEBSITE", "MOBILE_APP")
FRAME = "https://www.linkedin.com/ads/preview"
NOT_SHOWN = ("TEXT_AD", "SPONSORED_INMAILS")


def preview(call: Call) -> Answer:
    """A frame of its own for each place, none for kinds that have no preview."""
    urn, account = call.query["creative"], call.query["account"]
    if call.store.get(ACCOUNT, tail(account)) is None:
        raise no_access(account)
    creative = call.store.get(CREATIVE, tail(urn))
    if creative is None or creative["account"] != account:
        raise not_found("creative", urn)
    campaign = call.store.get(CAMPAIGN, tail(creative["campaign"])) or {}
    places = () if campaign.get("type") in NOT_SHOWN else PLACES
    elements = [
        {
            "creative": urn,
            "placement": {"linkedin": {"contentPresentationType": place}},
            "preview": f"<iframe src='{FRAME}?creative={tail(urn)}&amp;at={place}' "
            "height=580 width=480 frameborder=0></iframe>",
        }
        for place in places
    ]
    return Answer(200, {"elements": elements, "paging": {"start": 0, "count": 10, "links": []}})


AD_PREVIEWS = Resource("adPreviews", number_key, {"FINDER creative": Method(preview, PARAMS)})
