"""Lists of values that Facebook adds to: one that is not known here is sent as it is, and the plan says so.

A list that is too short would block what Facebook takes. What it is known not to take any more, and other
platforms' words for a value, are answered with the value that is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator

from mcp_ads.core.marks import marks_of
from mcp_ads.core.synonyms import closest_of

_WORD = re.compile(r"[A-Z0-9][A-Z0-9_]{0,79}")


@dataclass(frozen=True)
class Open:
    """The values known of a parameter, and what is meant by some that it does not take."""

    known: frozenset[str]
    instead: Mapping[str, str] = field(default_factory=dict, hash=False)

    def read(self, value: Any) -> Any:
        """A value, or each of a list, in Facebook's spelling. Raises ValueError for one it never takes."""
        if isinstance(value, list):
            return [self.read(one) for one in value]
        if not isinstance(value, str):
            return value
        word = re.sub(r"[\s-]+", "_", value.strip()).upper()
        if word in self.instead:
            raise ValueError(f"Facebook takes no {word} here; {self.instead[word]}")
        if not _WORD.fullmatch(word):
            raise ValueError(f"{value[:40]!r} is no value of Facebook's; write one like {min(self.known)}")
        return word

    def strange(self, value: Any) -> list[str]:
        """Those of one value or several that are not known."""
        given = value if isinstance(value, list) else [value]
        return [word for word in given if isinstance(word, str) and word not in self.known]


def unfamiliar(call: BaseModel) -> Iterable[str]:
    """What a plan says of values that are not known here."""
    for name, about in type(call).model_fields.items():
        for mark in marks_of(about):
            if isinstance(mark, Open):
                for word in mark.strange(getattr(call, name)):
                    near = closest_of(word, mark.known)
                    yield f"{name}: {word} is not known here as of v26.0, and is sent as it is{near}"


_GOAL = Literal[
    "LINK_CLICKS", "LANDING_PAGE_VIEWS", "OFFSITE_CONVERSIONS", "REACH", "IMPRESSIONS", "THRUPLAY", "VALUE",
    "LEAD_GENERATION", "QUALITY_LEAD", "POST_ENGAGEMENT", "PAGE_LIKES", "APP_INSTALLS", "CONVERSATIONS",
    "AD_RECALL_LIFT", "APP_INSTALLS_AND_OFFSITE_CONVERSIONS", "AUTOMATIC_OBJECTIVE", "DERIVED_EVENTS",
    "ADVERTISER_SILOED_VALUE", "ENGAGED_PAGE_VIEWS", "ENGAGED_USERS", "EVENT_RESPONSES", "IN_APP_VALUE",
    "MEANINGFUL_CALL_ATTEMPT", "MESSAGING_APPOINTMENT_CONVERSION",
    "MESSAGING_DEEP_CONVERSATION_AND_FOLLOW", "MESSAGING_PURCHASE_CONVERSION", "NONE",
    "PROFILE_AND_PAGE_ENGAGEMENT", "PROFILE_VISIT", "QUALITY_CALL", "REMINDERS_SET", "SUBSCRIBERS",
    "VISIT_INSTAGRAM_PROFILE",
]  # fmt: skip
_BILLING = Literal[
    "IMPRESSIONS", "LINK_CLICKS", "THRUPLAY", "PAGE_LIKES", "OFFER_CLAIMS", "APP_INSTALLS", "CLICKS",
    "LISTING_INTERACTION", "NONE", "POST_ENGAGEMENT", "PURCHASE",
]  # fmt: skip
_DESTINATION = Literal[
    "WEBSITE", "APP", "MESSENGER", "WHATSAPP", "INSTAGRAM_DIRECT", "ON_AD", "ON_POST", "ON_VIDEO", "ON_PAGE",
    "ON_EVENT", "SHOP_AUTOMATIC", "INSTAGRAM_PROFILE", "FACEBOOK_PAGE",
    "INSTAGRAM_PROFILE_AND_FACEBOOK_PAGE", "APPLINKS_AUTOMATIC", "FACEBOOK", "FACEBOOK_LIVE", "IMAGINE",
    "INSTAGRAM_LIVE", "MESSAGING_INSTAGRAM_DIRECT_MESSENGER",
    "MESSAGING_INSTAGRAM_DIRECT_MESSENGER_WHATSAPP", "MESSAGING_INSTAGRAM_DIRECT_WHATSAPP",
    "MESSAGING_MESSENGER_WHATSAPP",
]  # fmt: skip
_STRATEGY = Literal[
    "LOWEST_COST_WITHOUT_CAP", "LOWEST_COST_WITH_BID_CAP", "COST_CAP", "LOWEST_COST_WITH_MIN_ROAS"
]
_OBJECTIVE = Literal[
    "OUTCOME_AWARENESS", "OUTCOME_TRAFFIC", "OUTCOME_ENGAGEMENT", "OUTCOME_LEADS", "OUTCOME_SALES",
    "OUTCOME_APP_PROMOTION",
]  # fmt: skip
_CATEGORY = Literal[
    "NONE", "HOUSING", "EMPLOYMENT", "FINANCIAL_PRODUCTS_SERVICES", "ISSUES_ELECTIONS_POLITICS",
    "ONLINE_GAMBLING_AND_GAMING",
]  # fmt: skip
GOALS = frozenset(get_args(_GOAL))
BILLING_EVENTS = frozenset(get_args(_BILLING))
BESIDE = frozenset({"PHONE_CALL", "WEBSITE_AND_PHONE_CALL", "LEAD_FROM_MESSENGER", "LEAD_FROM_IG_DIRECT"})
"""Destinations of Meta's guides that its client's list has not."""
DESTINATIONS = frozenset(get_args(_DESTINATION)) | BESIDE
REGULATED = frozenset({
    "TAIWAN_FINSERV", "TAIWAN_UNIVERSAL", "AUSTRALIA_FINSERV", "INDIA_FINSERV", "SINGAPORE_UNIVERSAL",
    "THAILAND_UNIVERSAL", "BRAZIL_REGULATION", *map(str, range(28)),
})  # fmt: skip


def _write(**meant: str) -> dict[str, str]:
    return {wrong: f"write {right}" for wrong, right in meant.items()}


_goal = Open(
    GOALS,
    _write(
        CONVERSIONS="OFFSITE_CONVERSIONS", ONSITE_CONVERSIONS="OFFSITE_CONVERSIONS",
        PURCHASE="OFFSITE_CONVERSIONS with promoted_object.custom_event_type PURCHASE",
        PURCHASES="OFFSITE_CONVERSIONS with promoted_object.custom_event_type PURCHASE",
        VIDEO_VIEWS="THRUPLAY", VIDEO_VIEW="THRUPLAY", CLICKS="LINK_CLICKS", LEADS="LEAD_GENERATION",
        MESSAGES="CONVERSATIONS", BRAND_AWARENESS="AD_RECALL_LIFT", APP_INSTALL="APP_INSTALLS",
        ENGAGEMENT="POST_ENGAGEMENT", PRODUCT_CATALOG_SALES="OFFSITE_CONVERSIONS with a product_set_id",
    ),
)  # fmt: skip
_billing = Open(
    BILLING_EVENTS,
    _write(VIDEO_VIEWS="THRUPLAY", CPM="IMPRESSIONS", IMPRESSION="IMPRESSIONS", CPC="LINK_CLICKS"),
)
_destination = Open(
    DESTINATIONS,
    {
        "UNDEFINED": "leave it out",
        **_write(
            LEAD_FORM="ON_AD", INSTANT_FORM="ON_AD", CALL="PHONE_CALL", PHONE="PHONE_CALL",
            WEB="WEBSITE", INSTAGRAM_DM="INSTAGRAM_DIRECT",
        ),
    },
)  # fmt: skip
_strategy = Open(
    frozenset(get_args(_STRATEGY)),
    _write(
        TARGET_COST="COST_CAP", COST_PER_RESULT_GOAL="COST_CAP", LOWEST_COST="LOWEST_COST_WITHOUT_CAP",
        HIGHEST_VOLUME="LOWEST_COST_WITHOUT_CAP", AUTO="LOWEST_COST_WITHOUT_CAP",
        BID_CAP="LOWEST_COST_WITH_BID_CAP", MIN_ROAS="LOWEST_COST_WITH_MIN_ROAS",
        MINIMUM_ROAS="LOWEST_COST_WITH_MIN_ROAS", ROAS_GOAL="LOWEST_COST_WITH_MIN_ROAS",
    ),
)  # fmt: skip
_objective = Open(
    frozenset(get_args(_OBJECTIVE)),
    {
        **dict.fromkeys(("OFFER_CLAIMS", "LOCAL_AWARENESS"), "nothing has replaced it; take one of the six"),
        **_write(
            BRAND_AWARENESS="OUTCOME_AWARENESS", REACH="OUTCOME_AWARENESS", STORE_VISITS="OUTCOME_AWARENESS",
            VIDEO_VIEWS="OUTCOME_ENGAGEMENT (ad sets to ON_VIDEO), or OUTCOME_AWARENESS",
            LINK_CLICKS="OUTCOME_TRAFFIC", TRAFFIC="OUTCOME_TRAFFIC", AWARENESS="OUTCOME_AWARENESS",
            POST_ENGAGEMENT="OUTCOME_ENGAGEMENT", PAGE_LIKES="OUTCOME_ENGAGEMENT",
            EVENT_RESPONSES="OUTCOME_ENGAGEMENT", ENGAGEMENT="OUTCOME_ENGAGEMENT",
            MESSAGES="OUTCOME_ENGAGEMENT, or OUTCOME_LEADS or OUTCOME_SALES",
            LEAD_GENERATION="OUTCOME_LEADS", LEADS="OUTCOME_LEADS", SALES="OUTCOME_SALES",
            CONVERSIONS="OUTCOME_SALES, or OUTCOME_LEADS or OUTCOME_ENGAGEMENT",
            PRODUCT_CATALOG_SALES="OUTCOME_SALES", APP_INSTALLS="OUTCOME_APP_PROMOTION",
            APP_PROMOTION="OUTCOME_APP_PROMOTION",
        ),
    },
)  # fmt: skip
_category = Open(
    frozenset(get_args(_CATEGORY)),
    _write(
        CREDIT="FINANCIAL_PRODUCTS_SERVICES", FINANCE="FINANCIAL_PRODUCTS_SERVICES",
        POLITICS="ISSUES_ELECTIONS_POLITICS", POLITICAL="ISSUES_ELECTIONS_POLITICS", JOBS="EMPLOYMENT",
        GAMBLING="ONLINE_GAMBLING_AND_GAMING",
    ),
)  # fmt: skip
_regulated = Open(REGULATED)

Goal = Annotated[_GOAL | str, BeforeValidator(_goal.read), _goal]
BillingEvent = Annotated[_BILLING | str, BeforeValidator(_billing.read), _billing]
Destination = Annotated[_DESTINATION | str, BeforeValidator(_destination.read), _destination]
BidStrategy = Annotated[_STRATEGY | str, BeforeValidator(_strategy.read), _strategy]
Objective = Annotated[_OBJECTIVE | str, BeforeValidator(_objective.read), _objective]
Categories = Annotated[list[_CATEGORY | str], BeforeValidator(_category.read), _category]
Category = Annotated[_CATEGORY | str, BeforeValidator(_category.read), _category]
Regulated = Annotated[list[str], BeforeValidator(_regulated.read), _regulated]


def _retired(value: Any) -> Any:
    if value != "GUIDED_CREATION":
        raise ValueError("Facebook makes no Advantage+ shopping or app campaigns of this kind any more")
    return value


SmartPromotion = Annotated[Literal["GUIDED_CREATION"], BeforeValidator(_retired)]
