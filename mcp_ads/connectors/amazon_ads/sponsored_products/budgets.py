"""How far campaigns are through today's budget, and what Amazon would give them.

Sources: Amazon's SponsoredProducts.json, operations spCampaignsBudgetUsage and getBudgetRecommendations;
its guides to budget usage and to budget recommendations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.by_place import answered, told
from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.every_page import every_page
from mcp_ads.connectors.amazon_ads.filters import id_list
from mcp_ads.connectors.amazon_ads.types import MOST_IDS, STATES, AmazonRead, Id, Json
from mcp_ads.core import ID, POST, TEXT, Column, Context, Flow, Request, Result, dig
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.outline import Steps
from mcp_ads.core.record_fields import ALL

from . import inside
from .raises import day_of

MOST_CAMPAIGNS = 1000
NAME = "campaignName"
NONE_ON = "no campaign of this profile is ENABLED; campaign_id names paused or archived ones"
NOT_ALL = "only {} of the {} ENABLED campaigns were looked at; campaign_id names others"
NOT_ENOUGH = (
    "{} have no suggestion: Amazon needs a history for one, nine days of serving at best: campaign {}"
)
MISSED = tuple(
    f"estimatedMissed{what}{end}" for what in ("Sales", "Clicks", "Impressions") for end in ("Lower", "Upper")
)
RULE = {
    "ruleId": "ruleId",
    "ruleName": "ruleName",
    "suggestedBudgetIncreasePercent": "suggestedBudgetIncreasePercent",
}
Campaigns = Annotated[
    list[Id] | None,
    BeforeValidator(lambda value: None if value is None else id_list(value)),
    Field(
        exclude=True,
        min_length=1,
        max_length=MOST_CAMPAIGNS,
        examples=[["120000000000001"]],
        description=f"Up to {MOST_CAMPAIGNS}; without it, all that are ENABLED.",
    ),
]


class CampaignBudgets(AmazonRead):
    """A read about campaigns, 100 in a request; each row and each error is told by its place in the call.

    Where the call names none they are all that are ENABLED, and the rows with most of `worst` come first.
    """

    campaign_id: Campaigns = None

    subject, many, spooled, reused = "campaign_id", True, True, False
    failed: ClassVar[str]
    worst: ClassVar[str]

    def columns(self) -> tuple[str, ...]:
        """Names take another request where the call has the ids, and are left out unless asked for."""
        plain = self.campaign_id is not None and not self.fields
        return tuple(name for name in super().columns() if not (plain and name == NAME))

    @classmethod
    def indexed(cls) -> Iterable[str]:
        """Without the name, or whoever looks for a campaign by its name would find budgets."""
        return (column for column in super().indexed() if column != NAME)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        ids, said, names = self.campaign_id, list[str](), dict[str, str]()
        if ids is None:
            names, total = yield from self._enabled()
            ids = list(names)
            said = [NOT_ALL.format(len(ids), total)] if total > len(ids) else [] if ids else [NONE_ON]
        elif NAME in self.columns() or self.fields in ALL:
            names = yield from self._named(ids)
        rows, errors = yield from answered(ids, self._asked, self.records, self.failed, "campaign")
        if errors and not rows:
            raise errors[0]
        shown = [{**self.row(rows[at]), NAME: names.get(ids[at])} for at in sorted(rows)]
        said += self.remarks(shown)
        if isinstance(self, AsSent):
            shown = [rows[at] for at in sorted(rows)]
        elif self.campaign_id is None:
            shown.sort(
                key=lambda row: -1.0 if row[self.worst] is None else float(row[self.worst]), reverse=True
            )
        if self.campaign_id is None:
            said += [f"campaign {ids[at]}: {error}" for at, error in sorted(errors.items())]
            errors = {}
        failed = [told(at, errors[at]) for at in sorted(errors)]
        return Result(shown, {"warnings": said} if said else {}, failed, self.columns())

    def _enabled(self) -> Steps[tuple[dict[str, str], int]]:
        """The names of campaigns that are on, by id and up to the most, and how many there are in all."""
        found, total = yield from every_page(self._campaigns(state=["ENABLED"]), MOST_CAMPAIGNS)
        return _names(found), total

    def _named(self, ids: Sequence[str]) -> Steps[dict[str, str]]:
        """The names of these campaigns, whatever their state."""
        names = dict[str, str]()
        for first in range(0, len(ids), MOST_IDS):
            some = self._campaigns(state=STATES, campaign_id=ids[first : first + MOST_IDS])
            names |= _names((yield some.to_request())["campaigns"])
        return names

    def _campaigns(self, **wanted: Any) -> inside.Campaigns:
        named = {"profile_id": self.profile_id, "fields": ["campaignId", "name"]}
        return inside.Campaigns.model_validate({**named, **wanted})

    def _asked(self, ids: Sequence[str]) -> Request:
        return Request("POST", self.to_path(), body={"campaignIds": [*ids]}, headers=self.to_headers())

    def row(self, entry: Json) -> Json:
        """An entry of the answer as it is shown."""
        return entry

    def remarks(self, rows: list[Json]) -> Iterable[str]:  # noqa: ARG002
        """What is to be known of the rows."""
        return ()


class BudgetUsage(CampaignBudgets):
    """Read how much of today's budget is spent, in percent: 100 is out of budget.

    Without campaign_id: all ENABLED campaigns, the fullest first. `budget` is today's, with what budget
    rules add.
    """

    http = vendor(POST, "/sp/campaigns/budget/usage", "spcampaignbudgetusage.v1")
    records, failed = "success", "error"
    worst = "budgetUsagePercent"
    known = lean = ("campaignId", NAME, "budget", worst, "usageUpdatedTimestamp")
    alike = {"name": NAME, "usage": "budgetUsagePercent", "id": "campaignId"}
    said = "out of budget, which run out today, budget pacing, how much of the budget is spent today"

    def row(self, entry: Json) -> Json:
        at = entry.get("usageUpdatedTimestamp") or entry.get("lastUpdatedDate")
        return {**entry, "usageUpdatedTimestamp": at}

    def kinds(self) -> Mapping[str, Column]:
        own = {"budget": Column("money"), "budgetUsagePercent": Column("percent")}
        return {"campaignId": ID, NAME: TEXT, **own, "usageUpdatedTimestamp": Column("date")}


class BudgetRecommendations(CampaignBudgets):
    """Read the daily budgets Amazon suggests, and what campaigns missed in seven days for want of budget.

    Without campaign_id: all ENABLED campaigns, those that missed most first. `percentTimeInBudget` is
    the share of that time in which there was budget left, in percent.
    """

    http = vendor(POST, "/sp/campaigns/budgetRecommendations", "budgetrecommendation.v3")
    records, failed = "budgetRecommendationsSuccessResults", "budgetRecommendationsErrorResults"
    worst = MISSED[1]
    lean = ("campaignId", NAME, "suggestedBudget", "percentTimeInBudget", *MISSED[:4])
    known = (*lean, *MISSED[4:], "startDate", "endDate", *RULE)
    alike = {"id": "campaignId", "name": NAME, "budget": "suggestedBudget"}
    said = "suggested budget, missed sales, missed clicks, lost impressions due to budget"

    def row(self, entry: Json) -> Json:
        missed, rule = entry.get("sevenDaysMissedOpportunities") or {}, entry.get("budgetRuleRecommendation")
        share = missed.get("percentTimeInBudget")
        days = {name: day_of(missed.get(name)) for name in ("startDate", "endDate")}
        return {
            **{name: entry.get(name) for name in ("campaignId", "suggestedBudget")},
            "percentTimeInBudget": None if share is None else round(share * 100, 2),
            **{name: missed.get(name) for name in MISSED},
            **days,
            **{name: dig(rule, at) for name, at in RULE.items()},
        }

    def remarks(self, rows: list[Json]) -> Iterable[str]:
        none = [str(row["campaignId"]) for row in rows if row["suggestedBudget"] is None]
        if none:
            yield NOT_ENOUGH.format(len(none), ", ".join(none[:5]))

    def kinds(self) -> Mapping[str, Column]:
        money = dict.fromkeys(("suggestedBudget", *MISSED[:2]), Column("money"))
        percents = ("percentTimeInBudget", "suggestedBudgetIncreasePercent")
        counts = dict.fromkeys(MISSED[2:], Column("count"))
        return {"campaignId": ID, NAME: TEXT, **money, **counts, **dict.fromkeys(percents, Column("percent"))}


def _names(campaigns: Iterable[Json]) -> dict[str, str]:
    return {str(found["campaignId"]): str(found.get("name") or "") for found in campaigns}
