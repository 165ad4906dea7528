"""Delivery estimates: how many people in a month an ad set with this goal could reach."""

from typing import Annotated

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.delivery.choices import Goal
from mcp_ads.connectors.facebook_marketing.types import Object
from mcp_ads.core import GET, Entity

from .estimates import EstimateRead


class GetDeliveryEstimate(EstimateRead):
    """Estimate how many people a month ads with this targeting and optimization goal could reach."""

    optimization_goal: Annotated[Goal, Field(examples=["REACH"])]
    promoted_object: Annotated[Object | None, Field(description="What is promoted, as ad sets have it.")] = (
        None
    )

    http, node = GET("/act_{account_id}/delivery_estimate"), "AdAccountDeliveryEstimate"
    bounds = ("estimate_mau_lower_bound", "estimate_mau_upper_bound")
    lean = (*bounds, "estimate_ready")
    said = "audience size, monthly active people, estimated audience"


delivery_estimates = Entity(get=GetDeliveryEstimate)
