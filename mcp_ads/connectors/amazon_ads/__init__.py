"""Amazon Ads: profiles, portfolios, Sponsored Products, Brands, Display and TV, and reports."""

from typing import TYPE_CHECKING, Any

from mcp_ads.connectors.public_names import public_name
from mcp_ads.core import Account, AccountSource, Connector
from mcp_ads.core.pauses import Throttle

from .batches import bundle
from .dialect import AUTHOR, AmazonDialect
from .file_hosts import FILES

if TYPE_CHECKING:
    from mcp_ads.sdk.auth_configs import AirbyteAuthConfig as AirbyteAuthConfig
    from mcp_ads.sdk.classes.amazon_ads import AmazonAdsAuthConfig as AmazonAdsAuthConfig
    from mcp_ads.sdk.classes.amazon_ads import AmazonAdsConnector as AmazonAdsConnector

GONE = {
    "snapshots": "Amazon shut snapshots off on 15 Dec 2024: use exports.run",
    "budget_history": "Amazon shut it off on 31 Aug 2023: use change_history.list",
    "campaign_diagnostics": "Amazon shut it off on 1 Dec 2025: use api.post with /recommendations/list",
    "diagnostics": "Amazon shut it off on 1 Dec 2025: use api.post with /recommendations/list",
    "posts": "Amazon ended Posts in July 2025; nothing took their place",
    "media": "Amazon shut /media/upload off on 31 Jan 2024: use assets.list, api.post with /assets/upload",
    "sponsored_brands_moderation": "Amazon shut it off on 15 Dec 2025: use moderation_results.list",
    "sponsored_brands_product_collections": "Amazon shut these off on 30 Nov 2024: use "
    "sponsored_brands_ads.create with ad_type manualCollection or autoCollection",
    "dsp_reports": "Amazon shut them off on 30 Jun 2025: use reports.run with a type of dsp…",
    "dsp_orders": "Amazon shut them off on 30 Sep 2025: use api.post with /adsApi/v1/query/campaigns",
    "dsp_creatives": "Amazon shut them off on 30 Sep 2025: use api.post with /adsApi/v1/query/ads",
    "dsp_line_items": "Amazon shut them off on 30 Sep 2025: use api.post with /adsApi/v1/query/adGroups",
    "hsa_campaigns": "Headline Search Ads are Sponsored Brands now: use sponsored_brands_campaigns",
    "sandbox": "Amazon shut its sandbox off on 28 Jun 2022: use test_accounts.create",
}
"""What people know from before, as an entity -> a sentence that says where to look now."""


def _account(row: dict[str, Any]) -> Account:
    info = row.get("accountInfo") or {}
    return Account(
        str(row["profileId"]),
        str(info.get("name") or ""),
        row.get("currencyCode", ""),
        row.get("timezone", "UTC"),
        row.get("region", ""),
        str(row.get("countryCode") or ""),
        AUTHOR if info.get("subType") == "KDP_AUTHOR" else str(info.get("type") or ""),
    )


amazon_ads = Connector(
    name="amazon_ads",
    title="Amazon Ads",
    package=__name__,
    hosts={
        "NA": "https://advertising-api.amazon.com",
        "EU": "https://advertising-api-eu.amazon.com",
        "FE": "https://advertising-api-fe.amazon.com",
    },
    dialect=AmazonDialect(),
    bundle=bundle,
    accounts=AccountSource("profiles", _account, param="profile_id", ids=("profileId",)),
    place="profile",
    taken_for_at="taken_for",
    throttle=Throttle(
        first=2.0,
        slow={"POST /reporting/reports": 30.0, "POST /[a-zA-Z]+/export": 30.0},
    ),
    files=FILES,
    facts_at="facts",
    airbyte_at="airbyte",
    figures_at="figures",
    reaches_at="reaches",
    search_terms_at="search_terms",
    env="AMAZON_ADS",
    repeats={"amazon-advertising-api-clientid": "CLIENT_ID", "amazon-ads-clientid": "CLIENT_ID"},
    also={"enable": "activate", "archive": "delete"},
    gone=GONE,
    where=(
        "a Login with Amazon security profile that Amazon has approved for the Ads API, and a refresh token "
        "with the scope advertising::campaign_management: advertising.amazon.com/about-api"
    ),
    about="Amazon Sponsored Products, Brands, Display and TV",
    words=(
        ("sponsored_product_keywords", "keyword bids"),
        ("sponsored_product_negative_keywords", "negative keyword"),
        ("reports", "ACOS report"),
        ("reports", "search term report"),
        ("reports", "budget pacing"),
    ),
    entities=(
        ("profiles", "One advertiser's account in one country; all else lives in one.", "accounts.profiles"),
        ("manager_accounts", "Accounts that manage others, and what is linked to them.", "accounts.managers"),
        (
            "ads_accounts",
            "Advertising accounts that span countries, with their profiles.",
            "accounts.managers",
        ),
        ("dsp_advertisers", "Advertisers of an agency in Amazon DSP; read only.", "accounts.dsp_advertisers"),
        (
            "portfolios",
            "Groups of campaigns, with a budget cap of their own if wanted.",
            "accounts.portfolios",
        ),
        (
            "sponsored_product_campaigns",
            "Sponsored Products: what is spent a day and how it targets; ad groups belong to one.",
            "sponsored_products.campaigns",
        ),
        (
            "sponsored_product_ad_groups",
            "Products and what they are shown for, with a default bid.",
            "sponsored_products.ad_groups",
        ),
        (
            "sponsored_product_keywords",
            "Search terms an ad group bids on.",
            "sponsored_products.keywords",
        ),
        (
            "sponsored_product_targets",
            "Products, categories and automatic matches an ad group bids on.",
            "sponsored_products.targets",
        ),
        (
            "sponsored_product_target_categories",
            "Categories to target, and what refines them.",
            "sponsored_products.target_categories",
        ),
        (
            "sponsored_product_product_recommendations",
            "Products Amazon suggests to target.",
            "sponsored_products.product_recommendations",
        ),
        (
            "sponsored_product_product_ads",
            "The products an ad group advertises.",
            "sponsored_products.product_ads",
        ),
        (
            "sponsored_product_budget_rules",
            "Percentages that come on top on certain days, or under a condition, once attached.",
            "sponsored_products.budget_rules",
        ),
        (
            "sponsored_product_negative_keywords",
            "Searches an ad group keeps its ads from.",
            "sponsored_products.negative_keywords",
        ),
        (
            "sponsored_product_negative_targets",
            "Products and brands an ad group keeps its ads from.",
            "sponsored_products.negative_targets",
        ),
        (
            "sponsored_product_campaign_negative_keywords",
            "Searches a whole campaign keeps its ads from.",
            "sponsored_products.campaign_negative_keywords",
        ),
        (
            "sponsored_product_campaign_negative_targets",
            "Products and brands a whole campaign keeps its ads from.",
            "sponsored_products.campaign_negative_targets",
        ),
        (
            "sponsored_display_campaigns",
            "Sponsored Display: shown on product pages and on other sites.",
            "sponsored_display.campaigns",
        ),
        (
            "sponsored_display_ad_groups",
            "Products and whom they are shown to, with a default bid.",
            "sponsored_display.ad_groups",
        ),
        (
            "sponsored_display_product_ads",
            "The products a display ad group shows, or the page its ad leads to.",
            "sponsored_display.product_ads",
        ),
        (
            "sponsored_display_targets",
            "Products, contents and shoppers a Sponsored Display ad group bids on.",
            "sponsored_display.targets",
        ),
        (
            "sponsored_display_negative_targets",
            "Products and brands a Sponsored Display ad group keeps its ads from.",
            "sponsored_display.negative_targets",
        ),
        (
            "sponsored_display_creatives",
            "Headlines, logos, images and videos of a Sponsored Display ad group.",
            "sponsored_display.creatives",
        ),
        (
            "sponsored_brands_campaigns",
            "Sponsored Brands: headline and video ads of a brand, with a daily or lifetime budget.",
            "sponsored_brands.campaigns",
        ),
        (
            "sponsored_brands_ad_groups",
            "Ads of a Sponsored Brands campaign, and what they are shown for; no bid of their own.",
            "sponsored_brands.ad_groups",
        ),
        (
            "sponsored_brands_ads",
            "What shoppers see of a brand: videos, collections of products, spotlights on its Store.",
            "sponsored_brands.ads",
        ),
        (
            "sponsored_brands_creatives",
            "Versions of what a Sponsored Brands ad shows, each reviewed for itself.",
            "sponsored_brands.creatives",
        ),
        (
            "sponsored_brands_keywords",
            "Search terms an ad group of Sponsored Brands bids on.",
            "sponsored_brands.keywords",
        ),
        (
            "sponsored_brands_negative_keywords",
            "Searches an ad group of Sponsored Brands keeps its ads from.",
            "sponsored_brands.negative_keywords",
        ),
        (
            "sponsored_brands_targets",
            "Products, categories and brands a Sponsored Brands ad group bids on.",
            "sponsored_brands.targets",
        ),
        (
            "sponsored_brands_negative_targets",
            "Products and brands a Sponsored Brands ad group keeps its ads from.",
            "sponsored_brands.negative_targets",
        ),
        (
            "sponsored_brands_themes",
            "Keywords Amazon chooses by a subject, which a Sponsored Brands ad group bids on.",
            "sponsored_brands.themes",
        ),
        ("brands", "The advertiser's brands, which campaigns of Sponsored Brands are for.", "stores.brands"),
        ("stores", "Pages of the advertiser's Stores, which ads may lead to.", "stores.stores"),
        ("assets", "Images and videos that ads are made of.", "stores.assets"),
        (
            "sponsored_tv_campaigns",
            "Sponsored TV: video on streaming services; ad groups belong to one.",
            "sponsored_tv.campaigns",
        ),
        (
            "sponsored_tv_ad_groups",
            "An ad and what it is shown with, with a bid per thousand impressions.",
            "sponsored_tv.ad_groups",
        ),
        ("sponsored_tv_ads", "Where viewers of Sponsored TV land.", "sponsored_tv.ads"),
        (
            "sponsored_tv_targets",
            "Kinds of content and categories that Sponsored TV is shown by.",
            "sponsored_tv.targets",
        ),
        (
            "sponsored_tv_creatives",
            "Videos of Sponsored TV ad groups, and their review.",
            "sponsored_tv.creatives",
        ),
        ("reports", "Performance by day, campaign, keyword, search term, product, …", "reports.reports"),
        (
            "exports",
            "All campaigns, ad groups, targets or ads of a profile, as they are now.",
            "reports.exports",
        ),
        ("change_history", "What changed, when, from what to what; not by whom.", "accounts.change_history"),
        ("product_metadata", "Products one may advertise: title, price, stock.", "accounts.products"),
        (
            "product_eligibility",
            "Whether products may be advertised, and why not.",
            "accounts.product_eligibility",
        ),
        (
            "moderation_results",
            "What Amazon's review of an ad found, and why it was rejected.",
            "accounts.moderation_results",
        ),
        (
            "audiences",
            "Shoppers to target by id: interests, lifestyles, in the market.",
            "accounts.audiences",
        ),
        ("invoices", "What Amazon charged, what is due, and for what.", "accounts.invoices"),
        ("test_accounts", "Accounts for trying things out, which show no ads.", "accounts.test_accounts"),
        ("api", "Raw requests: whatever the other entities lack.", "raw"),
    ),
)

if not TYPE_CHECKING:  # a name that is not above is a mistake

    def __getattr__(name: str) -> Any:
        return public_name(__name__, name)
