"""Facebook Marketing: the Graph API's ad objects."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from mcp_ads.connectors.public_names import public_name
from mcp_ads.core import GET, Account, AccountSource, Action, Connector, Ownership, Request, UnderWay, dig
from mcp_ads.core.signature import Signature
from mcp_ads.errors import ApiError

from .batches import bundle
from .dialect import GraphDialect

if TYPE_CHECKING:
    from mcp_ads.sdk.auth_configs import AirbyteAuthConfig as AirbyteAuthConfig
    from mcp_ads.sdk.classes.facebook_marketing import (
        FacebookMarketingAuthConfig as FacebookMarketingAuthConfig,
    )
    from mcp_ads.sdk.classes.facebook_marketing import (
        FacebookMarketingConnector as FacebookMarketingConnector,
    )
    from mcp_ads.sdk.classes.facebook_marketing import (
        FacebookMarketingReplicationConfig as FacebookMarketingReplicationConfig,
    )


def _account(row: dict[str, str]) -> Account:
    return Account(
        row["account_id"], row.get("name", ""), row.get("currency", ""), row.get("timezone_name", "UTC")
    )


_NO_ACCOUNT = re.compile(r"nonexisting field \(account(_id)?\)")
_UNTOLD = re.compile(r"on node type \((Ad)?(Video|Study)\)|on node type \(HighDemandPeriod\)")
_A_PAGES = re.compile(r"must be called with a page access token", re.IGNORECASE)


def _owner(object_id: str) -> Request:
    return Request(GET("").method, f"/{object_id}", {"fields": "account_id"})


def _owner_inside(object_id: str) -> Request:
    """Labels and saved audiences have the account whole."""
    return Request(GET("").method, f"/{object_id}", {"fields": "account{account_id}"})


def _account_of(record: Mapping[str, Any]) -> str:
    return str(record.get("account_id") or dig(record, "account.account_id") or "")


def _nobody(error: ApiError) -> bool:
    """Businesses, pages, catalogs and users have no such field, and what is a page's is only told to it."""
    told = {"100": _NO_ACCOUNT, "190": _A_PAGES}.get(error.code)
    return bool(told and told.search(error.platform_text))


def _untold(error: ApiError) -> bool:
    """Videos, studies and budget schedules are an account's, and do not say which."""
    return bool(_UNTOLD.search(error.platform_text))


def _page_token(page_id: str) -> Request:
    return Request("GET", f"/{page_id}", {"fields": "access_token"})


def _token_in(answer: Any) -> str:
    token = answer.get("access_token") if isinstance(answer, dict) else None
    return token if isinstance(token, str) else ""


def _studies(account_id: str) -> Action:
    from .delivery.ad_studies import ListUnderWay  # loaded with the first plan

    return ListUnderWay(account_id=account_id, impacting=True)


def _spoilt(study: Mapping[str, Any], now: datetime) -> Mapping[str, str]:
    from .delivery.ad_studies import running

    return running(study, now)


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
        status="account_status",
    ),
    owner=Ownership((_owner, _owner_inside), ("account_id",), _account_of, _nobody, _untold),
    signature=Signature(
        "page",
        _page_token,
        _token_in,
        "the token needs pages_show_list and its user a role on the page: `pages list` shows those it has",
    ),
    under_way=UnderWay(
        "A/B tests",
        _studies,
        spoilt=(
            "ad_accounts",
            "campaigns",
            "ad_sets",
            "ads",
            "budget_schedules",
            "ad_rules",
            "ad_studies",
            "graph",
        ),
        says=_spoilt,
        above=("campaign_id", "adset_id", "campaign.id", "adset.id"),
    ),
    place="act",
    plain_id=lambda text: text.removeprefix("act_"),
    uploads={
        r"graph-video\.facebook\.com": "facebook-python-business-sdk: facebook_business/video_uploader.py"
    },
    expansions={
        "account": ("id", "account_id", "name", "currency", "timezone_name", "account_status"),
        **dict.fromkeys(("campaign", "adset", "ad", "creative", "adcreatives", "adsets", "ads"), ()),
        **dict.fromkeys(("insights", "adlabels", "recommendations", "issues_info"), ()),
    },
    minor_at="names",
    facts_at="facts",
    airbyte_at="airbyte",
    figures_at="figures",
    reaches_at="reaches",
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
        ("budget_schedules", "Busy days, on which more is spent.", "delivery.budget_schedules"),
        ("minimum_budgets", "The least daily budgets, by currency.", "delivery.minimum_budgets"),
        ("ad_labels", "Names to group campaigns, ad sets and ads by.", "delivery.ad_labels"),
        ("delivery_issues", "What blocks delivery in a whole account.", "delivery.delivery_issues"),
        ("activities", "Who changed what, and when.", "delivery.activities"),
        ("ad_previews", "How an ad or creative looks in a place.", "creative.ad_previews"),
        ("ad_creatives", "What an ad shows: text, media, link.", "creative.ad_creatives"),
        ("images", "Pictures that creatives name by their hash.", "creative.images"),
        ("videos", "Films that creatives name by their id.", "creative.videos"),
        ("ad_rules", "What Facebook pauses, scales or says by itself.", "delivery.ad_rules"),
        ("ad_studies", "A/B tests: which part of the audience sees what.", "delivery.ad_studies"),
        ("custom_audiences", "Customer lists, lookalikes, visitors.", "audiences.custom_audiences"),
        ("lookalike_audiences", "People most like those of a seed.", "audiences.lookalike_audiences"),
        ("saved_audiences", "Targeting kept in Ads Manager.", "audiences.saved_audiences"),
        ("targeting", "What ads can be targeted by: interests, places, …", "audiences.targeting"),
        ("reach_estimates", "How many people targeting could reach.", "audiences.reach_estimates"),
        ("delivery_estimates", "People a month for a goal.", "audiences.delivery_estimates"),
        ("ads_volume", "Ads running or in review, by page.", "delivery.ads_volume"),
        ("pages", "Pages that ads are published by.", "pages.pages"),
        ("instagram_accounts", "Instagram accounts that ads are published by.", "pages.instagram_accounts"),
        ("businesses", "What owns pages, catalogs and ad accounts.", "pages.businesses"),
        ("lead_forms", "Forms of a page that lead ads open.", "pages.lead_forms"),
        ("leads", "What people wrote into lead forms.", "pages.leads"),
        ("catalogs", "Product catalogs of a business.", "catalogs.catalogs"),
        ("product_sets", "The products of a catalog that fit a filter.", "catalogs.product_sets"),
        ("products", "What a catalog has to sell.", "catalogs.products"),
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

if not TYPE_CHECKING:  # a name that is not above is a mistake

    def __getattr__(name: str) -> Any:
        return public_name(__name__, name)
