"""A portfolio's budget: a cap on what its campaigns spend together, a month or between two days.

Amazon replaces it as a whole, so what a call leaves out is taken from the portfolio as it is.
Source: Amazon's AccountsPortfolios.json, PortfolioBudget; its guide to sharing unspent budget.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.ranges import Ranges
from mcp_ads.connectors.amazon_ads.sponsored_products import rules
from mcp_ads.connectors.amazon_ads.sponsored_products.base import SpWrite
from mcp_ads.connectors.amazon_ads.types import NONE, SHORT, Day, DayOrNone, Json, upper
from mcp_ads.connectors.amazon_ads.writes import out_of_order
from mcp_ads.core import Amount, Context, Spend, States, dig
from mcp_ads.core.money import parse, plain
from mcp_ads.errors import InvalidParams

NO_CAP, MONTHLY, RANGE = "NO_CAP", "MONTHLY_RECURRING", "DATE_RANGE"
SHARING = "campaignUnspentBudgetSharing.featureState"
PARTS = {
    "policy": "budget_policy",
    "amount": "budget",
    "startDate": "budget_start_date",
    "endDate": "budget_end_date",
}
"""What Amazon's record calls the parts of a budget -> our parameters."""
MORE_SPENT = "a campaign in it may spend up to twice its daily budget on a day, from what others left"
ONLY_CAPS = "a portfolio's budget is a cap on what its campaigns spend together, and no budget of its own"


def _state(value: Any) -> Any:
    """Amazon's own object of it is the word inside."""
    return upper(dig(value, SHARING) if isinstance(value, dict) else value)


Policy = Annotated[
    Literal["MONTHLY_RECURRING", "DATE_RANGE", "NO_CAP"],
    BeforeValidator(upper),
    Field(description="MONTHLY_RECURRING: the cap is for each month; DATE_RANGE: between two days."),
]
Cap = Annotated[
    Amount,
    Spend("lifetime", "object", at="budget.amount", role="cap"),
    Field(examples=["2000 USD"], description='"2000 USD": what its campaigns may spend together.'),
]
Sharing = Annotated[
    Literal["ENABLED", "DISABLED"],
    BeforeValidator(_state),
    Field(description=f"ENABLED: {MORE_SPENT}."),
]


PortfolioName = Annotated[str, AfterValidator(rules.trimmed), Field(min_length=1, examples=["Spring"])]


class PortfolioFields(SpWrite):
    """What creating and updating share."""

    name: PortfolioName | None = None
    budget_policy: Annotated[Policy | None, Field(exclude=True)] = None
    budget: Cap | None = None
    budget_start_date: Annotated[Day, Field(exclude=True)] = None
    budget_end_date: Annotated[DayOrNone, Field(exclude=True)] = None
    unspent_budget_sharing: Annotated[Sharing | None, Field(exclude=True)] = None

    key: ClassVar[str] = "portfolios"
    daily: ClassVar[Ranges] = {}
    states = States()  # it delivers nothing itself
    watch = ("name", "budget", "budgetControls", "inBudget")
    moving = ("inBudget",)
    aliases: ClassVar[Mapping[str, str]] = {
        **SHORT, "budget_amount": "budget", "amount": "budget", "policy": "budget_policy",
        "start_date": "budget_start_date", "end_date": "budget_end_date",
        "budget_controls": "unspent_budget_sharing", "budgetControls": "unspent_budget_sharing",
    }  # fmt: skip

    @model_validator(mode="before")
    @classmethod
    def _as_amazon_has_it(cls, given: Any) -> Any:
        """Amazon's own object of a budget is its parts."""
        budget = given.get("budget") if isinstance(given, dict) else None
        if not isinstance(budget, dict) or "policy" not in budget:
            return given
        if other := budget.keys() - {*PARTS, "currencyCode"}:
            raise ValueError(f"budget: {min(other)} is no part of a budget: {', '.join(PARTS)}")
        parts = {ours: budget[name] for name, ours in PARTS.items() if budget.get(name) is not None}
        if "amount" in budget and budget["amount"] is not None and "currencyCode" in budget:
            parts["budget"] = {name: budget[name] for name in ("amount", "currencyCode")}
        rest = {name: value for name, value in given.items() if name != "budget"}
        return {**parts, **rest}

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if mistakes := list(self._unfit()):
            raise ValueError("\n".join(mistakes))
        return self

    def _unfit(self) -> Iterable[str]:
        amount, given = self.budget, [name for name in PARTS.values() if getattr(self, name)]
        if self.budget_policy == NO_CAP and len(given) > 1:
            yield f"{given[1]}: not with budget_policy NO_CAP, which takes the cap away"
        if amount and amount.kind in ("bare", "exact") and not amount.number:
            yield 'budget: above 0; budget_policy="NO_CAP" takes the cap away'
        if self.budget_policy == MONTHLY and self.budget_start_date:
            yield "budget_start_date: only with budget_policy DATE_RANGE; a monthly cap begins at once"
        if self.budget_start_date and self.budget_start_date == self.budget_end_date:
            yield "budget_end_date: has to be after budget_start_date"
        for mistake in out_of_order(self.budget_start_date, self.budget_end_date):
            yield f"budget_{mistake}"

    def caps(self) -> bool:
        """Whether the call is about the budget."""
        return any(getattr(self, name) is not None for name in PARTS.values())

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """With what the portfolio has of a budget and the call leaves out, since all of it is replaced."""
        call, was = super().settled(context, live), dict((live or {}).get("budget") or {})
        if not call.caps():
            return call
        for name in ("budget_start_date", "budget_end_date"):
            day = getattr(self, name)
            if day and day < context.today.isoformat() and day != was.get(_wire(name)):
                raise InvalidParams(f"{name}: {day} is in the past; today is {context.today}")
        known = was.get("policy") if was.get("policy") in (NO_CAP, MONTHLY, RANGE) else None
        policy = call.budget_policy or known
        kept = {"budget_policy": policy} | _kept(call, was, policy, context.currency)
        call = call.model_copy(update={name: value for name, value in kept.items() if value is not None})
        end, mistakes = call.budget_end_date, list(call.lacks())
        if end and end == was.get("endDate") and end < context.today.isoformat():
            mistakes.append(f"budget_end_date: the cap ended on {end}; give a later day")
        if mistakes:
            raise InvalidParams("\n".join(mistakes))
        return call

    def lacks(self) -> Iterable[str]:
        """What a budget needs that neither the call nor the portfolio has."""
        others = [name for name in PARTS.values() if name != "budget_policy" and getattr(self, name)]
        if self.budget_policy in (None, NO_CAP):
            if others:
                yield f"budget_policy: missing; {others[0]} needs MONTHLY_RECURRING or DATE_RANGE"
            return
        if self.budget is None:
            yield f'budget: missing; {self.budget_policy} needs one, such as "2000 USD"'
        if self.budget_policy == RANGE and not self.budget_start_date:
            yield "budget_start_date: missing; DATE_RANGE needs the day from which the cap counts"
        yield from self._unfit()

    def cap(self) -> Json:
        """The budget as Amazon's record has it; what is taken away is null."""
        if self.budget_policy in (None, NO_CAP):
            empty = dict.fromkeys(("amount", "startDate", "endDate")) if self.does == "changes" else {}
            return {"policy": NO_CAP, **empty}
        found = {ours: getattr(self, ours) for ours in PARTS.values()}
        amount = self.budget
        known = {"currencyCode": amount.currency} if amount and amount.currency else {}
        sent = {"policy": self.budget_policy, "amount": Spend("lifetime", "major").spell(amount), **known}
        sent |= {"startDate": found["budget_start_date"]} if self.budget_policy == RANGE else {}
        end = found["budget_end_date"]
        return sent | ({"endDate": None if end == NONE else end} if end else {})

    def lengthens(self, live: Mapping[str, Any]) -> bool:
        """Whether the cap comes to count for another time than now, other than a shorter one."""
        was, sets = live.get("budget") or {}, self.sets().get("budget") or {}
        if NO_CAP in (was.get("policy") or NO_CAP, sets.get("policy", NO_CAP)):
            return False
        ends, until = was.get("endDate"), sets.get("endDate", was.get("endDate"))
        later = ends is not None and (until is None or until > ends)
        return bool(was["policy"] != sets["policy"] or later)

    def item(self) -> Json:
        item = super().item()
        if self.caps():
            item["budget"] = self.cap()
        if self.unspent_budget_sharing:
            item["budgetControls"] = {
                "campaignUnspentBudgetSharing": {"featureState": self.unspent_budget_sharing}
            }
        return item

    def in_words(self, live: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
        changes, new = self.sets(), self.does == "makes"
        lines = dict[str, Sequence[str]]()
        if "budget" in changes:
            after = said(changes["budget"])
            lines["budget"] = [f"cap {after}" if new else f"cap {said(live.get('budget'))} → {after}"]
        if "budgetControls" in changes:
            was = dig(live, f"budgetControls.{SHARING}") or "not told"
            before = "" if new else f"{was} → "
            lines["budgetControls"] = [f"unspent budget sharing {before}{self.unspent_budget_sharing}"]
        return lines

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.budget:
            yield ONLY_CAPS
        if self.budget_policy == NO_CAP and self.does == "changes":
            yield "without a cap its campaigns spend up to their own daily budgets"
        if live.get("inBudget") is False and self.caps():
            yield "its cap is used up: campaigns that it has stopped deliver again where it is raised"
        elif self.budget and live:
            yield "what was spent in the period counts: campaigns stop at once where the cap is used up"
        if self.unspent_budget_sharing == "ENABLED":
            yield f"with unspent budget sharing {MORE_SPENT}"


def _kept(call: PortfolioFields, was: Mapping[str, Any], policy: Any, currency: str) -> Json:
    """The parts of a budget that a call leaves out, as they are; days only where the policy stays."""
    if policy in (None, NO_CAP):
        return {}
    kept: Json = {}
    if call.budget is None and was.get("amount") is not None:
        kept["budget"] = parse({"amount": was["amount"], "currencyCode": currency})
    names = ("startDate", "endDate") if policy == RANGE else ("endDate",)
    for name in names if policy == was.get("policy") else ():
        if getattr(call, PARTS[name]) is None:
            kept[PARTS[name]] = was.get(name)
    return kept


def said(budget: Mapping[str, Any] | None) -> str:
    """A budget in words: how much, for which time."""
    if not budget or budget.get("policy") in (None, NO_CAP) or budget.get("amount") is None:
        return "none"
    currency = str(budget.get("currencyCode") or "")
    text = f"{plain(Decimal(str(budget['amount'])), currency)} {currency}".strip()
    start, end = budget.get("startDate"), budget.get("endDate")
    text += " a month" if budget["policy"] == MONTHLY else f" from {start}"
    if end:
        return f"{text}, until {end}" if budget["policy"] == MONTHLY else f"{text} to {end}"
    return text if budget["policy"] == MONTHLY else f"{text} without an end"


def _wire(name: str) -> str:
    return next(wire for wire, ours in PARTS.items() if ours == name)
