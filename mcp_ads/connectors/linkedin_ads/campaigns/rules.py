"""What LinkedIn demands of campaign groups and campaigns, checked before anything is sent.

Values are by the record's names, from the call over what the object has. Where LinkedIn's own pages disagree,
the looser reading counts: LinkedIn refuses the rest itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from mcp_ads.connectors.linkedin_ads import schedule

Values = Mapping[str, Any]
Call = TypeVar("Call")
HOLDS = ("END_DATE_HOLD", "GROUP_STATUS_HOLD", "TOTAL_BUDGET_HOLD")
LIFTED = {"runSchedule": "END_DATE_HOLD", "totalBudget": "TOTAL_BUDGET_HOLD", "status": "STATUS_HOLD"}
"""What no longer holds an object once this of its own is changed."""
OVER = frozenset({"CANCELED", "CANCELLED", "PENDING_DELETION", "REMOVED"})
NEXT = {
    "DRAFT": frozenset({"ACTIVE", "PAUSED", "ARCHIVED"}),
    "ACTIVE": frozenset({"PAUSED", "ARCHIVED", "CANCELED", "PENDING_DELETION"}),
    "PAUSED": frozenset({"ACTIVE", "ARCHIVED", "CANCELED", "PENDING_DELETION"}),
    "COMPLETED": frozenset({"ACTIVE", "ARCHIVED"}),
    "ARCHIVED": frozenset({"ACTIVE", "PAUSED", "PENDING_DELETION"}),
}
FROZEN = {
    "type": "type",
    "objectiveType": "objective_type",
    "format": "format",
    "associatedEntity": "associated_entity",
    "campaignGroup": "campaign_group_id",
}


def total_needs_end(values: Values) -> Iterable[str]:
    if values.get("totalBudget") and not (values.get("runSchedule") or {}).get("end"):
        yield "run_schedule: total_budget needs an end"


def total_keeps_end(changes: Values, live: Values) -> Iterable[str]:
    """The same for a change of the one or the other, with the whole schedule as it will stand."""
    if changes.get("totalBudget") or "runSchedule" in changes:
        yield from total_needs_end({**live, **changes})


def budgets(campaign: Values, group: Values) -> Iterable[str]:
    """Mistakes in where the budget of a new campaign stands: on itself, or shared in its group."""
    daily, total = campaign.get("dailyBudget"), campaign.get("totalBudget")
    if campaign.get("type") == "DYNAMIC" and not (daily and total):
        yield "daily_budget: DYNAMIC campaigns need daily_budget and total_budget"
    elif not daily and not total and not group.get("budgetOptimization"):
        yield "daily_budget: missing; give daily_budget or total_budget"


def group_budgets(group: Values) -> Iterable[str]:
    """Mistakes in the budgets of a campaign group."""
    strategy = (group.get("budgetOptimization") or {}).get("budgetOptimizationStrategy")
    if group.get("dailyBudget") and strategy != "DYNAMIC":
        yield 'daily_budget: a group needs budget_optimization {"budgetOptimizationStrategy": "DYNAMIC"}'


def under_group(campaign: Values, group: Values) -> Iterable[str]:
    """Mistakes in a campaign for the group it is made in."""
    status, objective = group.get("status"), group.get("objectiveType")
    if status == "DRAFT" and campaign.get("status") != "DRAFT":
        yield "status: the campaign group is a DRAFT, so its campaigns are too; activate the group first"
    if status in OVER or status == "ARCHIVED":
        yield f"campaign_group_id: the group is {status}"
    if objective and campaign.get("objectiveType") != objective:
        yield f"objective_type: the campaign group's is {objective}"


def transition(live: Values, changes: Values) -> Iterable[str]:
    """Mistakes in a change for the status an object has."""
    before, after = live.get("status"), changes.get("status")
    if live.get("backfilled"):
        yield "it is the account's default group, which nobody can change"
    if before in OVER:
        yield f"it is {before}, and stays as it is"
    elif after and before and after != before and after not in NEXT.get(str(before), (after,)):
        possible = " or ".join(sorted(NEXT[str(before)]))
        yield f"{before} cannot become {after}; it can become {possible}"


def frozen(live: Values, changes: Values) -> Iterable[str]:
    """Mistakes in changes of what is fixed once a campaign is no draft."""
    if live.get("status") in (None, "DRAFT"):
        return
    for name in FROZEN.keys() & changes.keys():
        if name in live and live[name] != changes[name]:
            yield f"{FROZEN[name]}: fixed once the campaign is no draft; create a new campaign"


def start(changes: Values, live: Values, today: date) -> Iterable[str]:
    """Mistakes in when something starts; one that has passed cannot be set."""
    given, before = (schedule.start_of(values.get("runSchedule")) for values in (changes, live))
    if given is not None and given != before and schedule.has_passed(given, today):
        tomorrow = today + timedelta(days=1)
        yield f"run_schedule.start: {schedule.shown(given)} has passed; write {tomorrow} or later"


def stale_draft(changes: Values, live: Values, today: date) -> Iterable[str]:
    """A draft is checked whole at every change, its start too."""
    given, before = (schedule.start_of(values.get("runSchedule")) for values in (changes, live))
    if live.get("status") != "DRAFT" or given is not None or before is None:
        return
    if schedule.has_passed(before, today):
        tomorrow = today + timedelta(days=1)
        yield (
            f"run_schedule: the start of this draft, {schedule.shown(before)}, has passed; LinkedIn takes no "
            f'change without a new one in the same call: {{"start": "{tomorrow}"}}'
        )


def held(live: Values, level: str, changes: Values) -> str:
    """Why LinkedIn does not serve what is ACTIVE, until something else changes; empty when it may.

    `level` is what the object's own holds begin with; these may end with the changes.
    """
    lifted = {f"{level}_{hold}" for name, hold in LIFTED.items() if name in changes}
    states = (str(state) for state in live.get("servingStatuses") or ())
    holds = [state for state in states if state.endswith(HOLDS) and state not in lifted]
    return f"LinkedIn does not serve it now: {', '.join(holds)}" if holds else ""


def deliverable(campaign: Values) -> Iterable[str]:
    """Mistakes in a campaign that is to start delivering at once."""
    if campaign.get("status") != "ACTIVE":
        return
    if not campaign.get("targetingCriteria"):
        yield "targeting_criteria: needed to start ACTIVE"
    if campaign.get("optimizationTargetType") == "MAX_CONVERSION":
        yield "status: MAX_CONVERSION needs an associated conversion first; create it as DRAFT"


def group_after(changes: Values, live: Values) -> Iterable[str]:
    """Mistakes in a campaign group as a change would leave it, in what the change touches.

    `sets` have the whole schedule as it will stand.
    """
    after = {**live, **changes}
    yield from total_keeps_end(changes, live)
    if changes.get("dailyBudget") or "budgetOptimization" in changes:
        yield from group_budgets(after)


def raise_for(call: Call, *rules: Iterable[str]) -> Call:
    """The call itself when no rule finds a mistake; raises ValueError with a line for each."""
    if mistakes := [mistake for rule in rules for mistake in rule]:
        raise ValueError("\n".join(mistakes))
    return call
