"""Budget rules read: of a profile or a campaign, one with its campaigns, and events that rules can be for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import Field

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.types import AmazonRead, Id, Json
from mcp_ads.core import GET, POST, Account, Column, Context, Cursor, Flow, Request, Result
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.outline import Steps
from mcp_ads.core.own_records import own_records
from mcp_ads.core.page_records import records_in
from mcp_ads.core.record_fields import ALL
from mcp_ads.errors import NotFound, Rejected

from . import raises
from .campaigns import GetCampaign

RULES, MOST_ON_PAGE = "/sp/budgetRules", 30
CAMPAIGNS, BUDGETS = "campaigns", "budgets"
MOST_PRICED = 25
UNPROCESSABLE = 422
PRICED = ("campaignId", "name", "state", "budget.budget")
LEAN = ("ruleId", "name", "ruleState", "ruleStatus", "budgetIncreaseBy", "startDate", "endDate", "eventName")
RuleId = Annotated[
    str,
    Field(pattern=r"^([A-Za-z0-9_-]+|@[0-9]+\.id)$", examples=["5bc531de-f000-44cf-8a86-54189bcdd380"]),
]


@dataclass(frozen=True)
class RulePages(Cursor):
    """The rules of a profile come in pages, those of a campaign all at once."""

    def sized(self, request: Request, rows: int) -> Request:
        return super().sized(request, rows) if request.path.startswith(RULES) else request


PAGES = RulePages("nextToken", "nextToken", size="pageSize", most=MOST_ON_PAGE)


class RuleRead(AmazonRead):
    """Rows of rules; `ruleStatus` is what Amazon makes of one today."""

    known: ClassVar[tuple[str, ...]] = (*raises.OWN, *raises.TERMS, *raises.EVENT_DAYS, *raises.TIMES)
    lean: ClassVar[tuple[str, ...]] = LEAN
    alike = {
        "id": "ruleId",
        "state": "ruleState",
        "status": "ruleState",
        "serving": "ruleStatus",
        "percent": "budgetIncreaseBy",
        "increase": "budgetIncreaseBy",
        "type": "ruleType",
    }

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002
        return raises.flat(record)

    def kinds(self) -> Mapping[str, Column]:
        days = dict.fromkeys(("startDate", "endDate", *raises.EVENT_DAYS), Column("date"))
        return {"budgetIncreaseBy": Column("percent"), **days}


class ListBudgetRules(RuleRead):
    """List rules and what percentage they add: all of the profile, or those attached to one campaign."""

    campaign_id: Annotated[Id | None, Field(exclude=True, description="Only rules attached to it.")] = None

    http, pages = GET(RULES), PAGES
    said = "budget schedule, rule based budget, dayparting budget"

    @property
    def records(self) -> str:  # type: ignore[override]  # it depends on whose rules are asked for
        return "associatedRules" if self.campaign_id else "budgetRulesForAdvertiserResponse"

    def to_path(self) -> str:
        return f"/sp/campaigns/{self.campaign_id}/budgetRules" if self.campaign_id else RULES

    def to_query(self) -> Mapping[str, Any]:
        return {} if self.campaign_id else {"pageSize": MOST_ON_PAGE}


class GetBudgetRule(RuleRead):
    """Read one budget rule, with the campaigns it is attached to and its status in each."""

    budget_rule_id: RuleId

    http, subject = GET(f"{RULES}/{{budget_rule_id}}"), "budget_rule_id"
    known = (*RuleRead.known, "campaigns.*", f"{BUDGETS}.*")
    lean = (*LEAN, "ruleType", "recurrence", "daysOfWeek", "metricName", "comparisonOperator", "threshold",
            "eventId", *raises.EVENT_DAYS, "startTime", "endTime", "campaigns")  # fmt: skip

    def to_query(self) -> Mapping[str, Any]:
        return {}

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        try:
            record = yield self.to_request()
        except Rejected as error:
            if error.status != UNPROCESSABLE:
                raise
            raise self._unknown(error) from None
        row = raises.flat(record)
        own_records([row], self.subject, self.budget_rule_id, str)
        if isinstance(self, AsSent):
            return Result(dict(record))
        wanted = {"campaigns", BUDGETS} if self.fields in ALL else {*self.columns()}
        if {"campaigns", BUDGETS} & wanted:
            row["campaigns"] = yield from self._campaigns()
        if BUDGETS in wanted:
            row[BUDGETS] = yield from self._budgets([one["campaignId"] for one in row["campaigns"]])
        columns = tuple(row) if self.fields in ALL else self.columns()
        return Result({name: row.get(name) for name in columns}, columns=columns)

    def _unknown(self, error: Rejected) -> NotFound:
        """Amazon has no 404 for rules: of an id there is none of it says that it cannot process it."""
        told: dict[str, Any] = {
            "code": error.code,
            "request_id": error.request_id,
            "platform_text": error.platform_text,
        }
        text = f"budget_rule_id: no rule {self.budget_rule_id}, or it is of another profile"
        return NotFound(text, status=error.status, **told, fix="list shows the rules of a profile")

    def _campaigns(self) -> Steps[list[Json]]:
        """Every campaign the rule is attached to."""
        found, query = list[Json](), {"pageSize": MOST_ON_PAGE}
        while True:
            answer = yield Request("GET", f"{self.to_path()}/campaigns", query, headers=self.to_headers())
            found += records_in(answer, "associatedCampaigns")
            if not (token := answer.get("nextToken")) or token == query.get("nextToken"):
                return found
            query = {**query, "nextToken": token}

    def _budgets(self, ids: list[str]) -> Steps[list[Json] | None]:
        """The campaigns' budgets, and their other rules: what they come to depends on all of them.

        None where there are more campaigns than a plan reads.
        """
        if not ids or len(ids) > MOST_PRICED:
            return None if ids else []
        own = {"profile_id": self.profile_id}
        read = GetCampaign.model_validate({**own, "campaign_id": ids, "fields": list(PRICED)})
        campaigns, rows = (yield read.to_request()).get("campaigns") or [], list[Json]()
        for campaign in campaigns:
            listed = ListBudgetRules.model_validate({**own, "campaign_id": campaign["campaignId"]})
            rules = (yield listed.to_request()).get(listed.records) or []
            others = [raises.brief(rule) for rule in rules if rule.get("ruleId") != self.budget_rule_id]
            kept = {name: campaign.get(name) for name in ("campaignId", "name", "state", "budget")}
            rows.append({**kept, "others": others})
        return rows if len(rows) == len(ids) else None


class ListRuleEvents(AmazonRead):
    """List shopping events that a rule can be for: their event_id goes into create."""

    campaign_id: Annotated[Id, Field(alias="campaignId", examples=["120000000000001"])]

    http = vendor(POST, "/sp/campaigns/budgetRules/recommendations", "spbudgetrulesrecommendation.v3")
    records = "recommendedBudgetRuleEvents"
    known = lean = ("eventId", "eventName", "startDate", "endDate", "suggestedBudgetIncreasePercent")
    alike = {"id": "eventId", "name": "eventName"}
    said = "prime day, black friday, seasonal"

    def to_row(self, record: Json, account: Account | None) -> Json:  # noqa: ARG002
        return {**record, **{name: raises.day_of(record.get(name)) for name in ("startDate", "endDate")}}

    def kinds(self) -> Mapping[str, Column]:
        return {"suggestedBudgetIncreasePercent": Column("percent")}
