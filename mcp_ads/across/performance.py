"""Performance of all accounts of all platforms in one table: spend and results, also compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.core import Column, Entity, Result, Span
from mcp_ads.core.dates import parse
from mcp_ads.core.facts import DBT, DEFAULT, SCHEMA, Asked, Grain
from mcp_ads.core.recipe import Report
from mcp_ads.core.record_fields import resolved, unknown_fields
from mcp_ads.core.synonyms import closest, cut
from mcp_ads.core.view import TableView
from mcp_ads.platforms import SHORT

from . import columns
from .periods import PREVIOUS, YEAR
from .question import Question

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine

LEVELS = {
    "account": "account", "accounts": "account", "campaign": "campaign", "campaigns": "campaign",
    "campaign_group": "campaign", "adgroup": "ad_group", "ad_groups": "ad_group", "adset": "ad_group",
    "ad_set": "ad_group", "adsets": "ad_group", "ad_sets": "ad_group", "ads": "ad", "creative": "ad",
}  # fmt: skip
BY = ("day", "week", "month", "platform", "account", "country", "currency", "ad_product", "client")
GRAINS: tuple[Grain, ...] = ("day", "week", "month")
ALSO_BY = {
    "date": "day", "days": "day", "daily": "day", "weekly": "week", "monthly": "month", "weeks": "week",
    "months": "month", "product": "ad_product", "platforms": "platform", "accounts": "account",
    "clients": "client",
}  # fmt: skip
GROUPED = frozenset({"count", "day", "week", "month"})
"""Columns that only grouped rows have."""
Level = Literal["account", "campaign", "ad_group", "ad"]


def _level(value: Any) -> Any:
    """The level somebody means, by any platform's word for it."""
    word = "_".join(str(value).lower().replace("-", " ").split()) if isinstance(value, str) else value
    return (LEVELS.get(word) or word) if isinstance(word, str) else word


def _by(value: Any) -> Any:
    """What rows are split by, as a list. Raises ValueError for a word that is none of it."""
    words = value.split(",") if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"write one or more of {', '.join(BY)}")
    found = ["_".join(word.lower().split()) for word in words if word.strip()]
    found = [ALSO_BY.get(word, word) for word in found]
    for word in found:
        if word not in BY:
            if _level(word) in ("campaign", "ad_group", "ad"):
                raise ValueError(f"{word} is a level: write level: {_level(word)}")
            near = closest(word, BY)
            meant = f"; did you mean {' or '.join(near)}?" if near else ""
            raise ValueError(f"{cut(word)!r} is none of {', '.join(BY)}{meant}")
    if len([word for word in found if word in GRAINS]) > 1:
        raise ValueError("one of day, week and month")
    return list(dict.fromkeys(found))


def _compare(value: Any) -> str:
    """What is compared with, as text. Raises ValueError."""
    text = value.strip().lower() if isinstance(value, str) else value
    word = {"previous_period": PREVIOUS, "last_year": YEAR, "previous_year": YEAR}.get(str(text), text)
    if word in (None, "", PREVIOUS, YEAR):
        return str(word or "")
    try:
        return str(parse(value))
    except ValueError:
        raise ValueError(
            "write previous (as many days right before), year, or days: 2026-10-01..2026-10-31"
        ) from None


def _conversions(value: Any) -> Any:
    """Which conversions count: a word, or types by platform. Raises ValueError."""
    if isinstance(value, str) and value.strip().lower() in (DEFAULT, DBT):
        return value.strip().lower()
    said = 'write default, dbt, or types by platform: {"facebook": ["purchases"]}'
    if not isinstance(value, Mapping) or not value:
        raise ValueError(said)
    full, found = {**{short: short for short in SHORT.values()}, **SHORT}, {}
    for place, types in value.items():
        names = types.split(",") if isinstance(types, str) else types
        if place not in full:
            raise ValueError(f"{cut(str(place))!r} is no platform; there are {', '.join(SHORT.values())}")
        if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
            raise ValueError(said)
        found[full[place]] = [name.strip() for name in names]
    return found


def _needs(name: str) -> str:
    """What a call needs so that its rows have a column of the schema; empty for any other name."""
    if name.endswith((columns.BEFORE, columns.CHANGE, columns.PERCENT)):
        return "compare, such as compare: previous"
    level = name.removesuffix("_name")
    if level in ("account", "campaign", "ad_group", "ad"):
        return f"level {level}"
    word = {column: word for word, column in columns.TIME.items()}.get(name, name)
    return f"by {word}" if word in BY and name in (*SCHEMA, columns.CLIENT) else ""


class ListPerformance(Question):
    """Read spend, conversions, cost per conversion and ROAS of all accounts of all platforms in one table.

    Compares with earlier days, splits by time or platform, ranks within each currency. Rows name the object
    and id that write actions take. Amazon's reports take minutes: `from` goes on with the result it names.
    """

    fields: Annotated[
        list[str] | None,
        Field(
            exclude=True,
            description="spend, impressions, clicks, link_clicks, conversions, conversion_value, leads, "
            "results, ctr, cpc, cpm, cost_per_conversion, roas, basis, object, ad_product, ids and names; "
            "spend_base: spend in the currency of the rates a person wrote in clients.toml.",
        ),
    ] = None
    level: Annotated[
        Level | None,
        BeforeValidator(_level),
        Field(
            description="What a row is: account, campaign (LinkedIn's campaign group), ad_group (ad set; "
            "LinkedIn's campaign), ad. Default campaign; with by, rows of just that."
        ),
    ] = None
    range: Annotated[
        Span,
        Field(description="yesterday, last_7d, last_week, mtd, last_month, 2026-10-01..2026-10-31."),
    ] = Span(preset="last_30d")
    by: Annotated[list[str], BeforeValidator(_by), Field(description=f"Rows split by {', '.join(BY)}.")] = []
    compare: Annotated[
        str,
        BeforeValidator(_compare),
        Field(
            description="previous (as many days right before), year, or days: columns spend_before, "
            "spend_change, spend_change_pct and so on."
        ),
    ] = ""
    conversions: Annotated[
        str | dict[str, list[str]],
        BeforeValidator(_conversions),
        Field(description='default, dbt, or types: {"facebook": ["purchases"], "amazon": ["purchases14d"]}.'),
    ] = DEFAULT
    fresh: Annotated[bool, Field(description="Order Amazon's reports anew, not those of 6 hours.")] = False

    aliases = {
        "time_range": "range", "date_range": "range", "date_preset": "range", "period": "range",
        "breakdown": "by", "breakdowns": "by", "compare_to": "compare", "compare_with": "compare",
    }  # fmt: skip
    sample = {"range": "last_week", "level": "account", "compare": PREVIOUS}
    retired = Question.retired | dict.fromkeys(
        ("account_id", "account_ids", "profile_id"),
        'write accounts: "all", or ids: "facebook:123,456"',
    )
    said = (
        "performance of all platforms, wasted money, waste, spend, roas, cost per conversion, cpa, compare, "
        "week over week, month over month, all accounts, by client, clients, report, trend, budget"
    )

    @classmethod
    def indexed(cls) -> tuple[str, ...]:
        return (*SCHEMA, *columns.kinds("account", (), compare=True), cls.said)

    @property
    def level_of(self) -> str:
        """What a row is; empty where it is only what `by` names."""
        return self.level or ("" if self.by else "campaign")

    @property
    def grain(self) -> Grain:
        return next((grain for grain in GRAINS if grain in self.by), "")

    @property
    def in_base(self) -> bool:
        """Whether spend is wanted in one currency, by the rates of clients.toml."""
        return columns.BASE in (self.fields or ())

    @property
    def split_by(self) -> tuple[str, ...]:
        """The columns that tell rows apart."""
        return columns.keys(self.level_of, self.by)

    def kinds(self, *, counted: bool = True) -> Mapping[str, Column]:
        """The kind of every column, where all rows have conversions, or not."""
        told = {"valued": self.conversions == DEFAULT, "counted": counted, "in_base": self.in_base}
        return columns.kinds(self.level_of, self.by, compare=bool(self.compare), **told)

    def words(self) -> Mapping[str, str]:
        own = {"id": self.level_of, "name": f"{self.level_of}_name"} if self.level_of else {}
        return {**columns.WORDS, **own}

    def columns(self) -> tuple[str, ...]:
        compare = bool(self.compare)
        if not self.fields:
            return columns.lean(self.level_of, self.by, compare=compare)
        if self.fields in (["*"], ["all"]):
            return tuple(self.kinds())
        return columns.shown(self.level_of, self.by, self.named, compare=compare)

    @property
    def named(self) -> list[str]:
        """The columns that `fields` names, by their own names."""
        return resolved(self.fields or [], [*self.kinds()], self.words())

    def mistakes(self) -> Iterable[str]:
        yield from super().mistakes()
        if self.compare and self.grain:
            yield f"compare: not with by {self.grain}: it compares whole ranges; leave one of them out"
        known, wrong = self.kinds(), list[str]()
        for name in self.columns():
            if name not in known and (other := columns.meant(name, compare=bool(self.compare))):
                yield f"fields: {name}: write {other}"
            elif need := _needs(name) if name not in known else "":
                yield f"fields: {name} needs {need}"
            elif name not in GROUPED:
                wrong.append(name)
        told = ", ".join(columns.there(self.level_of, self.by))
        more = f"{told}; with compare also …_before, …_change, …_change_pct"
        yield from unknown_fields(wrong, [*known], more)

    def asked(self, platform: str, days: tuple[Any, Any]) -> Asked:
        """What an account is asked, for some days by its calendar."""
        level: Any = self.level_of or "account"
        own = self.conversions
        counted = tuple(own.get(platform, ())) or DEFAULT if isinstance(own, dict) else own
        return Asked(level, *days, self.grain, "country" in self.by, counted)

    async def answered(self, desk: Engine, view: TableView, report: Report | None) -> Result:
        from .answering import answered  # loaded with the first call

        return await answered(desk, self, view, report)


performance = Entity(noun="performance", list=ListPerformance)
