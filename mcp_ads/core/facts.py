"""What a platform tells where all are asked: one schema of columns, and the reads whose rows fill it.

Each connector has a module with a value `facts`, which its `Connector.facts_at` names; one more platform
brings its own. Nothing here reads: a `Reading` says what to read and what its rows are in the schema.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal

from .columns import COUNT, DAY, ID, MONEY, TEXT, Column
from .context import Account
from .paginators import dig

if TYPE_CHECKING:
    from .budgets import Budgets  # which is about facts

Level = Literal["account", "campaign", "ad_group", "ad"]
Grain = Literal["", "day", "week", "month"]
Row = dict[str, Any]
LEVELS: tuple[Level, ...] = ("account", "campaign", "ad_group", "ad")
DEFAULT, DBT = "default", "dbt"
"""Which conversions count: what each platform's default is, or what dbt_ad_reporting adds up."""
MONEYS = ("spend", "conversion_value")
COUNTS = ("impressions", "clicks", "link_clicks", "conversions", "leads")
SCHEMA: Mapping[str, Column] = {
    "platform": TEXT, "account": ID, "account_name": TEXT,
    "campaign": ID, "campaign_name": TEXT, "ad_group": ID, "ad_group_name": TEXT, "ad": ID, "ad_name": TEXT,
    "date": DAY, "week": DAY, "month": TEXT, "country": TEXT, "ad_product": TEXT, "currency": TEXT,
    "spend": MONEY,
    **dict.fromkeys(("impressions", "clicks", "link_clicks"), COUNT),
    "conversions": Column("number", adds=True), "conversion_value": MONEY, "leads": COUNT,
    "results": Column("number"),
    "ctr": Column("percent", of=("clicks", "impressions", 100)),
    "cpc": Column("ratio", of=("spend", "clicks", 1), unit="money"),
    "cpm": Column("ratio", of=("spend", "impressions", 1000), unit="money"),
    "cost_per_conversion": Column("ratio", of=("spend", "conversions", 1), unit="money"),
    "roas": Column("ratio", of=("conversion_value", "spend", 1)),
    "basis": TEXT, "object": TEXT,
}  # fmt: skip
"""The shared columns and their kinds, in their order. Money is in major units of the row's `currency`,
`week` is its Monday, `month` is such as 2026-11; results are of each ad set's own goal and do not add up.
Conversions may be fractions, as some platforms model them.
"""


LARGEST, SMALLEST, MOST_SAID = Decimal(10) ** 15, Decimal(10) ** -12, 30
"""What a figure is less than and, unless it is 0, at least; characters of one that is none."""


@dataclass(frozen=True)
class Asked:
    """What is asked of an account: the days, both ends included, by its own calendar, on which it is `today`.

    `country` asks for a row a country, `conversions` for the default, those of dbt, or the platform's types.
    """

    level: Level
    since: date
    until: date
    grain: Grain = ""
    country: bool = False
    conversions: str | tuple[str, ...] = DEFAULT
    today: date | None = None

    @property
    def types(self) -> tuple[str, ...]:
        """The platform's own types of conversion that are to be added up, each once; empty for the others."""
        return () if isinstance(self.conversions, str) else tuple(dict.fromkeys(self.conversions))

    @property
    def span(self) -> dict[str, str]:
        """The days as the parameter `time_range` takes them."""
        return {"since": str(self.since), "until": str(self.until)}

    @property
    def whole_months(self) -> bool:
        return self.since.day == 1 and (self.until + timedelta(days=1)).day == 1


@dataclass(frozen=True)
class Reading:
    """One read action of an account whose rows are rows of the schema.

    `params` are without the account. `row` makes a record, as that action shows it, one of SCHEMA without
    its ratios; several may be parts of one thing (its days, where weeks are asked for): their numbers add
    up; each says under `object` the entity whose ids it has. `product` tells several readings of one account
    apart. `absent` is what the platform's refusal contains where the account has nothing of this product at
    all: that is said, and nothing is missing. Warnings of the read that begin like one of `quiet` say nothing
    here. `begins` is the first day it has, where that is after the first that is asked for; `counts` says
    whether its rows have conversions.
    """

    entity: str
    action: str
    params: Mapping[str, Any]
    row: Callable[[Mapping[str, Any], Account], Row]
    product: str = ""
    absent: str = ""
    quiet: tuple[str, ...] = ()
    begins: date | None = None
    counts: bool = True


def anywhere(_: Account) -> bool:
    """Of objects that every account may have."""
    return True


@dataclass(frozen=True)
class Listing:
    """One read of an account's objects; `rows` makes any number of rows of a record, as that action shows it.

    Those of `Facts.search` have the columns SEARCHED, those of `Facts.issues` ISSUE. `kind` is the level of
    what is listed, empty where records are of several. `there` says whether an account may have any; where
    `absent`, one that may not ask for it while other lists answer has none of it, and nothing is missing.
    `beside` is the entity of another listing, the column by which records of both belong together, and what
    they get of its record: only those that belong to one of its are looked at.
    """

    entity: str
    action: str
    params: Mapping[str, Any]
    rows: Callable[[Mapping[str, Any], Account], Iterable[Row]]
    kind: str = ""
    there: Callable[[Account], bool] = anywhere
    absent: bool = False
    beside: tuple[str, str, str] | None = None


SEARCHED = ("object", "kind", "id", "name", "status", "text")
"""`status` is the platform's word, `text` what the ad says, for finding; empty where the list has it not."""
ISSUE = ("object", "kind", "id", "name", "status", "reason", "since")
"""`status` is one of STATUSES, `reason` the platform's words, `since` a moment, None where it is not told."""
STATUSES = ("disapproved", "in_review", "limited", "out_of_budget", "stuck")
"""Refused by review; not reviewed yet; shown less or not at all, such as a product that is out of stock;
all spent; and kept from delivering by anything else.
"""


def nothing_lacks(_: Asked, __: Account) -> Iterable[str]:
    """Of a platform that can tell all that may be asked."""
    return ()


def nothing_wrong(_: Asked) -> Iterable[str]:
    """Of a platform that adds up any type of conversion that is named."""
    return ()


def all_listed(_: Account) -> str:
    """Of a platform whose accounts all have objects that are listed."""
    return ""


@dataclass(frozen=True)
class Facts:
    """What one platform tells. `platform` is its short name, as ids have it before the colon.

    `lacks` says in words what of a question the platform cannot tell, which is then missing; `mistakes` what
    is wrong with the types of conversions it is asked for, `overlaps` which may count the same. `basis` has
    for each code that rows may have what conversions are attributed by, `counts` says in words which they
    are, where that is the same for all codes. `final_after` are the days after which numbers change no more:
    those of "delivery" and of "conversions". `zone` is by whose calendar its days are.
    """

    platform: str
    objects: Mapping[str, tuple[str, ...]]
    readings: Callable[[Asked, Account], Sequence[Reading]]
    basis: Callable[[Asked], Mapping[str, str]]
    counts: Callable[[Asked], str]
    final_after: Callable[[Asked], Mapping[str, int]]
    zone: Literal["account", "UTC"] = "account"
    lacks: Callable[[Asked, Account], Iterable[str]] = nothing_lacks
    overlaps: Callable[[Asked], Iterable[str]] = nothing_wrong
    mistakes: Callable[[Asked], Iterable[str]] = nothing_wrong
    issues: Sequence[Listing] = ()
    search: Sequence[Listing] = ()
    built: str = ""
    """How long what it builds for a question usually takes, in words; empty where it answers at once."""
    untold: Mapping[str, str] = field(default_factory=dict)
    """What "issues" and "search" do not tell on this platform, in words."""
    unlisted: Callable[[Account], str] = all_listed
    """Why an account has none of the objects that are listed, in words; empty for most."""
    budgets: Budgets | None = None
    """Its live budgets; None where it has none that can be told."""
    rows_are: Mapping[Level, str] = field(default_factory=dict)
    """What rows of a level are where that is not what the platform calls so, and where this is found."""


def named(level: Level) -> tuple[Level, ...]:
    """The objects that a row of a level names, from the campaign down to its own."""
    return LEVELS[1 : LEVELS.index(level) + 1]


def whose(platform: str, account: Account, currency: str = "") -> Row:
    """The columns of whose a row is; the currency is the account's, unless its money is in another."""
    row = {"platform": platform, "account": account.id, "account_name": account.name}
    return {**row, "currency": currency or account.currency}


def about(object_: str, kind: str, id_: Any, name: Any, **more: Any) -> Row:
    """The columns that say of which object a row of a listing is."""
    return {"object": object_, "kind": kind, "id": str(id_ or ""), "name": name, **more}


def within(record: Mapping[str, Any], column: str) -> Any:
    """What a record has under a dotted name, whether it is flat or as the platform sent it."""
    return record[column] if column in record else dig(record, column)


def exact(value: Any) -> Decimal | None:
    """A number exactly as it is written; None for what is no finite number."""
    if value is None or isinstance(value, bool):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


class NoFigure(ValueError):
    """What a platform gave for a figure is none that can be added up."""


def money(value: Any) -> Decimal:
    """An amount in major units; what is left out because it is zero is 0. Raises NoFigure."""
    if value is None or value == "":
        return Decimal()
    found = exact(value)
    if found is None or abs(found) >= LARGEST:
        text = value if isinstance(value, str) else json.dumps(value, default=str)
        said = text if len(text) <= MOST_SAID else f"{text[:MOST_SAID]}…"
        raise NoFigure(f"a figure of it is {json.dumps(said, ensure_ascii=False)}, which is no number")
    return found if abs(found) >= SMALLEST else Decimal()  # what floating point leaves of nought


def count(value: Any) -> int | Decimal:
    """A count: whole where it is; what is left out because it is zero is 0. Raises NoFigure."""
    found = money(value)
    return int(found) if found == found.to_integral_value() else found


def period(grain: str, day: Any) -> Row:
    """The columns of time of a row on an ISO day: date, the Monday of its week, or its month."""
    if not grain or not day:
        return {}
    on = date.fromisoformat(str(day)[:10])
    match grain:
        case "week":
            return {"week": str(on - timedelta(days=on.weekday()))}
        case "month":
            return {"month": f"{on:%Y-%m}"}
        case _:
            return {"date": str(on)}
