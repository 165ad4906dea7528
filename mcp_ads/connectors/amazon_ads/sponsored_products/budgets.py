"""How far campaigns are through today's budget, and what Amazon would give them.

Sources: Amazon's SponsoredProducts.json, operations spCampaignsBudgetUsage and getBudgetRecommendations;
its guides to budget usage and to budget recommendations.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.filters import listed
from mcp_ads.connectors.amazon_ads.fixes import ITEM_FIXES
from mcp_ads.connectors.amazon_ads.items import CODE_KINDS, SENTENCES
from mcp_ads.connectors.amazon_ads.types import MOST_IDS, STATES, AmazonRead, Id, Json
from mcp_ads.core import ID, POST, TEXT, Column, Context, Flow, Request, Result, dig
from mcp_ads.core.record_fields import ALL
from mcp_ads.core.synonyms import cut
from mcp_ads.errors import ApiError, PlatformDown, Rejected

from .base import routes
from .raises import day_of

LIST = routes("campaigns", "spCampaign").list
MOST_CAMPAIGNS, PAGE = 1000, 500
NAME = "campaignName"
NONE_ON = "no campaign of this profile is ENABLED; campaign_id names paused or archived ones"
NOT_ALL = "only {} of the {} ENABLED campaigns were looked at; campaign_id names others"
UNTOLD = "the answer does not say what became of this campaign"
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
    BeforeValidator(lambda value: _one_or_many(listed(value))),
    Field(
        exclude=True,
        min_length=1,
        max_length=MOST_CAMPAIGNS,
        examples=[["120000000000001"]],
        description=f"Up to {MOST_CAMPAIGNS}; without it, all that are ENABLED.",
    ),
]


def _one_or_many(value: Any) -> Any:
    """An id, several between commas, or a list."""
    given = value.split(",") if isinstance(value, str) else value
    if given is None:
        return None
    return [str(one).strip() for one in given] if isinstance(given, list) else [str(given)]


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
        rows, errors = yield from self._answers(ids)
        if errors and not rows:
            raise errors[0]
        shown = [{**rows[at], NAME: names.get(ids[at])} for at in sorted(rows)]
        said += self.remarks(shown)
        if self.campaign_id is None:
            shown.sort(
                key=lambda row: -1.0 if row[self.worst] is None else float(row[self.worst]), reverse=True
            )
            said += [f"campaign {ids[at]}: {error}" for at, error in sorted(errors.items())]
            errors = {}
        told = [_told(at, errors[at]) for at in sorted(errors)]
        return Result(shown, {"warnings": said} if said else {}, told, self.columns())

    def _enabled(self) -> Generator[Request, Any, tuple[dict[str, str], int]]:
        """The names of campaigns that are on, by id and up to the most, and how many there are in all."""
        names, token, total = dict[str, str](), "", 0
        while len(names) < MOST_CAMPAIGNS:
            body = {"stateFilter": {"include": ["ENABLED"]}, "maxResults": PAGE}
            answer = yield self._list(body | ({"nextToken": token} if token else {}))
            names |= _names(answer)
            total = max(total, len(names), int(answer.get("totalResults") or 0))
            if not (token := answer.get("nextToken") or ""):
                break
        return names, max(total, len(names) + bool(token))

    def _named(self, ids: Sequence[str]) -> Generator[Request, Any, dict[str, str]]:
        """The names of these campaigns, whatever their state."""
        names = dict[str, str]()
        for first in range(0, len(ids), MOST_IDS):
            some = {"campaignIdFilter": {"include": ids[first : first + MOST_IDS]}}
            names |= _names((yield self._list({**some, "stateFilter": {"include": STATES}})))
        return names

    def _list(self, body: Json) -> Request:
        return Request("POST", LIST.path, body=body, headers={**self.to_headers(), **LIST.headers})

    def _answers(
        self, named: Sequence[str]
    ) -> Generator[Request, Any, tuple[dict[int, Json], dict[int, ApiError]]]:
        """Rows and errors by their places; a request that fails is an error of each of its campaigns."""
        rows, errors = dict[int, Json](), dict[int, ApiError]()
        for first in range(0, len(named), MOST_IDS):
            ids = named[first : first + MOST_IDS]
            body = {"campaignIds": ids}
            try:
                answer = yield Request("POST", self.to_path(), body=body, headers=self.to_headers())
            except ApiError as error:
                errors |= dict.fromkeys(range(first, first + len(ids)), error)
                continue
            rows |= {first + at: self.row(entry) for at, entry in _entries(answer, self.records, len(ids))}
            lost = dict.fromkeys(range(first, first + len(ids)), PlatformDown(UNTOLD))
            told = {first + at: _error(entry) for at, entry in _entries(answer, self.failed, len(ids))}
            errors |= {at: error for at, error in (lost | told).items() if at not in rows}
        return rows, errors

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


def _names(answer: Json) -> dict[str, str]:
    return {str(found["campaignId"]): str(found.get("name") or "") for found in answer["campaigns"]}


def _entries(answer: Any, name: str, most: int) -> Iterator[tuple[int, Json]]:
    """The entries of a list in the answer, with their places in the request."""
    entries = answer.get(name) if isinstance(answer, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        at = entry.get("index") if isinstance(entry, dict) else None
        if isinstance(at, int | float) and not isinstance(at, bool) and 0 <= at < most:
            yield int(at), entry


def _error(entry: Json) -> ApiError:
    """Why there is nothing of a campaign; budget recommendations put it one level down."""
    inner = entry.get("Error") or entry
    code = str(inner.get("code") or "")
    kind = CODE_KINDS.get(code, Rejected)
    text, fix = (
        str(inner.get("details") or ""),
        ITEM_FIXES["NOT_FOUND"] if code in ("404", "NOT_FOUND") else "",
    )
    return kind(SENTENCES[kind], code=code, platform_text=text, fix=fix)


def _told(at: int, error: ApiError) -> Json:
    row = {"index": at, "code": type(error).__name__, "message": str(error), "fix": error.fix}
    row |= {"platform": error.code, "says": cut(error.platform_text)}
    return {name: value for name, value in row.items() if value not in ("", None)}
