"""LinkedIn Ads: the versioned Marketing API."""

from typing import TYPE_CHECKING, Any

from mcp_ads.connectors.public_names import public_name
from mcp_ads.core import Account, AccountSource, Connector

from .batches import bundle
from .dialect import RestliDialect

if TYPE_CHECKING:
    from mcp_ads.sdk.auth_configs import AirbyteAuthConfig as AirbyteAuthConfig
    from mcp_ads.sdk.classes.linkedin_ads import LinkedinAdsAuthConfig as LinkedinAdsAuthConfig
    from mcp_ads.sdk.classes.linkedin_ads import LinkedinAdsConnector as LinkedinAdsConnector
    from mcp_ads.sdk.classes.linkedin_ads import LinkedinAdsReplicationConfig as LinkedinAdsReplicationConfig


def _account(row: dict[str, Any]) -> Account:
    """LinkedIn reports and bills in UTC; its accounts have no time zone of their own."""
    return Account(str(row["id"]).rpartition(":")[2], str(row.get("name", "")), str(row.get("currency", "")))


DEVICES_AND_MEMBERS = {
    "ad_impression_device_analytics": "IMPRESSION_DEVICE_TYPE",
    "ad_member_company_analytics": "MEMBER_COMPANY",
    "ad_member_company_size_analytics": "MEMBER_COMPANY_SIZE",
    "ad_member_country_analytics": "MEMBER_COUNTRY_V2",
    "ad_member_industry_analytics": "MEMBER_INDUSTRY",
    "ad_member_job_function_analytics": "MEMBER_JOB_FUNCTION",
    "ad_member_job_title_analytics": "MEMBER_JOB_TITLE",
    "ad_member_region_analytics": "MEMBER_REGION_V2",
    "ad_member_seniority_analytics": "MEMBER_SENIORITY",
}
"""Names that other connectors have for pivots of `analytics`."""
linkedin_ads = Connector(
    name="linkedin_ads",
    title="LinkedIn Ads",
    package=__name__,
    hosts={"": "https://api.linkedin.com"},
    dialect=RestliDialect(),
    bundle=bundle,
    accounts=AccountSource("accounts", _account, status="status"),
    place="acct",
    uploads={
        r"www\.linkedin\.com": "learn.microsoft.com/linkedin/marketing/community-management/shares/images-api"
    },
    plain_id=lambda text: text.rpartition(":")[2],
    facts_at="facts",
    airbyte_at="airbyte",
    figures_at="figures",
    reaches_at="reaches",
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
    unlisted={name: f"analytics.list with pivot {pivot}" for name, pivot in DEVICES_AND_MEMBERS.items()},
    called={"ad_sets": "campaigns", "adsets": "campaigns", "ad_groups": "campaigns", "ads": "creatives"},
    entities=(
        ("accounts", "Ad accounts the member may see.", "campaigns.accounts"),
        (
            "account_users",
            "Who may work in an ad account, in which role.",
            "campaigns.account_users",
        ),
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
        ("ad_previews", "How a creative looks, as addresses to open.", "creatives.ad_previews"),
        ("videos", "Videos of LinkedIn Pages, for posts and creatives.", "creatives.videos"),
        ("documents", "Documents of LinkedIn Pages, such as PDFs, for posts.", "creatives.documents"),
        (
            "dmp_segments",
            "Uploaded audiences of people or companies: contact and company lists.",
            "audiences.dmp_segments",
        ),
        (
            "ad_segments",
            "What an account can target of its own: uploads, retargeting, lookalikes.",
            "audiences.ad_segments",
        ),
        ("targeting_facets", "By what members can be targeted.", "audiences.targeting_facets"),
        (
            "targeting_entities",
            "Titles, places, skills, companies…: found by name, named by URN.",
            "audiences.targeting_entities",
        ),
        ("audience_counts", "How many members targeting criteria reach.", "audiences.audience_counts"),
        ("budget_pricing", "Suggested bids and the least LinkedIn takes.", "audiences.budget_pricing"),
        ("supply_forecasts", "What a campaign would deliver on days to come.", "audiences.supply_forecasts"),
        (
            "conversions",
            "Conversion rules: what counts, for how long, for which campaigns.",
            "leads.conversions",
        ),
        (
            "campaign_conversions",
            "Which conversion rules count for which campaigns.",
            "leads.campaign_conversions",
        ),
        (
            "conversion_events",
            "Conversions sent from a server or a CRM, by the Conversions API.",
            "leads.conversion_events",
        ),
        ("insight_tags", "LinkedIn's tag on the advertiser's site.", "leads.insight_tags"),
        ("lead_forms", "Forms that lead ads show.", "leads.lead_forms"),
        (
            "lead_form_responses",
            "Leads: what people wrote into lead forms.",
            "leads.lead_form_responses",
        ),
        (
            "analytics",
            "Delivery, cost and conversions by up to three pivots, or by who saw the ads (job titles, …).",
            "analytics.analytics",
        ),
        ("ad_campaign_analytics", "Delivery, cost and conversions by campaign.", "analytics.by_pivot"),
        ("ad_creative_analytics", "Delivery, cost and conversions by creative.", "analytics.by_pivot"),
        ("ad_impression_device_analytics", "Delivery, cost and conversions by device.", "analytics.by_pivot"),
        ("ad_member_company_analytics", "Companies of who saw the ads.", "analytics.by_pivot"),
        ("ad_member_company_size_analytics", "Company sizes of who saw the ads.", "analytics.by_pivot"),
        ("ad_member_country_analytics", "Countries of who saw the ads.", "analytics.by_pivot"),
        ("ad_member_industry_analytics", "Industries of who saw the ads.", "analytics.by_pivot"),
        ("ad_member_job_function_analytics", "Job functions of who saw the ads.", "analytics.by_pivot"),
        ("ad_member_job_title_analytics", "Job titles of who saw the ads.", "analytics.by_pivot"),
        ("ad_member_region_analytics", "Regions of who saw the ads.", "analytics.by_pivot"),
        ("ad_member_seniority_analytics", "Seniorities of who saw the ads.", "analytics.by_pivot"),
        ("organizations", "LinkedIn Pages: the member's own, and any other.", "organizations.organizations"),
        ("ad_library", "Ads of any advertiser, as LinkedIn archives them.", "organizations.ad_library"),
        ("token", "The access token in use: scopes and end.", "organizations.token"),
        ("rest", "Raw requests: whatever the other entities lack.", "raw"),
    ),
)

if not TYPE_CHECKING:  # a name that is not above is a mistake

    def __getattr__(name: str) -> Any:
        return public_name(__name__, name)
