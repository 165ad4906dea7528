"""Duplicating a campaign: a DRAFT of what another one has, with its creatives if wanted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Annotated, Any, Self

from pydantic import Field

from mcp_ads.connectors.linkedin_ads import named, schedule
from mcp_ads.connectors.linkedin_ads.audiences import criteria
from mcp_ads.connectors.linkedin_ads.creatives.reads import ListCreatives
from mcp_ads.connectors.linkedin_ads.types import Bid, DailyBudget, Name, Object, RunSchedule, TotalBudget
from mcp_ads.connectors.linkedin_ads.urns import Urn, urn
from mcp_ads.core import POST, Action, Amount, Context, Flow, Leaves, Part, Request, Result, Shown, made_by
from mcp_ads.core.action import live_path, money_of
from mcp_ads.core.marks import Found
from mcp_ads.core.outline import filled, has_mark
from mcp_ads.errors import InvalidParams

from . import bidding, notices, rules, sizing
from .base import Create
from .campaign_base import DECLARED, TARGETING, Aimed, Political
from .reads import CAMPAIGNS, CampaignId

COPIED = (
    "type", "objectiveType", "format", "costType", "optimizationTargetType", "locale", TARGETING,
    "associatedEntity", "offsiteDeliveryEnabled", "offsitePreferences", "audienceExpansionEnabled",
    "storyDeliveryEnabled", "connectedTelevisionOnly", "politicalIntent", "creativeSelection",
    "pacingStrategy", "optimizationPreference",
)  # fmt: skip
MONEY = ("unitCost", "dailyBudget", "totalBudget")
SEEN = ("name", "status", "campaignGroup", TARGETING, "runSchedule", "pacingStrategy", *MONEY)
SUFFIX, LONGEST, MOST_CREATIVES = " (copy)", 255, 100
PUT_AWAY = ("ARCHIVED", "CANCELED", "CANCELLED", "PENDING_DELETION", "REMOVED")
OF_A_CREATIVE = ("id", "name", "content", "leadgenCallToAction")


class DuplicateCampaign(Create, Aimed):
    """Copy a campaign as a DRAFT, also into another campaign group; with `creatives` these as DRAFTs too.

    A start that has passed becomes tomorrow. Conversions are not associated with the copy.
    """

    campaign_id: CampaignId
    name: Annotated[Name | None, Field(description="Else the name it has, with (copy).")] = None
    campaign_group_id: Annotated[
        str | None,
        Urn("sponsoredCampaignGroup"),
        Field(alias="campaignGroup", description="Another group, to copy it into."),
    ] = None
    creatives: Annotated[bool, Field(exclude=True, description="Copy its creatives too, by reference.")] = (
        False
    )
    daily_budget: DailyBudget = None
    total_budget: TotalBudget = None
    unit_cost: Bid = None
    run_schedule: RunSchedule | None = None
    political_intent: Annotated[Political | None, Field(description=DECLARED)] = None
    source: Annotated[Object | None, Found(), Field(exclude=True)] = None
    ads: Annotated[list[Object] | None, Found(), Field(exclude=True)] = None

    http, belongs_to, said = POST(CAMPAIGNS), "campaign_id", "duplicate clone copy of a campaign, ad set"
    parents = {"campaign_group_id": "campaign_groups"}
    parent_fields = ("name", "status", "objectiveType", "budgetOptimization")

    def consults(self) -> tuple[str, str, tuple[str, ...]] | None:
        return (
            "campaigns",
            self.campaign_id,
            ("name", "status", "campaignGroup", "runSchedule", *COPIED, *MONEY),
        )

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        read = ListCreatives.model_construct(account_id=account, campaign_id=[self.campaign_id])
        given = ((self.daily_budget, "dailyBudget"), (self.unit_cost, "unitCost"))
        lower = any(sizing.is_lower(amount, live.get(wire)) for amount, wire in given)
        return {
            **named.asides(criteria.urns(live.get(TARGETING) or {}), account),
            **({"creatives": read} if self.creatives else {}),
            **(sizing.priced(account, live) if lower else {}),
        }

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """With what is copied, whose amounts, group and schedule are the copy's where no others are given."""
        if not live:
            return super().settled(context, live)
        known = {name: live[name] for name in COPIED if live.get(name) not in (None, "", {}, [])}
        update: dict[str, Any] = {"source": known, "name": self.name or f"{live.get('name', '')}{SUFFIX}"}
        if not self.campaign_group_id:
            update["campaign_group_id"] = str(live.get("campaignGroup") or "").rpartition(":")[2]
        if self.creatives:
            update["ads"] = _copied(live.get("creatives"))
        update |= {"run_schedule": self.runs(live, context.today), **self.inherited(live, context.currency)}
        call = super(DuplicateCampaign, self.model_copy(update=update)).settled(context, live)
        if mistakes := list(call.mistaken(live)):
            raise InvalidParams("\n".join(mistakes))
        return call

    def runs(self, live: Mapping[str, Any], today: date) -> dict[str, Any]:
        """As the other one runs: from tomorrow if that has begun, and without an end that is over."""
        kept = schedule.parse(live.get("runSchedule") or {"start": str(today)}) | (self.run_schedule or {})
        if "start" not in (self.run_schedule or {}) and schedule.has_passed(kept["start"], today):
            kept["start"] = schedule.midnight(today + timedelta(days=1))
        given = "end" in (self.run_schedule or {})
        over = isinstance(kept.get("end"), int) and kept["end"] <= kept["start"] and not given
        return {name: at for name, at in kept.items() if not (name == "end" and over)}

    def inherited(self, live: Mapping[str, Any], currency: str) -> dict[str, Any]:
        """The amounts of what is copied, by parameter."""
        kind = type(self)
        names = (name for name in money_of(kind) if getattr(self, name) is None)
        found = {
            name: money_of(kind)[name].major(live.get(live_path(kind, name)), currency) for name in names
        }
        return {
            name: Amount(amount, "exact", currency) for name, amount in found.items() if amount is not None
        }

    def mistaken(self, live: Mapping[str, Any]) -> Iterable[str]:
        """Why this campaign cannot be copied like this."""
        made = self.sent()
        if live.get("status") == "REMOVED":
            yield "campaign_id: it is REMOVED"
        if self.creatives and self.ads is None:
            yield "creatives: they could not be read now; call again, or leave them out"
        if len(self.ads or ()) > MOST_CREATIVES:
            yield f"creatives: at most {MOST_CREATIVES} go into one campaign"
        if len(str(self.name)) > LONGEST:
            yield f"name: the copy's would have more than {LONGEST} characters; give one"
        if has_mark([made, self.ads]):
            yield "a text in it reads like what a plan writes for an answer (<… of request 1>)"
        if "politicalIntent" not in made:
            yield "political_intent: the campaign has none; declare it for the copy"
        yield from rules.total_needs_end(made)
        if made.get("unitCost") != live.get("unitCost"):
            yield from bidding.rebid({"optimizationTargetType": "NONE", **made})
        yield from sizing.too_low(made, made, live)
        yield from notices.undeclared(made)

    def sent(self) -> dict[str, Any]:
        own = {name: value for name, value in super().sent().items() if name != "campaignId"}
        return {**(self.source or {}), **own, "status": "DRAFT"}

    def sets(self) -> dict[str, Any]:
        """What a person has to see of the copy; the rest is as the other one has it."""
        return {name: value for name, value in super().sets().items() if name in SEEN}

    def campaign(self, live: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - it is made of the other
        return self.sent()

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        group = parents["campaign_group_id"]
        yield from rules.budgets(self.sent(), group)
        yield from rules.under_group(self.sent(), group)

    def effect(self) -> str:
        along = f" with {len(self.ads)} creatives" if self.ads else ""
        return f"copies campaign {self.campaign_id}{along}"

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if (self.source or {}).get("objectiveType") == "WEBSITE_CONVERSION":
            yield "the copy has no conversion: associate one before it is activated"
        if self.ads:
            yield "several requests: when one fails, what those before it made is left, and named"

    def outline(self) -> tuple[Part, ...]:
        left = Leaves("campaign", "id", "campaigns", "campaign_id")
        first = Part(self.to_request(), "makes a DRAFT of what the other one has", ("id",), leaves=left)
        names = [ad.get("name") for ad in self.ads or ()]
        several = (names[: at + 1].count(name) for at, name in enumerate(names))
        return (first, *map(self.creative_part, self.ads or (), several))

    def creative_part(self, ad: Mapping[str, Any], alike: int) -> Part:
        """The request that shows in the copy what a creative of the other one shows; so many are `alike` in
        name by then.
        """
        body = {
            "campaign": urn("sponsoredCampaign", made_by(1, "id")),
            "intendedStatus": "DRAFT",
            **{name: ad[name] for name in OF_A_CREATIVE if name != "id" and ad.get(name)},
        }
        path = f"/adAccounts/{self.account_id}/creatives"
        left = Leaves("creative", "id", "creatives", "creative_id")
        line = f"copies creative {str(ad.get('id')).rpartition(':')[2]} into it"
        reads = {"campaign_id": [made_by(1, "id")]}
        count = str(alike) if alike > 1 else "one"
        named = json.dumps(ad["name"], ensure_ascii=False) if ad.get("name") else f"{count} without a name"
        times = f" {alike} times" if ad.get("name") and alike > 1 else ""
        shown = Shown("creatives", "list", reads, f"it lists {named}{times}")
        return Part(Request("POST", path, body=body, risk="write"), line, ("id",), leaves=left, shown=shown)

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        answers: list[Any] = []
        for part in self.outline():
            answers.append((yield filled(part.request, answers)))
        return Result({"id": answers[0].get("id"), "made": [answer.get("id") for answer in answers[1:]]})

    def remark(self, answer: Any) -> str:
        made = ", ".join(str(one).rpartition(":")[2] for one in answer.get("made") or ())
        return f"made: creatives {made}" if made else ""


def _copied(found: Any) -> list[Object] | None:
    """Of each creative that is not put away, what a copy takes."""
    if not isinstance(found, list):
        return None
    kept = (creative for creative in found if creative.get("intendedStatus") not in PUT_AWAY)
    return [{name: creative[name] for name in OF_A_CREATIVE if creative.get(name)} for creative in kept]
