"""Facebook Marketing: the Graph API's ad objects."""

import re
from collections.abc import Mapping
from typing import Any

from mcp_ads.core import GET, Account, AccountSource, Connector, Ownership, Request
from mcp_ads.errors import ApiError

from .batches import bundle
from .dialect import GraphDialect


def _account(row: dict[str, str]) -> Account:
    return Account(
        row["account_id"], row.get("name", ""), row.get("currency", ""), row.get("timezone_name", "UTC")
    )


_NO_ACCOUNT = re.compile(r"nonexisting field \(account_id\)")


def _owner(object_id: str) -> Request:
    return Request(GET("").method, f"/{object_id}", {"fields": "account_id"})


def _account_of(record: Mapping[str, Any]) -> str:
    return str(record.get("account_id") or "")


def _nobody(error: ApiError) -> bool:
    """Businesses, pages, catalogs and users have no such field."""
    return error.code == "100" and bool(_NO_ACCOUNT.search(error.platform_text))


facebook_marketing = Connector(
    name="facebook_marketing",
    title="Facebook Marketing",
    package=__name__,
    hosts={"": "https://graph.facebook.com"},
    dialect=GraphDialect(),
    bundle=bundle,
    accounts=AccountSource(
        "ad_accounts",
        _account,
        fields=("account_id", "name", "currency", "timezone_name"),
        ids=("account_id", "id"),
    ),
    owner=Ownership(_owner, ("account_id",), _account_of, _nobody),
    place="act",
    plain_id=lambda text: text.removeprefix("act_"),
    uploads=(r"graph-video\.facebook\.com",),
    expansions={
        "account": ("id", "account_id", "name", "currency", "timezone_name", "account_status"),
        **dict.fromkeys(("campaign", "adset", "ad", "creative", "adcreatives", "adsets", "ads"), ()),
        **dict.fromkeys(("insights", "adlabels", "recommendations", "issues_info"), ()),
    },
    env="FACEBOOK_MARKETING",
    where=(
        "a token with ads_read (and ads_management for writes): "
        "Meta Business settings > System users, or the Graph API Explorer"
    ),
    about="Meta ads on Facebook and Instagram",
    words=(
        ("ad_sets", "ad sets"),
        ("ad_creatives", "creatives"),
        ("custom_audiences", "custom audience upload"),
        ("pixels", "pixel"),
        ("lead_forms", "lead form"),
        ("ads_insights", "ROAS report"),
        ("ads_insights", "budget pacing"),
        ("ads_insights", "creative fatigue"),
    ),
    entities=(
        ("current_user", "The user or system user the token belongs to.", "access.current_user"),
        ("ad_accounts", "Ad accounts the token may see.", "access.ad_accounts"),
        ("campaigns", "An objective with its budget; ad sets belong to one.", "delivery.campaigns"),
        ("ad_sets", "Audience, schedule, bid and budget under a campaign.", "delivery.ad_sets"),
        ("ads", "One creative running in an ad set.", "delivery.ads"),
        ("budget_schedules", "Times in which a daily budget is raised.", "delivery.budget_schedules"),
        ("minimum_budgets", "The least daily budgets, by currency.", "delivery.minimum_budgets"),
        ("ad_labels", "Names to group campaigns, ad sets and ads by.", "delivery.ad_labels"),
        ("delivery_issues", "What blocks delivery in a whole account.", "delivery.delivery_issues"),
        ("activities", "Who changed what, and when.", "delivery.activities"),
        ("ad_previews", "How an ad or creative looks in a place.", "creative.ad_previews"),
        ("ad_creatives", "What an ad shows: text, media, link.", "creative.ad_creatives"),
        ("images", "Pictures that creatives name by their hash.", "creative.images"),
        ("videos", "Films that creatives name by their id.", "creative.videos"),
        ("custom_audiences", "Customer lists, lookalikes, visitors.", "audiences.custom_audiences"),
        ("catalogs", "Product catalogs of a business.", "catalogs.catalogs"),
        (
            "ads_insights",
            "Delivery, spend and conversions by day, level and breakdown.",
            "measuring.ads_insights",
        ),
        ("custom_conversions", "Events of a pixel that fit a rule.", "measuring.custom_conversions"),
        ("pixels", "What sends events: sites, apps, shops.", "measuring.pixels"),
        ("pixel_stats", "Events a pixel received, by the hour.", "measuring.pixel_stats"),
        ("pixel_quality", "Freshness and match quality of a pixel's events.", "measuring.pixel_quality"),
        ("conversion_events", "Events sent by the Conversions API.", "measuring.conversion_events"),
        ("ad_library", "Ads of any advertiser, as Meta archives them.", "measuring.ad_library"),
        ("graph", "Raw requests: whatever the other entities lack.", "raw"),
    ),
)
