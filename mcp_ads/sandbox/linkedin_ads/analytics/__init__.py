"""Reports: delivery of the seeded creatives, by pivot and period."""

from mcp_ads.sandbox.linkedin_ads.params import number_key
from mcp_ads.sandbox.linkedin_ads.resource import Method, Resource

from . import analytics

RESOURCES = (
    Resource(
        "adAnalytics",
        number_key,
        {
            "FINDER analytics": Method(analytics.analytics, analytics.ONE_PIVOT),
            "FINDER statistics": Method(analytics.statistics, analytics.MANY_PIVOTS),
            "FINDER attributedRevenueMetrics": Method(analytics.revenue, analytics.REVENUE),
        },
    ),
)
