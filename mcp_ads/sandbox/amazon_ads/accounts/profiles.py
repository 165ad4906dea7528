"""Profiles: one advertiser account in one country; the only objects that need no scope."""

from __future__ import annotations

from starlette.responses import Response

from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply

PROGRAMS = {"billing", "campaign", "paymentMethod", "store", "report", "account", "posts"}
CHOICES = {
    "apiProgram": PROGRAMS,
    "accessLevel": {"view", "edit"},
    "profileTypeFilter": {"seller", "vendor", "agency"},
    "validPaymentMethodFilter": {"true", "false"},
}


def list_profiles(call: Call) -> Response:
    """Every profile of this region that the query lets through."""
    query = dict(call.request.query_params)
    for name, value in query.items():
        if name not in CHOICES or not set(value.split(",")) <= CHOICES[name]:
            raise Refused(400, f"Invalid query parameter {name}={value}")
    profiles = [profile for profile in call.store.all("amazon.profile") if profile["_region"] == call.region]
    return reply([_shown(profile) for profile in profiles if _passes(profile, query)])


def get_profile(call: Call) -> Response:
    """One profile of this region."""
    found = call.store.get("amazon.profile", call.params["profileId"])
    if found is None or found["_region"] != call.region:
        raise Refused(404, f"Could not find profile {call.params['profileId']}")
    return reply(_shown(found))


def _passes(profile: Body, query: dict[str, str]) -> bool:
    info = profile["accountInfo"]
    if info["type"] not in query.get("profileTypeFilter", info["type"]).split(","):
        return False
    paying = str(info["validPaymentMethod"]).lower()
    return query.get("validPaymentMethodFilter", paying) == paying


def _shown(profile: Body) -> Body:
    return {key: value for key, value in profile.items() if not key.startswith("_")}


OPERATIONS = (
    Operation("GET", "/v2/profiles", list_profiles, scoped=False),
    Operation("GET", "/v2/profiles/{profileId}", get_profile, scoped=False),
)
