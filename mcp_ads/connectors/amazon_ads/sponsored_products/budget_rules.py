"""Budget rules: they raise the daily budgets of campaigns for some days, or while these do well.

A rule does nothing until it is attached to a campaign, and then it only ever raises. Source: BudgetRules of
Amazon's SponsoredProducts.json. There is no call that deletes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.types import Json, upper
from mcp_ads.core import POST, PUT, Context, Entity
from mcp_ads.core.marks import Found
from mcp_ads.core.write import Brought
from mcp_ads.errors import InvalidParams

from . import raised_campaigns, raises
from .budget_rule_links import AttachBudgetRule, DetachBudgetRule
from .budget_rule_reads import (
    BUDGETS,
    CAMPAIGNS,
    MOST_PRICED,
    RULES,
    GetBudgetRule,
    ListBudgetRules,
    ListRuleEvents,
    RuleId,
)
from .budget_rule_terms import Increase, RuleName, RuleTerms, RuleWrite, terms_of, unfit

LACKS = "Amazon deletes no budget rule; pause stops it, and detach takes it off one campaign"
ITEMS = "budgetRulesDetails"
TOO_MANY = f"it is attached to more than {MOST_PRICED} campaigns, or one of them cannot be read"
State = Annotated[Literal["ACTIVE", "PAUSED"], BeforeValidator(upper)]


class CreateBudgetRule(RuleTerms):
    """Create a rule, which does nothing before `attach`. It cannot be deleted, only paused.

    SCHEDULE holds on its days, PERFORMANCE also needs its condition to be met. Give start_date or event_id.
    """

    name: RuleName
    budget_increase_by: Increase
    rule_type: Annotated[Literal["SCHEDULE", "PERFORMANCE"] | None, BeforeValidator(upper)] = None

    http, does, new_id_at, watch = POST(RULES), "makes", "ruleId", ()
    sample = {"start_date": "2027-11-24", "end_date": "2027-11-30"}
    said = "black friday extra budget, more budget, schedule a budget, prime day, seasonal, peak days"

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if mistakes := list(unfit(self.sets())):
            raise ValueError("\n".join(mistakes))
        return self

    def sets(self) -> Json:
        kind = self.rule_type or ("PERFORMANCE" if self.metric_name else "SCHEDULE")
        terms = terms_of({}, {**super().sets(), "ruleType": kind})
        terms["recurrence"] = terms["recurrence"] or "DAILY"
        return {name: value for name, value in terms.items() if value is not None}

    def to_body(self) -> Mapping[str, Any]:
        return {ITEMS: [raises.details(self.sets())]}

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield "it raises no budget until it is attached to a campaign, and is ACTIVE from then on"

    def doubt(self, answer: Any) -> str:
        made = answer.get("ruleId") if isinstance(answer, dict) else None
        return "" if isinstance(made, str) and made else "it names no new rule"

    @classmethod
    def removed_by(cls, made: Mapping[str, Any]) -> Sequence[str]:  # noqa: ARG003
        return ("pause",)


class OneRule(RuleWrite):
    """What changing a rule takes: Amazon takes it whole, so it is read and sent whole."""

    budget_rule_id: RuleId
    whole: Annotated[Json | None, Found(), Field(exclude=True)] = None
    rises: Annotated[list[Json] | None, Found(), Field(exclude=True)] = None
    campaigns: Annotated[list[str] | None, Found(), Field(exclude=True)] = None
    unread: Annotated[bool, Found(), Field(exclude=True)] = False

    http, subject, new_id_at = PUT(RULES), "budget_rule_id", "ruleId"
    watch: ClassVar[tuple[str, ...]] = ("ruleState", *raises.TERMS)

    def consults(self) -> tuple[str, str, tuple[str, ...]] | None:
        """The campaigns it is attached to; one that the same plan makes is attached to none."""
        there = not self.budget_rule_id.startswith("@")
        return (
            ("sponsored_product_budget_rules", self.budget_rule_id, (CAMPAIGNS, BUDGETS)) if there else None
        )

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        if not live:
            return call
        whole = terms_of(live, self.sets())
        if mistakes := list(unfit(whole)):
            raise InvalidParams("\n".join(mistakes))
        was = {**live, "ruleState": live.get("ruleState") or "ACTIVE"}
        will = {"ruleState": was["ruleState"], **whole, **self.sets()}
        sides = [[rule] if rule["ruleState"] != "PAUSED" else [] for rule in (was, will)]
        rises = [
            raised_campaigns.rise_of(one, (one["others"], *sides), context.today, context.currency)
            for one in live.get(BUDGETS) or ()
        ]
        found: Json = {"whole": {**whole, "ruleState": will["ruleState"]}}
        found["rises"] = [one for one in rises if one]
        found["campaigns"] = [str(one["campaignId"]) for one in live.get(CAMPAIGNS) or ()]
        return call.model_copy(update={**found, "unread": live.get(BUDGETS, ()) is None})

    def named_rules(self) -> set[str]:
        return {self.budget_rule_id}

    def alters(self) -> set[str]:
        return {self.budget_rule_id, *(self.campaigns or ())}

    def lowers(self) -> bool:
        return self.sets() == {"ruleState": "PAUSED"}

    def to_body(self) -> Mapping[str, Any]:
        whole = self.whole or self.sets()
        item = {"ruleId": self.budget_rule_id, "ruleState": whole.get("ruleState")}
        item["ruleDetails"] = raises.details(whole)
        return {ITEMS: [{name: value for name, value in item.items() if value}]}

    def brings(self) -> Iterable[Brought]:
        return raised_campaigns.brought(self.rises or ())

    def delivers(self) -> bool:
        """Nothing begins to be served by it; what it makes of budgets is priced by itself."""
        return False

    def spend_unknown(self) -> str:
        raises_none = self.sets().keys() <= {"name"} or self.sets().get("ruleState") == "PAUSED"
        return TOO_MANY if self.unread and not raises_none else ""

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield from raised_campaigns.lines(self.rises or ())
        if why := self.spend_unknown():
            yield f"spend unknown: {why}"
        if self.rises == [] and not self.unread:
            yield "it is attached to no campaign, so no budget changes"

    def doubt(self, answer: Any) -> str:
        done = answer.get("ruleId") if isinstance(answer, dict) else None
        return "" if done == self.budget_rule_id else "it does not name this rule"


class UpdateBudgetRule(OneRule, RuleTerms):
    """Correct a rule: its name, percentage, days, condition or state, wherever it is attached."""

    state: Annotated[State | None, Field(alias="ruleState")] = None

    sample = {"budget_increase_by": 30}


class PauseBudgetRule(OneRule):
    """Pause rules: nothing comes on top by them any more."""

    state: Annotated[Literal["PAUSED"], Field(alias="ruleState")] = "PAUSED"


class ActivateBudgetRule(OneRule):
    """Activate rules: their percentage comes on top wherever they are attached."""

    state: Annotated[Literal["ACTIVE"], Field(alias="ruleState")] = "ACTIVE"


sponsored_product_budget_rules = Entity(
    noun="budget rule",
    lacks=dict.fromkeys(("delete", "archive", "remove"), LACKS),
    list=ListBudgetRules,
    get=GetBudgetRule,
    create=CreateBudgetRule,
    update=UpdateBudgetRule,
    pause=PauseBudgetRule,
    activate=ActivateBudgetRule,
    attach=AttachBudgetRule,
    detach=DetachBudgetRule,
    recommendations=ListRuleEvents,
)
