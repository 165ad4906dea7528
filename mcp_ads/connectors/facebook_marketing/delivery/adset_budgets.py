"""Handing a campaign's budget down: each of its ad sets gets one of its own, all in one change.

Source: Campaign.api_update of facebook-business 26.0.3 (adset_budgets); Meta docs, Campaign: all ad sets of
the campaign that are not deleted have to be named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

from pydantic import Field, field_validator, model_validator

from mcp_ads.connectors.facebook_marketing.types import Object
from mcp_ads.core import Context
from mcp_ads.core.marks import Found
from mcp_ads.core.money import parse, plain
from mcp_ads.core.write import Brought
from mcp_ads.errors import InvalidParams

from .base import DAY, LIFETIME, DeliveryWrite
from .copied import MOST_BELOW, counted

KINDS = {"daily_budget": DAY, "lifetime_budget": LIFETIME}
THERE = '["ACTIVE","PAUSED","ARCHIVED","CAMPAIGN_PAUSED","IN_PROCESS","WITH_ISSUES"]'
AD_SETS = f"adsets.limit({MOST_BELOW}).effective_status({THERE}){{id,name,status,start_time,end_time}}"
SHOWN = 40


class HandsDown(DeliveryWrite):
    """A change of a campaign that may give its budget to its ad sets."""

    adset_budgets: Annotated[
        list[Object] | None,
        Field(
            description='Takes the campaign\'s budget away: [{"adset_id": "…", "daily_budget": "20 USD"}], '
            "of every ad set that is not deleted."
        ),
    ] = None
    campaign: Annotated[Object | None, Found(), Field(exclude=True)] = None

    @field_validator("adset_budgets")
    @classmethod
    def _of_ad_sets(cls, given: list[Object] | None) -> list[Object] | None:
        mistakes = [f"{number}. {line}" for number, row in enumerate(given or (), 1) for line in _wrong(row)]
        ids = [str(row.get("adset_id")) for row in given or ()]
        mistakes += [
            f"ad set {one[:SHOWN]} stands there twice" for one in sorted({*ids}) if ids.count(one) > 1
        ]
        if given == []:
            mistakes.append("name every ad set of the campaign with its budget")
        if mistakes:
            raise ValueError("\n".join(mistakes))
        return [{**row, "adset_id": str(row["adset_id"])} for row in given] if given else given

    @model_validator(mode="after")
    def _either(self) -> Self:
        own = [name for name in KINDS if getattr(self, name, None) is not None]
        if own and self.adset_budgets:
            raise ValueError(f"{own[0]}: give it or adset_budgets, not both")
        return self

    def consults(self) -> tuple[str, str, tuple[str, ...]] | None:
        whose = str(getattr(self, "campaign_id", ""))
        return (
            ("campaigns", whose, (*KINDS, "status", "effective_status", AD_SETS))
            if self.adset_budgets
            else None
        )

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        if not self.adset_budgets:
            return call
        try:
            rows = [_settled(row, context.currency) for row in self.adset_budgets]
        except ValueError as mistake:
            raise InvalidParams(f"adset_budgets: {mistake}") from None
        known = {"campaign": {**live, "currency": context.currency}} if live and "adsets" in live else {}
        call = call.model_copy(update={"adset_budgets": rows, **known})
        if mistakes := list(call.unfit()):
            raise InvalidParams("\n".join(f"adset_budgets: {line}" for line in mistakes))
        return call

    def unfit(self) -> Iterable[str]:
        """Why the budget of this campaign cannot be handed down like this."""
        if self.campaign is None or not self.adset_budgets:
            return
        if not any(self.campaign.get(name) not in (None, "", "0") for name in KINDS):
            yield "the campaign has no budget to hand down: change the ad sets' own"
        if len(self.ad_sets()) >= MOST_BELOW:
            yield f"the campaign has {MOST_BELOW} ad sets or more, and not all of them could be read"
        there = {str(row["id"]): row for row in self.ad_sets()}
        given = {row["adset_id"]: row for row in self.adset_budgets}
        for missing in sorted(there.keys() - given.keys()):
            yield f"ad set {missing} is missing, and every ad set that is not deleted is named"
        for strange in sorted(given.keys() - there.keys()):
            yield f"ad set {strange} is none of this campaign's"
        for one in sorted(given.keys() & there.keys()):
            if "lifetime_budget" in given[one] and not there[one].get("end_time"):
                yield f"ad set {one} has no end, and a lifetime budget needs one"

    def ad_sets(self) -> list[Mapping[str, Any]]:
        """The ad sets that the campaign has."""
        return list(((self.campaign or {}).get("adsets") or {}).get("data") or ())

    def sets(self) -> dict[str, Any]:
        """The campaign has no budget any more; what its ad sets have is theirs."""
        known = super().sets()
        if known.pop("adset_budgets", None) is None:
            return known
        had = [name for name in KINDS if (self.campaign or {}).get(name) not in (None, "", "0")]
        return {**known, (had or ["daily_budget"])[0]: None}

    def effect(self) -> str:
        currency = str((self.campaign or {}).get("currency") or "")
        given = [
            f"{row['adset_id']} {plain(amount, currency)} {currency}{' a day' if spend.per == 'day' else ''}"
            for row in self.adset_budgets or ()
            for name, spend in KINDS.items()
            if (amount := spend.major(row.get(name), currency)) is not None
        ]
        return (
            f"hands the budget down to {counted(len(given), 'ad set')}: {', '.join(given)}" if given else ""
        )

    def brings(self) -> Iterable[Brought]:
        if self.campaign is None or not self.adset_budgets:
            return
        there = {str(row["id"]): row for row in self.ad_sets()}
        after = [{**there.get(row["adset_id"], {}), **row, "status": "ACTIVE"} for row in self.adset_budgets]
        yield Brought("ad_sets", after=after, live=self.states.is_live(self.campaign), of="ad_sets")

    def lasting(self) -> str:
        moved = "a campaign takes its budget back only when its ad sets have none: change them one by one"
        return super().lasting() or (moved if self.adset_budgets else "")


def _wrong(row: Object) -> Iterable[str]:
    """Mistakes in one ad set's budget."""
    if not str(row.get("adset_id", "")).isdecimal():
        yield "adset_id is missing, or no id"
    for name in sorted(row.keys() - {"adset_id", *KINDS}):
        yield f"{name[:SHOWN]!r} is none of adset_id, daily_budget, lifetime_budget"
    given = [name for name in KINDS if row.get(name) is not None]
    if len(given) != 1:
        yield "give daily_budget or lifetime_budget"
    for name in given:
        try:
            amount = parse(row[name])
        except ValueError as mistake:
            yield f"{name}: {mistake}"
        else:
            if amount.relative or amount.number <= 0:
                yield f'{name}: write an amount, such as "20 USD"'


def _settled(row: Object, currency: str) -> Object:
    """The amount in minor units. Raises ValueError."""
    amounts = {name: spend for name, spend in KINDS.items() if row.get(name) is not None}
    return {
        "adset_id": row["adset_id"],
        **{
            name: spend.spell(spend.settle(parse(row[name]), currency, None))
            for name, spend in amounts.items()
        },
    }
