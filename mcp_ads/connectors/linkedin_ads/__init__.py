"""LinkedIn Ads: the versioned Marketing API."""

from typing import Any

from mcp_ads.core import Account, AccountSource, Connector

from .batches import bundle
from .dialect import RestliDialect


def _account(row: dict[str, Any]) -> Account:
    """LinkedIn reports and bills in UTC; its accounts have no time zone of their own."""
    return Account(str(row["id"]).rpartition(":")[2], str(row.get("name", "")), str(row.get("currency", "")))


linkedin_ads = Connector(
    name="linkedin_ads",
    title="LinkedIn Ads",
    package=__name__,
    hosts={"": "https://api.linkedin.com"},
    dialect=RestliDialect(),
    bundle=bundle,
    accounts=AccountSource("accounts", _account),
    place="acct",
    uploads=(r"www\.linkedin\.com",),
    plain_id=lambda text: text.rpartition(":")[2],
    env="LINKEDIN_ADS",
    where=(
        "an app with the Advertising API product at linkedin.com/developers; its Auth page makes tokens with "
        "r_ads and r_ads_reporting (rw_ads for writes)"
    ),
    about="LinkedIn ads for B2B",
    words=(
        ("creatives", "sponsored content"),
        ("images", "image upload"),
        ("campaigns", "job title targeting"),
        ("lead_forms", "lead gen form"),
        ("dmp_segments", "audience upload"),
        ("ad_campaign_analytics", "cost per lead report"),
    ),
    entities=(
        ("accounts", "Ad accounts the member may see.", "campaigns.accounts"),
        (
            "campaign_groups",
            "Groups of campaigns; Campaign Manager now calls them campaigns.",
            "campaigns.campaign_groups",
        ),
        (
            "campaigns",
            "Audience, budget, bid; Campaign Manager now calls them ad sets.",
            "campaigns.campaigns",
        ),
        ("creatives", "What a campaign shows; Campaign Manager now calls them ads.", "creatives.creatives"),
        ("posts", "Posts that only ads show: texts, media and links of creatives.", "creatives.posts"),
        ("images", "Images of LinkedIn Pages, for posts and creatives.", "creatives.images"),
        ("videos", "Videos of LinkedIn Pages, for posts and creatives.", "creatives.videos"),
        ("documents", "Documents of LinkedIn Pages, such as PDFs, for posts.", "creatives.documents"),
        (
            "analytics",
            "Delivery, cost and conversions by account, campaign group, campaign or creative.",
            "analytics.analytics",
        ),
        ("ad_campaign_analytics", "Delivery, cost and conversions by campaign.", "analytics.analytics"),
        ("ad_creative_analytics", "Delivery, cost and conversions by creative.", "analytics.analytics"),
        ("rest", "Raw requests: whatever the other entities lack.", "raw"),
    ),
)
