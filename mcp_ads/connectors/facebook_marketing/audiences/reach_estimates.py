"""Reach estimates: how many people a targeting object could reach."""

from mcp_ads.core import GET, Entity

from .estimates import EstimateRead


class GetReachEstimate(EstimateRead):
    """Estimate how many people a targeting object could reach, as a lower and an upper bound."""

    http, node = GET("/act_{account_id}/reachestimate"), "AdAccountReachEstimate"
    bounds = ("users_lower_bound", "users_upper_bound")
    lean = (*bounds, "estimate_ready")
    said = "audience size, potential reach, how many people"


reach_estimates = Entity(get=GetReachEstimate)
