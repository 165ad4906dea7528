"""A run: the reports that one call needs, by profile and by window, ordered and waited for together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.amazon_ads.types import Json, id_like
from mcp_ads.core import Context, Note, Progress, Recall, Recalled, Several, Wait
from mcp_ads.errors import ApiError, AuthError, NotFound, PlatformDown, RateLimited, Rejected

from . import whole_account, windows
from .order import ID, explained, order_name, order_request
from .steps import USUAL, Steps, status_of

DUPLICATE, UNAUTHORIZED = 425, 401
AT_ONCE = 2
"""Orders of one profile at a time: Amazon throttles the third in a minute."""
PAUSES = (0.5, 10.0, 10.0, 15.0, 30.0, 60.0)
THROTTLED, LONGEST = 30.0, 60.0
MISSES, TRIES = 3, 3
MOST_REASON = 6_000
"""Letters of a refusal that are kept: it may name all columns of a report."""
REUSED = 6 * 3600
"""Seconds for which a report that was ordered alike is taken instead of another."""
OVER = ("COMPLETED", "FAILED", "REFUSED")
ANOTHERS = "Amazon named the report of other days or of another profile for it"
PREFIX = "run_"
TAGS = tuple(whole_account.OF_SEVERAL)
GOES_ON = f"{USUAL}; this goes on without a new order: reports.run with"


ReportId = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_-]{8,64}$",
        examples=["0f9ecb0f-5cd8-4a36-a1f9-4a2c5d5a6a10"],
        description="Of a report, or run_… of reports.run.",
    ),
    id_like("[A-Za-z0-9_-]{8,64}", "reports.run and reports.create answer with it, a UUID or run_…"),
]


@dataclass
class Part:
    """One report of a run. `status` is Amazon's; REFUSED where it took no order, with the `reason`."""

    profile_id: str
    since: str
    until: str
    report_id: str = ""
    status: str = ""
    reason: str = ""
    tries: int = 0
    """Orders so far; what Amazon refused is never ordered again."""

    report: Json = field(default_factory=dict, repr=False)
    """Amazon's last answer about it, with the signed address of its file: it is written down nowhere."""
    age: float = 0.0
    """Seconds since it was ordered by an earlier call like this one."""

    @property
    def over(self) -> bool:
        return self.status in OVER

    def noted(self) -> Json:
        """What is kept of it between calls."""
        return {name: getattr(self, name) for name in KEPT}

    def met(self, report: Mapping[str, Any]) -> None:
        """Take over what Amazon says of it."""
        self.report, self.status = dict(report), str(report["status"])
        self.report_id = str(report["reportId"])
        self.reason = str(report.get("failureReason") or "") if self.status == "FAILED" else ""
        if self.status == "COMPLETED":
            self.since = str(report.get("startDate") or self.since)
            self.until = str(report.get("endDate") or self.until)

    def anew(self) -> None:
        """Have it ordered again."""
        self.report_id, self.status, self.reason, self.report, self.age = "", "", "", {}, 0.0


KEPT = tuple(part.name for part in fields(Part) if part.name not in ("report", "age"))


@dataclass
class Run:
    """The parts of a run, and what is ordered for each. `id` is empty where one report is all."""

    id: str
    order: Json
    parts: list[Part]
    whole: bool = False
    contexts: dict[str, Context] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    fresh: bool = False
    misses: int = 0

    @property
    def profiles(self) -> list[str]:
        return list(dict.fromkeys(part.profile_id for part in self.parts))

    def of(self, profile_id: str) -> list[Part]:
        """The parts of a profile."""
        return [part for part in self.parts if part.profile_id == profile_id]

    @property
    def open(self) -> list[Part]:
        return [part for part in self.parts if not part.over]

    @property
    def type(self) -> str:
        return str(self.order.get("configuration", {}).get("reportTypeId", ""))

    def region(self, part: Part) -> str:
        context = self.contexts.get(part.profile_id)
        return context.region if context else ""

    def body(self, part: Part) -> Json:
        """What is ordered for a part."""
        return {**self.order, "startDate": part.since, "endDate": part.until}

    def status(self, part: Part) -> Any:
        return status_of(part.report_id, part.profile_id, self.region(part))

    def note(self) -> Steps:
        """Write down how far it is, for later calls and processes; a single report under its own id."""
        if name := self.id or (self.parts[0].report_id if self.order else ""):
            kept = {"order": self.order, "whole": self.whole, "warnings": self.warnings}
            parts = [part.noted() for part in self.parts]
            yield Note(name, {**kept, "parts": parts}, self.parts[0].profile_id, (name,))

    def built(self, resume: Json, first: int = 0) -> Steps:
        """Order what is to be ordered, and look until all is over; pauses begin with the `first`."""
        for number in range(first, 10_000):
            ordered_before = [part for part in self.open if part.report_id]
            long = PAUSES[min(number, len(PAUSES)) - 1] >= PAUSES[1] if number else False
            refused = yield from self._ordered(patient=long)
            yield from self.note()
            throttled = max(refused, (yield from self.looked_at(ordered_before)))
            yield from self.note()
            if not self.open:
                return
            done = len(self.parts) - len(self.open)
            yield Progress(done + 1 - 1 / (number + 2), len(self.parts), self.told())
            pause = max(PAUSES[min(number, len(PAUSES) - 1)], throttled)
            yield Wait(min(pause, LONGEST), self._resume(resume), GOES_ON, self._so_far(refused))

    def _so_far(self, throttled: float) -> Json:
        """What an answer says before all is there; `throttled`: for so many seconds nothing is ordered."""
        days = [(part.report.get("startDate") or part.since, part.until) for part in self.parts]
        spans = f"{min(since for since, _ in days)}..{max(until for _, until in days)}"
        count, all_ = sum(not part.report_id for part in self.open), len(self.parts)
        said = f"Amazon throttles new reports (429): {count} of {all_} not ordered yet; "
        slow = [f"{said}call again in {throttled:.0f} s"] if throttled else []
        facts: Json = {"range": spans} if self.order else {}
        ordered = [str(part.report["createdAt"]) for part in self.parts if part.report.get("createdAt")]
        facts |= {"ordered": min(ordered)} if ordered else {}
        facts |= {"throttled": round(throttled)} if throttled and count == all_ else {}
        return {**facts, "warnings": [*slow, *self.warnings]}

    def looked_at(self, parts: Sequence[Part]) -> Steps:
        """Ask how far these are, at once; the pause Amazon wants. A 401 now and then is Amazon's."""
        answers = (yield Several([self.status(part) for part in parts])) if parts else []
        throttled = 0.0
        for part, answer in zip(parts, answers, strict=True):
            if not isinstance(answer, ApiError):
                part.met(answer)
            elif isinstance(answer, RateLimited):
                throttled = max(throttled, answer.retry_after)
            elif isinstance(answer, AuthError) and answer.status == UNAUTHORIZED and self.misses < MISSES:
                self.misses += 1
            elif isinstance(answer, NotFound) and (self.id or part.age):
                part.status, part.reason = "FAILED", "Amazon knows this report no longer"
            else:
                raise answer
            if part.age and part.status == "FAILED":
                part.anew()
                part.tries += 1
        return throttled

    def told(self) -> str:
        """How far it is, in a line."""
        counts = [part.status or "not ordered yet" for part in self.parts]
        states = ", ".join(f"{counts.count(state)} {state}" for state in dict.fromkeys(counts))
        return f"{self.type or 'report'}: {states}"

    def _ordered(self, *, patient: bool) -> Steps:
        """Order what may be now, a few of each profile at a time; the pause Amazon wants."""
        throttled = 0.0
        for profile_id in self.profiles:
            own = [part for part in self.open if part.profile_id == profile_id]
            room = AT_ONCE - (0 if patient else sum(bool(part.report_id) for part in own))
            for part in [part for part in own if not part.report_id][: max(room, 0)]:
                try:
                    yield from self._order(part)
                except RateLimited as error:
                    throttled = max(throttled, THROTTLED, error.retry_after)
                    break
        return throttled

    def _order(self, part: Part) -> Steps:
        """Order a part: a report that was ordered alike is taken, and one that is being built already."""
        name, known = order_name(part.profile_id, self.body(part)), None
        if not self.fresh and not part.tries:
            known = yield Recall(name)
        if isinstance(known, Recalled) and known.age < REUSED and (id_ := _id(known.facts)):
            part.report_id, part.age = id_, max(known.age, 1.0)
            yield from self.looked_at([part])
            if part.report_id:
                return
        part.tries += 1
        try:
            answer = yield order_request(part.profile_id, self.region(part), self.body(part))
        except PlatformDown as error:
            error.fix = (
                "call again as before: if Amazon took the order, it names that report, and builds no other"
            )
            raise
        except ApiError as error:
            yield from self._refused(part, error)
            return
        part.met(answer)
        if not self._is_anothers(part):
            yield Note(name, {"report_id": part.report_id}, part.profile_id, (part.report_id,))

    def _is_anothers(self, part: Part) -> bool:
        """Whether Amazon names the report of another part for this one: its rows would count twice."""
        if all(part.report_id != other.report_id for other in self.parts if other is not part):
            return False
        part.report_id, part.status, part.reason = "", "REFUSED", ANOTHERS
        return True

    def _refused(self, part: Part, error: ApiError) -> Steps:
        """Go on after a refusal that says how; one of several is kept as refused. Raises the error."""
        existing, retained = ID.search(error.platform_text), windows.retained_from(error.platform_text)
        if error.status == DUPLICATE and existing:
            part.report_id = existing[0]
            if self._is_anothers(part):
                return
            yield Note(
                order_name(part.profile_id, self.body(part)),
                {"report_id": part.report_id}, part.profile_id, (part.report_id,),
            )  # fmt: skip
            yield from self.looked_at([part])
        elif retained and date.fromisoformat(part.since) < retained <= date.fromisoformat(part.until):
            since, part.since = date.fromisoformat(part.since), retained.isoformat()
            self.warnings.append(windows.too_early(self.type, since, retained))
            yield from self._order(part)
        elif len(self.parts) == 1 or isinstance(error, RateLimited) or error.status == UNAUTHORIZED:
            part.tries -= isinstance(error, RateLimited)
            raise explained(error, self.type)
        else:
            part.status, part.reason = "REFUSED", (error.platform_text or str(error))[:MOST_REASON]
            part.tries = TRIES if isinstance(error, Rejected) else part.tries

    def _resume(self, resume: Json) -> Json:
        """The parameters of the call that goes on."""
        if not self.id and not self.parts[0].report_id:
            return {}
        known = {"report_id": self.id or self.parts[0].report_id, "profile_id": self.parts[0].profile_id}
        return {**known, **resume}


def failed(run: Run) -> Iterator[Part]:
    """The parts that ended without a file."""
    return (part for part in run.parts if part.status in ("FAILED", "REFUSED"))


def _id(facts: Mapping[str, Any]) -> str:
    found = facts.get("report_id")
    return found if isinstance(found, str) and ID.fullmatch(found) else ""
