"""What changing campaign groups and campaigns takes: a schedule, statuses that follow each other, patches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.linkedin_ads import schedule
from mcp_ads.connectors.linkedin_ads.bases import LinkedinWrite
from mcp_ads.connectors.linkedin_ads.patching import Patch, unpacked
from mcp_ads.connectors.linkedin_ads.types import RunSchedule
from mcp_ads.connectors.linkedin_ads.urns import urn
from mcp_ads.core import Context, Delete, Request
from mcp_ads.core.marks import Found
from mcp_ads.errors import InvalidParams

from . import rules

TAKES_BACK = "it is ARCHIVED, and delivers nothing: this takes it out of the archive"
Status = Literal["ACTIVE", "PAUSED", "ARCHIVED", "CANCELED"]


class ScheduledWrite(LinkedinWrite):
    """A write to what runs from a start to an end, in UTC."""

    begins, ends = "runSchedule.start", "runSchedule.end"
    rushed = ("pacingStrategy", "ACCELERATED")

    def sets(self) -> dict[str, Any]:
        """With the schedule as rows have it, for people to read."""
        given = self.sent()
        run = given.get("runSchedule")
        return given | ({"runSchedule": schedule.readable(run)} if run else {})

    def refused(self, live: Mapping[str, Any], today: date) -> Iterable[str]:
        """Mistakes that only show on the day, or against the object as it is."""
        yield from rules.start(self.sent(), live, today)

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call = super().settled(context, live)
        if mistakes := list(call.refused(live or {}, context.today)):
            raise InvalidParams("\n".join(mistakes))
        return call


class Create(ScheduledWrite):
    """Makes an object in the account; its id comes in a header."""

    does = "makes"

    @classmethod
    def removed_by(cls, made: Mapping[str, Any]) -> Sequence[str]:
        """A draft can be deleted; what has been switched on is kept for its numbers."""
        return ("delete",) if made.get("status") == "DRAFT" else ("archive",)

    def sent(self) -> dict[str, Any]:
        given = super().sent()
        return given | ({"runSchedule": schedule.given(run)} if (run := given.get("runSchedule")) else {})

    def to_body(self) -> Mapping[str, Any]:
        return {"account": urn("sponsoredAccount", self.account_id), **self.sent()}

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "name": [getattr(self, self.name_at)]}


class Change(ScheduledWrite):
    """Changes what is named and nothing else, by a partial update."""

    final = {"CANCELED": "LinkedIn leaves what is canceled as it is"}

    was: Annotated[str | None, Found(), Field(exclude=True)] = None

    level: ClassVar[str] = "CAMPAIGN"
    watch: ClassVar[tuple[str, ...]] = ("name", "status", "runSchedule")
    merges, moving = ("runSchedule",), ("servingStatuses",)

    def sets(self) -> dict[str, Any]:
        given = super().sets()
        return given | dict.fromkeys(given.pop("clear", ()))

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """With the state it was in: of what the same plan makes, the undo is that of making it."""
        call, made_here = super().settled(context, live), str(getattr(self, self.subject)).startswith("@")
        known = bool(live and live.get("status")) and not made_here
        return call.model_copy(update={"was": live["status"]}) if live and known else call

    def lasting(self) -> str:
        after = self.sets().get("status")
        stays = after in (None, self.was) or self.was is None or self.was in rules.NEXT.get(after, ())
        back = "" if stays else f"it is {self.was}, and will never be that again"
        return super().lasting() or back

    def to_body(self) -> Mapping[str, Any]:
        given = self.sent()
        run, gone = given.pop("runSchedule", None), given.pop("clear", None)
        parts = {"$set": given, "$delete": gone, "runSchedule": schedule.patch(run or {})}
        return {"patch": {name: part for name, part in parts.items() if part}}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return next(iter(rules.transition(live, self.sets())), "")

    def halted(self, live: Mapping[str, Any]) -> str:
        return rules.held(live, self.level, self.sets())


class Pause(Change):
    """Nothing else than switching delivery off."""

    status: Literal["PAUSED"] = "PAUSED"

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if live.get("status") == "ARCHIVED":
            yield TAKES_BACK


class Activate(Change):
    """Switching delivery on; a draft whose start has passed takes a new schedule along."""

    status: Literal["ACTIVE"] = "ACTIVE"
    run_schedule: RunSchedule | None = None


class Archive(Change):
    """Keeping an object for reports only; what was ACTIVE or PAUSED can be un-archived."""

    status: Literal["ARCHIVED"] = "ARCHIVED"


class Erase(Change, Delete):
    """Deleting an object: a draft is gone at once, LinkedIn removes others when they are marked for it."""

    irreversible = "LinkedIn brings nothing back that was deleted"

    def sent(self) -> dict[str, Any]:
        return {} if self.was == "DRAFT" else {"status": "PENDING_DELETION"}

    def to_request(self) -> Request:
        if self.was == "DRAFT":
            return Request("DELETE", self.to_path(), risk=self.risk)
        return super().to_request()

    def effect(self) -> str:
        return "deletes the draft at once" if self.was == "DRAFT" else ""

    def obstacle(self, live: Mapping[str, Any]) -> str:
        marked = {} if live.get("status") == "DRAFT" else {"status": "PENDING_DELETION"}
        return next(iter(rules.transition(live, marked)), "")

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if live.get("status") != "DRAFT":
            yield "it is no draft: LinkedIn marks it PENDING_DELETION and removes it later; archive keeps it"


class Update(Change):
    """A change that also takes Airbyte's patch, and removes fields."""

    cleared_by: ClassVar[Mapping[str, str]] = {"dailyBudget": "clear", "totalBudget": "clear"}

    patch: Annotated[Patch, Field(description='{"$set": {…}, "$delete": […]} is understood too.')] = None
    clear: Annotated[
        list[Literal["dailyBudget", "totalBudget"]] | None, Field(description="Budgets to remove.")
    ] = None

    def only_limits(self, live: Mapping[str, Any]) -> Collection[str]:
        """Beside a daily budget that stays, a total one ends what is spent and adds nothing."""
        daily = live.get("dailyBudget") and {**live, **self.sets()}.get("dailyBudget")
        return ("total_budget",) if daily else ()

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if "totalBudget" in (self.clear or ()) and live.get("totalBudget"):
            yield "without total_budget nothing limits any more what is spent in all"

    @model_validator(mode="before")
    @classmethod
    def _unpack(cls, given: Any) -> Any:
        """`patch` as the parameters it stands for, so that its money counts like theirs."""
        return schedule.open_ended(unpacked(cls, given, cls.merges))

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        given = self.sent()
        if not given:
            raise ValueError("nothing to change: give name, status, daily_budget, …")
        if twice := sorted(given.keys() & {*(self.clear or ())}):
            raise ValueError(f"clear: {', '.join(twice)} is set in the same call; do the one or the other")
        return self
