"""Budget rules attached to a campaign, and taken off it: that is when a budget changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.filters import several
from mcp_ads.connectors.amazon_ads.types import Id, Json
from mcp_ads.core import DELETE, POST, Action, Context, Flow, Part, Request, Result, Shown
from mcp_ads.core.marks import Found
from mcp_ads.core.write import Brought
from mcp_ads.errors import InvalidParams

from . import raised_campaigns, raises
from .budget_rule_reads import GetBudgetRule, ListBudgetRules, RuleId
from .budget_rule_terms import RuleWrite
from .raised_campaigns import CAMPAIGNS, quoted

MOST_AT_ONCE, MOST_OF_CAMPAIGN = 25, 250
PATH = "/sp/campaigns/{campaign_id}/budgetRules"
RULE_ENTITY = "sponsored_product_budget_rules"
ATTACHED = "rules of the campaign"
UNREAD = "which rules the campaign has already cannot be read, and rules add up"


def _one(value: Any) -> Any:
    if isinstance(value, list) or "," in str(value):
        raise ValueError(
            'one campaign; for several items=[{"campaign_id": "…"}, …], budget_rule_id beside it'
        )
    return value


class OfCampaign(RuleWrite):
    """Rules of one campaign. What the campaign's budget comes to is worked out of all its rules."""

    campaign_id: Annotated[Id, BeforeValidator(_one), Field(exclude=True, examples=["120000000000001"])]
    budget_rule_id: Annotated[
        list[RuleId],
        BeforeValidator(several),
        Field(
            exclude=True,
            alias="budgetRuleIds",
            min_length=1,
            max_length=MOST_AT_ONCE,
            examples=[["5bc531de-f000-44cf-8a86-54189bcdd380"]],
            description=f"One or several, up to {MOST_AT_ONCE}.",
        ),
    ]
    rise: Annotated[Json | None, Found(), Field(exclude=True)] = None
    rules: Annotated[list[str] | None, Found(), Field(exclude=True)] = None

    attaches: ClassVar[bool]
    does, watch = "acts", ()

    def consults(self) -> tuple[str, str, tuple[str, ...]] | None:
        return CAMPAIGNS, self.campaign_id, ("campaignId", "name", "state", "budget")

    def asides(self, account: str) -> Mapping[str, Action]:
        own = {"profile_id": account}
        listed = ListBudgetRules.model_validate({**own, "campaign_id": self.campaign_id})
        rules = {
            _key(id_): GetBudgetRule.model_validate({**own, "budget_rule_id": id_})
            for id_ in self.budget_rule_id
        }
        return {ATTACHED: listed, **rules}

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        if not live:
            return call
        there = [raises.flat(rule) for rule in live.get(ATTACHED) or ()]
        given = [raises.flat(rule) for id_ in self.budget_rule_id if (rule := live.get(_key(id_)))]
        if mistakes := [*self.unfit(live, there, given)]:
            raise InvalidParams("\n".join(mistakes))
        rules = [_said(rule) for rule in given]
        if live.get(ATTACHED, ()) is None:
            return call.model_copy(update={"rules": rules})
        others = [rule for rule in there if rule["ruleId"] not in self.budget_rule_id]
        on = [rule for rule in given if rule["ruleState"] != "PAUSED"]
        rise = raised_campaigns.rise_of(live, (others, *self.between(on)), context.today, context.currency)
        return call.model_copy(update={"rise": rise, "rules": rules})

    def named_rules(self) -> set[str]:
        return {*self.budget_rule_id}

    def alters(self) -> set[str]:
        return {self.campaign_id}

    def unfit(
        self,
        live: Mapping[str, Any],
        there: Sequence[Json],  # noqa: ARG002
        given: Sequence[Json],
    ) -> Iterable[str]:
        """Why these rules cannot be attached or taken off, one line each; `there` are the campaign's."""
        known = {rule["ruleId"] for rule in given}
        for id_ in self.budget_rule_id:
            if id_ not in known and not id_.startswith("@"):
                yield f"budget_rule_id: rule {id_} is not there, or cannot be read now"
        if live.get("state") == "ARCHIVED":
            yield f"campaign_id: {self.campaign_id} is ARCHIVED: Amazon never changes archived objects"

    def between(self, rules: Sequence[Json]) -> tuple[Sequence[Json], Sequence[Json]]:  # noqa: ARG002
        """Which of these rules the campaign has before, and which after."""
        raise AssertionError("each change of links says it")

    def sets(self) -> Json:
        return {}

    def shown_by(self) -> Shown:
        """The campaign's rules as they are now."""
        lists = "lists" if self.attaches else "does not list"
        done = f"it {lists} {', '.join(self.budget_rule_id)}"
        return Shown(RULE_ENTITY, "list", {"campaign_id": self.campaign_id}, done)

    def part_shown(self, rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
        there = {raises.flat(row)["ruleId"] for row in rows}
        done = [id_ for id_ in self.budget_rule_id if (id_ in there) is self.attaches]
        return {"budget_rule_id": done} if done else {}

    def brings(self) -> Iterable[Brought]:
        return raised_campaigns.brought([self.rise] if self.rise else [])

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if live.get(ATTACHED, ()) is None:
            yield f"spend unknown: {UNREAD}"

    def told_of(self) -> str:
        """The campaign, and what becomes of its budget."""
        if not self.rise:
            return f"campaign {self.campaign_id}"
        name, budget = quoted(self.rise["name"]), raised_campaigns.said(self.rise)
        return f"campaign {self.campaign_id} {name}, budget {budget}"


class AttachBudgetRule(OfCampaign):
    """Attach rules to a campaign: from then on its budget is more on their days, and rules add up.

    The plan says what the budget comes to at most. For several campaigns give items.
    """

    http, undone_by, attaches = POST(PATH), "detach", True
    said = "apply a budget rule, associate, add a rule to a campaign"

    def to_body(self) -> Mapping[str, Any]:
        return {"budgetRuleIds": self.budget_rule_id}

    def between(self, rules: Sequence[Json]) -> tuple[Sequence[Json], Sequence[Json]]:
        return (), rules

    def unfit(self, live: Mapping[str, Any], there: Sequence[Json], given: Sequence[Json]) -> Iterable[str]:
        yield from super().unfit(live, there, given)
        names = [rule["name"] for rule in there]
        for rule in given:
            if rule["name"] in names:
                yield f"budget_rule_id: the campaign has a rule called {quoted(rule['name'])} already"
            names.append(rule["name"])
        if len(names) > MOST_OF_CAMPAIGN:
            yield f"budget_rule_id: a campaign has at most {MOST_OF_CAMPAIGN} rules"

    def obstacle(self, live: Mapping[str, Any]) -> str:
        there = {rule.get("ruleId") for rule in live.get(ATTACHED) or ()}
        again = [id_ for id_ in self.budget_rule_id if id_ in there]
        return f"attached to campaign {self.campaign_id} already: {', '.join(again)}" if again else ""

    def unpriced(self, live: Mapping[str, Any]) -> str:
        return UNREAD if live.get(ATTACHED, ()) is None else ""

    def effect(self) -> str:
        what = "; ".join(self.rules or self.budget_rule_id)
        return f"attaches rules to {self.told_of()}: {what}"

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if any(" PAUSED" in text for text in self.rules or ()):
            yield "a PAUSED rule raises nothing until it is activated"

    def doubt(self, answer: Any) -> str:
        """Each rule is named in what was done; one alone has its entry, several have a list of them."""
        entries = answer.get("items", [answer]) if isinstance(answer, dict) else []
        done = {str(entry.get("ruleId")) for entry in entries if isinstance(entry, dict)}
        return "" if done == {*self.budget_rule_id} else "it does not name the rules that were attached"


class DetachBudgetRule(OfCampaign):
    """Take rules off a campaign: its budget is its own again. The rules stay."""

    http, undone_by, attaches = DELETE(f"{PATH}/{{budget_rule_id}}"), "attach", False
    said = "dissociate, remove a budget rule from a campaign"
    sample = {"campaign_id": "120000000000002", "budget_rule_id": ["7d3f8a52-0f0b-4f4e-9c3d-2b7f6f3a9e11"]}

    def lowers(self) -> bool:
        return True

    def between(self, rules: Sequence[Json]) -> tuple[Sequence[Json], Sequence[Json]]:
        return rules, ()

    def obstacle(self, live: Mapping[str, Any]) -> str:
        if (there := live.get(ATTACHED)) is None:
            return ""
        known = {rule.get("ruleId") for rule in there}
        gone = [id_ for id_ in self.budget_rule_id if id_ not in known]
        return f"not attached to campaign {self.campaign_id}: {', '.join(gone)}" if gone else ""

    def effect(self) -> str:
        what = "; ".join(self.rules or self.budget_rule_id)
        return f"takes rules off {self.told_of()}; the rules stay: {what}"

    def outline(self) -> tuple[Part, ...]:
        path, headers = PATH.format(campaign_id=self.campaign_id), self.to_headers()
        return tuple(
            Part(Request("DELETE", f"{path}/{id_}", headers=headers, risk=self.risk), f"takes rule {id_} off")
            for id_ in self.budget_rule_id
        )

    def part_done(self, requests: int) -> Mapping[str, Any]:
        return {"budget_rule_id": self.budget_rule_id[:requests]}

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        for part in self.outline():
            yield part.request
        return Result({"rules": self.budget_rule_id})

    def doubt(self, answer: Any) -> str:
        """Each request is believed by its own answer."""
        return (
            ""
            if isinstance(answer, dict) and answer.get("rules") == self.budget_rule_id
            else "it names no rule"
        )


def _key(rule_id: str) -> str:
    return f"budget rule {rule_id}"


def _said(rule: Json) -> str:
    paused = ", PAUSED" if rule["ruleState"] == "PAUSED" else ""
    return f"{quoted(rule['name'])} {raises.said(rule)}{paused}"
