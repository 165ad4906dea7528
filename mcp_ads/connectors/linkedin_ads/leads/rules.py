"""What LinkedIn demands of conversion rules, and what a plan says of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from mcp_ads.connectors.linkedin_ads.campaigns.reads import ListCampaigns
from mcp_ads.connectors.linkedin_ads.types import Object
from mcp_ads.connectors.linkedin_ads.urns import tail
from mcp_ads.core import Action
from mcp_ads.core.money import parse, plain
from mcp_ads.core.synonyms import closest_of
from mcp_ads.errors import InvalidParams

from .decimals import in_whole

LONG = ("SUBMIT_APPLICATION", "PURCHASE", "ADD_TO_CART", "QUALIFIED_LEAD", "LEAD")
"""Types with attribution windows of 180 and 365 days: LinkedIn's page on the schema of conversion rules."""
MANY_DAYS = (180, 365)
TYPES = (
    "ADD_BILLING_INFO", "ADD_TO_CART", "ADD_TO_LIST", "AD_CLICK", "AD_VIEW", "BOOK_APPOINTMENT",
    "COMPLETE_SIGNUP", "CONTACT", "DONATE", "DOWNLOAD", "INSTALL", "INVITE", "KEY_PAGE_VIEW", "LEAD", "LOGIN",
    "MARKETING_QUALIFIED_LEAD", "OTHER", "OUTBOUND_CLICK", "PHONE_CALL", "PURCHASE", "QUALIFIED_LEAD",
    "REQUEST_QUOTE", "SALES_QUALIFIED_LEAD", "SAVE", "SCHEDULE", "SEARCH", "SHARE", "SIGN_UP",
    "START_CHECKOUT", "START_TRIAL", "SUBMIT_APPLICATION", "SUBSCRIBE", "VIEW_CONTENT", "VIEW_VIDEO",
)  # fmt: skip
FIXED = "FIXED"
STREAMED, BY_URL = "CONVERSIONS_API", "INSIGHT_TAG_URL_MATCH_RULES"
METHODS = (STREAMED, BY_URL, "INSIGHT_TAG_WEBSITE_SIGNAL")
ATTACHES = {
    "NONE": "",
    "ALL_CAMPAIGNS": "associates it with all campaigns the account has now",
    "OBJECTIVE_BASED": "associates it with those campaigns of the account whose objective fits",
}
OF_CAMPAIGNS = ["ACTIVE", "PAUSED", "DRAFT"]
WINDOWS = ("postClickAttributionWindowSize", "viewThroughAttributionWindowSize")
MOST_NAMED = 20
_WORD = re.compile(r"[A-Z][A-Z0-9_]{1,60}")


def _word(value: Any) -> Any:
    """One of LinkedIn's words, in its spelling. Raises ValueError for what cannot be one."""
    if not isinstance(value, str):
        return value
    word = re.sub(r"[\s-]+", "_", value.strip()).upper()
    if not _WORD.fullmatch(word):
        raise ValueError(f"{value[:40]!r} is no word of LinkedIn's; write one like LEAD")
    return word


Type = Annotated[
    str,
    BeforeValidator(_word),
    Field(examples=["LEAD"], description=f"{', '.join(TYPES)}; LinkedIn adds to these."),
]
Method = Annotated[
    str | None,
    BeforeValidator(_word),
    Field(description=f"{STREAMED} for events that are sent, {BY_URL} for pages of a site."),
]


def _worth(value: Any) -> Any:
    """{"amount", "currencyCode"}; without a currency it is the account's. Raises ValueError."""
    if value is None:
        return None
    if isinstance(value, dict) and value.keys() == {"amount"}:
        value = value["amount"]
    amount = parse(value)
    if amount.relative or amount.number < 0:
        raise ValueError('write an amount, such as "50 USD"')
    return {
        "amount": plain(amount.number, amount.currency),
        **({"currencyCode": amount.currency} if amount.currency else {}),
    }


Worth = Annotated[
    Object | None,
    BeforeValidator(_worth),
    WithJsonSchema({"type": ["string", "number"]}),
    Field(description='What one is worth: "50 USD", or a number in the account\'s currency.'),
]


def in_currency(value: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """The value in the account's currency. Raises InvalidParams for another one."""
    own = str(value.get("currencyCode") or currency)
    if currency and own != currency:
        raise InvalidParams(f"value: the account's currency is {currency}, not {own}")
    try:
        in_whole(Decimal(value["amount"]), own)
    except ValueError as mistake:
        raise InvalidParams(f"value: {mistake}") from None
    return {"amount": value["amount"], "currencyCode": own}


def url_rules(value: Any) -> Any:
    """Lists of conditions. Raises ValueError for anything else."""
    conditions = [one for some in value for one in some] if _is_lists(value) else []
    named = all(isinstance(one, dict) and one.keys() == {"matchType", "matchValue"} for one in conditions)
    if not conditions or not named or not all(isinstance(one["matchValue"], str) for one in conditions):
        raise ValueError('write [[{"matchType": "CONTAINS", "matchValue": "/thanks"}]]')
    return [[{**one, "matchType": _word(one["matchType"])} for one in some] for some in value]


def _is_lists(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(some, list) and some for some in value)


def windows(given: Mapping[str, Any]) -> Iterator[str]:
    """Long windows of a type that has none; nothing of a type that is not known yet."""
    type_ = given.get("type")
    for name in WINDOWS:
        if given.get(name) in MANY_DAYS and type_ not in (*LONG, None):
            yield f"{name}: {given[name]} days are for {', '.join(LONG)} only, not for {type_}"


def values(given: Mapping[str, Any], live: Mapping[str, Any] | None = None) -> Iterator[str]:
    """A fixed value that is missing, or a value that nothing takes; `live` is the rule as it is."""
    type_, value = given.get("valueType"), given.get("value")
    if type_ == FIXED and value is None and (live is None or not live.get("value")):
        yield "value: missing, valueType FIXED needs it"
    if value is not None and type_ == "NO_VALUE":
        yield "value: valueType NO_VALUE takes none"


def new(given: Mapping[str, Any], attached: str) -> Iterator[str]:
    if given.get("conversionMethod") == STREAMED and given.get("urlMatchRuleExpression"):
        yield f"url_match_rule_expression: a rule of {STREAMED} counts events that are sent, and no pages"
    if given.get("campaigns") and attached != "NONE":
        yield f"auto_association_type: {attached} chooses the campaigns; give it or campaigns, and not both"


def unfamiliar(given: Mapping[str, Any]) -> Iterator[str]:
    """Words that LinkedIn may have by now, and this does not know."""
    for name, param, known in (("type", "type", TYPES), ("conversionMethod", "conversion_method", METHODS)):
        if (word := given.get(name)) and word not in known:
            yield f"{param}: {word} is not known here, and is sent as it is{closest_of(word, known)}"


def attached_to(account: str) -> Mapping[str, Action]:
    """The campaigns that a new rule may be attached to."""
    return {"campaigns": ListCampaigns.model_validate({"account_id": account, "status": OF_CAMPAIGNS})}


def said_of_new(given: Mapping[str, Any], attached: str, there: list[Any] | None) -> Iterator[str]:
    """What to know of a new rule; `there` are the campaigns of the account, None where that is not known."""
    method = given.get("conversionMethod")
    if method is None:
        yield f"without conversion_method it counts pages, and no events that are sent; those need {STREAMED}"
    if attached != "NONE" and there is not None:
        most = "all" if attached == "ALL_CAMPAIGNS" else "at most"
        kinds = ", ".join(OF_CAMPAIGNS).lower()
        yield f"it is attached to {most} {len(there):,} campaigns ({kinds}), once; later campaigns are not"
    if attached == "NONE" and not given.get("campaigns"):
        yield "it counts for no campaign until campaign_conversions.create, or campaigns, attaches it"


def replaced(before: list[str], after: list[str]) -> Iterator[str]:
    """What a whole list of campaigns adds and takes off."""
    added, gone = (
        [tail(one) for one in some if one not in others]
        for some, others in ((after, before), (before, after))
    )
    yield f"campaigns is the whole list: it adds {_counted(added)}, and takes off {_counted(gone)}"


def _counted(ids: list[str]) -> str:
    more = f" and {len(ids) - MOST_NAMED:,} more" if len(ids) > MOST_NAMED else ""
    return f"{len(ids):,} ({', '.join(ids[:MOST_NAMED])}{more})" if ids else "none"


def ended(live: Mapping[str, Any]) -> Iterator[str]:
    """What ends with a rule."""
    if count := len(live.get("campaigns") or ()):
        who = "1 campaign has" if count == 1 else f"{count:,} campaigns have"
        yield f"{who} it: they count no more conversions by it, and cannot optimise for it"


def quoted(name: Any) -> str:
    """A name that somebody gave, as the data it is."""
    return json.dumps(str(name or ""), ensure_ascii=False)


def said_of_rules(conversion: Mapping[str, Any]) -> Iterable[str]:
    """What to know of a rule before something is counted by it."""
    if conversion.get("enabled") is False:
        yield "the conversion rule is disabled: it counts nothing until it is enabled"
