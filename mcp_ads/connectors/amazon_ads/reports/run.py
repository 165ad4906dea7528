"""Ordering, waiting and reading in one: the reports of a run, by profile and by window of days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from mcp_ads.connectors.amazon_ads.types import Json, SomeIds
from mcp_ads.core import Context, Contexts, Flow
from mcp_ads.errors import InvalidParams

from . import rows, whole_account, windows
from .catalogue import catalogue
from .listing import type_of
from .order import ALSO, ReportOrder, refuse, run_name
from .recalled import known_or_one, of_ordered
from .runs import TAGS, TRIES, Part, ReportId, Run, failed
from .steps import Steps

MOST_PROFILES = 20
LEAVE = "leave it out to read that, or leave report_id out to order another"
BY_CAMPAIGN = "rows are by campaign and placement; report_group_by account,campaignPlacement adds them up"

Profiles = Annotated[
    SomeIds,
    Field(
        exclude=True,
        examples=["3312345678901234"],
        description="Advertising profile, or several: rows then say profile_id and currency.",
    ),
]


class RunReport(ReportOrder):
    """Order a report, wait for it and read its rows; with report_id, go on with one ordered before.

    Longer ranges and several profiles are several reports, added up or in one table under one id, run_….
    """

    said = (
        "acos, roas, search term, negative keyword, asin, budget pacing, out of budget, new to brand, waste"
    )

    @classmethod
    def indexed(cls) -> tuple[str, ...]:
        kinds = catalogue().values()
        return (
            cls.said,
            *{column for kind in kinds for column in kind.columns},
            *(kind.name for kind in kinds),
        )

    sample = {"report_type": "spCampaigns"}

    profile_id: Profiles  # type: ignore[assignment]
    report_id: Annotated[ReportId | None, Field(exclude=True, description="Go on with this one.")] = None
    fresh: Annotated[
        bool, Field(exclude=True, description="Order anew, even if the same was ordered within 6 hours.")
    ] = False

    aliases = {**ALSO, "profile_ids": "profile_id"}
    spooled, resumed_alone, told_by = True, True, ("report_id",)

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if len(self.owners) > MOST_PROFILES:
            raise ValueError(f"profile_id: at most {MOST_PROFILES} profiles")
        return self if self.report_id else self.checked()

    @property
    def owners(self) -> tuple[str, ...]:
        """The profiles asked for."""
        given: Any = self.profile_id
        return tuple(dict.fromkeys(given)) if isinstance(given, list) else (given,)

    def about(self, param: str) -> tuple[str, list[str]]:
        """The first of several profiles; the others are looked up, and checked, before anything is sent."""
        return (self.owners[0], []) if param == "profile_id" else super().about(param)

    def unsure(self) -> list[str]:
        return [] if self.report_id else super().unsure()

    def columns(self) -> tuple[str, ...]:
        if self.report_id:
            return of_ordered(self.report_id, self.fields)
        tags = TAGS if len(self.owners) > 1 else [name for name in self.fields or () if name in TAGS]
        return tuple(dict.fromkeys([*tags, *self.asked(type_of(self.report_type))]))

    def asked(self, kind: Any) -> list[str]:
        named = [name for name in self.fields or () if name not in TAGS]
        plain = self.model_copy(update={"fields": named or None}) if named != (self.fields or []) else self
        return ReportOrder.asked(plain, kind)

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """The days of a report ordered before are its own, and so are those of each of several profiles."""
        if self.report_id and "time_range" not in self.model_fields_set:
            return self.model_copy(update={"time_range": None})
        if len(self.owners) > 1:
            return self
        call = super().settled(context, live)
        if call.time_range and not self.report_id:
            refuse(windows.mistakes(type_of(self.report_type), call.time_range.days, context.today))
        return call

    def flow(self, context: Context) -> Flow:
        if self.report_id:
            run = yield from known_or_one(self.report_id, self.owners, context)
            refuse(self._unlike(run, context) if run.order else ())
            for part in failed(run):
                if part.tries < TRIES and run.id:
                    part.anew()
        else:
            run = yield from self._begun(context)
        yield from run.built(self._resume(), first=1 if self.report_id else 0)
        refuse(self._unlike(run, context) if self.report_id else ())
        tagged = bool(self.report_id and run.id and self.fields)
        return (yield from rows.table(run, self, context, tagged=tagged, whole=self.whole))

    def earliest(self, today: date) -> date:
        return super().earliest(today) if self.report_type else today

    def _unlike(self, run: Run, context: Context) -> Iterable[str]:
        """What the call says otherwise than what was ordered before."""
        report = run.parts[0].report
        had = run.order.get("configuration") or report.get("configuration") or {}
        groups = had.get("groupBy") or []
        usual = groups if self.whole and groups[:1] == [whole_account.CAMPAIGN] else [whole_account.CAMPAIGN]
        ordered = {
            "report_type": had.get("reportTypeId"), "time_unit": had.get("timeUnit"),
            "filters": had.get("filters"), "name": run.order.get("name") or report.get("name"),
            "report_group_by": groups,
        }  # fmt: skip
        said = {name: getattr(self, name) for name in ordered if name in self.model_fields_set}
        if said.get("report_group_by"):
            others = [group for group in said["report_group_by"] if group != whole_account.ACCOUNT]
            said["report_group_by"] = others or usual
        for name, value in said.items():
            if value is not None and value != ordered[name]:
                yield f"{name}: {self.report_id} was ordered with {ordered[name]}; {LEAVE}"
        if self.fresh:
            yield f"fresh: orders anew; {LEAVE}"
        kind, own = catalogue().get(str(ordered["report_type"])), run.of(self.owners[0])
        if self.time_range and kind and own:
            days, _ = windows.clamped(kind, self.time_range.days, context.today)
            had_days = (min(part.since for part in own), max(part.until for part in own))
            if (str(days[0]), str(days[1])) != had_days:
                yield f"time_range: {self.report_id} is of {had_days[0]}..{had_days[1]}; {LEAVE}"

    def _begun(self, context: Context) -> Steps:
        """A new run: a part for each profile and each window of its days, in its own time zone."""
        kind, contexts = type_of(self.report_type), [context]
        if len(self.owners) > 1:
            contexts = yield Contexts(self.owners)
        parts, warnings = list[Part](), self.unsure_of()
        for owner, known in zip(self.owners, contexts, strict=True):
            days, early = windows.clamped(kind, self._days(known), known.today)
            warnings += [early] if early and early not in warnings else []
            parts += [
                Part(owner, str(since), str(until)) for since, until in windows.windows(days, kind.max_days)
            ]
        if whole_account.BY_PLACEMENT in self.groups(kind) and not self.whole:
            warnings.append(BY_CAMPAIGN)
        configuration = self.configuration()
        if len(parts) > len(self.owners) and self.time_unit == "SUMMARY" and not self.whole:
            told = kind.identity(self.groups(kind))
            configuration["columns"] = list(dict.fromkeys([*configuration["columns"], *told]))
        order = {"configuration": configuration, **({"name": self.name} if self.name else {})}
        spans = [[part.profile_id, part.since, part.until] for part in parts]
        asked = [configuration, spans, *([whole_account.ACCOUNT] if self.whole else [])]
        id_ = run_name(asked) if len(parts) > 1 else ""
        named = dict(zip(self.owners, contexts, strict=True))
        return Run(id_, order, parts, self.whole, named, warnings, self.fresh)

    def _days(self, context: Context) -> windows.Days:
        """The days asked for as they are in a profile's time zone. Raises InvalidParams."""
        assert self.time_range
        try:
            days = self.time_range.settle(context.today, self.earliest(context.today)).days
        except ValueError as mistake:
            raise InvalidParams(f"time_range: {mistake}") from None
        refuse(windows.mistakes(type_of(self.report_type), days, context.today))
        return days

    def _resume(self) -> Json:
        """What the call that goes on has to say beside the id."""
        groups = {"report_group_by": ",".join(self.report_group_by or ())} if self.whole else {}
        named = self.fields if self.report_id else self.columns()
        return {**groups, **({"fields": ",".join(named or ())} if self.fields else {})}
