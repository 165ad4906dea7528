"""What Amazon's actions share: the profile, ids, filters as the lists want them, states, money and days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic.alias_generators import to_camel

from mcp_ads.core import Action, Amount, Spend, dig
from mcp_ads.core.days import day_of
from mcp_ads.core.record_fields import KnownRead
from mcp_ads.core.synonyms import cut

from .dialect import SCOPE
from .filters import TEXT_FILTER, include, listed, text_filter

MOST_IDS = 100
NONE = "none"
ON = ("ACTIVE", "ACTIVATED", "ON", "LIVE", "RUNNING", "ENABLE", "DELIVERING")
"""What is ENABLED here by other words."""
CAMPAIGN = {"campaignId": "sponsored_product_campaigns"}
"""Ad groups and what is in them spend their campaign's budget."""
ACCOUNT: Mapping[str, str] = {"account_id": "profile_id", SCOPE.lower(): "profile_id"}
SHORT: Mapping[str, str] = {**ACCOUNT, "status": "state"}
Json = dict[str, Any]


def upper(value: Any) -> Any:
    if isinstance(value, list):
        return [upper(item) for item in value]
    return value.strip().upper() if isinstance(value, str) else value


def asin_of(value: str) -> str:
    """An ASIN in capitals. Raises ValueError for what is none."""
    text = value.strip().upper()
    if not re.fullmatch(r"[A-Z0-9]{10}", text):
        raise ValueError(f"an ASIN has 10 letters and digits, such as B0TERN0001; {cut(value)!r} is none")
    return text


def _state(value: Any) -> Any:
    """A state in capitals. Raises ValueError for what other platforms call one that is on."""
    word = upper(value)
    if isinstance(word, str) and word in ON:
        raise ValueError(f"{cut(value)!r} is no state here; did you mean ENABLED?")
    return word


def _set_state(value: Any) -> Any:
    if upper(value) in ("ARCHIVED", "ARCHIVE", "DELETED"):
        raise ValueError("ENABLED or PAUSED; delete archives, and nothing undoes that")
    return _state(value)


def _ids(value: Any) -> Any:
    """One id stays one, several become a list; raises ValueError for what is no id."""
    given = listed(value)
    parts = given.split(",") if isinstance(given, str) else given if isinstance(given, list) else [given]
    ids = [str(part).strip() for part in parts]
    if wrong := [id_ for id_ in ids if not (id_.isascii() and id_.isdigit())]:
        raise ValueError(f"{cut(wrong[0])!r} is no id; write digits, such as 123456789012345")
    if not 0 < len(ids) <= MOST_IDS:
        raise ValueError(f"1 to {MOST_IDS} ids")
    return ids if isinstance(given, list) or len(ids) > 1 else ids[0]


def id_like(pattern: str, whence: str) -> BeforeValidator:
    """Refuses a text that is no id, and says where such ids come from: no list finds it by a name."""

    def check(value: Any) -> Any:
        if isinstance(value, str) and not re.fullmatch(pattern, value, re.ASCII):
            raise ValueError(f"{cut(value)!r} is no id; {whence}")
        return value

    return BeforeValidator(check)


def _of_one(value: Any) -> Any:
    """The parameter of calls about one profile; raises ValueError for several."""
    if len(value if isinstance(value, list) else str(value).split(",")) > 1:
        raise ValueError("one profile a call; reports.run takes several")
    return value


def _day(value: Any) -> str:
    try:
        return day_of(value).isoformat()
    except ValueError:
        raise ValueError("write a day as 2026-11-30") from None


def none_said(value: Any) -> Any:
    """The word for taking a value away, however it is written."""
    return NONE if isinstance(value, str) and value.strip().lower() == NONE else value


def _day_or_none(value: Any) -> str:
    return NONE if none_said(value) == NONE else _day(value)


def _tags(tags: dict[str, str]) -> dict[str, str]:
    if not all(text.strip() for pair in tags.items() for text in pair):
        raise ValueError('a name and a value each, such as {"season": "spring"}')
    return tags


def _budget(value: Any) -> Any:
    """The vendor's {"budget": 10, "budgetType": "DAILY"} is the number in it, if that is all."""
    if not isinstance(value, dict) or "budget" not in value:
        return value
    if value.keys() - {"budget", "budgetType"} or value.get("budgetType", "DAILY") != "DAILY":
        raise ValueError('write "50 USD", or {"budget": 50, "budgetType": "DAILY"}')
    return value["budget"]


@dataclass(frozen=True)
class DailySpend(Spend):
    """A campaign's record has the amount one level down: {"budget": 50, "budgetType": "DAILY"}."""

    def major(self, value: Any, currency: str) -> Decimal | None:
        return super().major(dig(value, "budget") if isinstance(value, dict) else value, currency)


OF_PROFILE = id_like("[0-9]+", "profiles.list has them, by country_code or name, such as 3312345678901234")
ProfileId = Annotated[
    str,
    Field(
        exclude=True, pattern=r"^[0-9]+$", examples=["3312345678901234"], description="Advertising profile."
    ),
    OF_PROFILE,
    BeforeValidator(_of_one),
]
Id = Annotated[str, Field(pattern=r"^[0-9]+$", examples=["123456789012345"])]
ObjectId = Annotated[str, Field(pattern=r"^([0-9]+|@[0-9]+\.id)$", examples=["123456789012345"])]
CampaignId = Annotated[ObjectId, Field(examples=["120000000000001"])]
AdGroupId = Annotated[ObjectId, Field(examples=["130000000000001"])]
Asin = Annotated[str, AfterValidator(asin_of)]
SomeIds = Annotated[str | list[str], BeforeValidator(_ids)]
OneOrMore = Annotated[SomeIds, PlainSerializer(include)]
IncludeIds = Annotated[
    list[Id], BeforeValidator(listed), PlainSerializer(include), Field(min_length=1, max_length=MOST_IDS)
]
IncludeText = Annotated[str | list[str] | Json, AfterValidator(text_filter)]

STATES = ["ENABLED", "PAUSED", "ARCHIVED"]
LIVE_STATES = ["ENABLED", "PAUSED"]

# A list's filters, by their wire names.
CampaignIds = Annotated[IncludeIds | None, Field(alias="campaignIdFilter")]
AdGroupIds = Annotated[IncludeIds | None, Field(alias="adGroupIdFilter")]
PortfolioIds = Annotated[IncludeIds | None, Field(alias="portfolioIdFilter")]
Names = Annotated[IncludeText | None, Field(alias="nameFilter", description=TEXT_FILTER)]
ListedState = Annotated[Literal["ENABLED", "PAUSED", "ARCHIVED"], BeforeValidator(_state)]
States = Annotated[
    Annotated[list[ListedState], BeforeValidator(listed), PlainSerializer(include), Field(min_length=1)],
    Field(alias="stateFilter", description="Add ARCHIVED to see those too; by ids every state is."),
]
Extended = Annotated[
    bool | None,
    Field(
        alias="includeExtendedDataFields",
        description="true adds all of extendedData; false leaves out the serving status too: extended data "
        "counts five-fold in throttling.",
    ),
]

State = Annotated[Literal["ENABLED", "PAUSED"], BeforeValidator(_set_state)]
Tags = Annotated[Annotated[dict[str, str], AfterValidator(_tags)] | None, Field(max_length=50)]
Day = Annotated[
    str | None,
    BeforeValidator(_day),
    Field(description="YYYY-MM-DD in the profile's time zone, from today on."),
]
DayOrNone = Annotated[
    str | None, BeforeValidator(_day_or_none), Field(description='YYYY-MM-DD, or "none" for no end.')
]
DAILY = DailySpend("day", "major")
DailyBudget = Annotated[
    Amount | None,
    DAILY,
    BeforeValidator(_budget),
    Field(alias="budget", description='"50 USD", "+20%", or 50.'),
]
NewDailyBudget = Annotated[
    Amount,
    DAILY,
    BeforeValidator(_budget),
    Field(alias="budget", examples=["50 USD"], description='"50 USD" or 50.'),
]
Bid = Annotated[Amount | None, Spend("bid", "major"), Field(description='"0.75 USD", "+10%", or 0.75.')]
NewBid = Annotated[
    Amount, Spend("bid", "major"), Field(examples=["0.75 USD"], description='"0.75 USD" or 0.75.')
]


class Camel(Action):
    """Parameters go over the wire in camelCase."""

    model_config = ConfigDict(alias_generator=to_camel)


class Amazon(Camel):
    """Everything below a profile names it in a header."""

    profile_id: ProfileId

    aliases: ClassVar[Mapping[str, str]] = ACCOUNT

    def to_headers(self) -> Mapping[str, str]:
        return {**self.http.headers, SCOPE: self.profile_id}


class AmazonRead(Amazon, KnownRead):
    """A read of one profile. Lists are POSTs with their filters in the body."""
