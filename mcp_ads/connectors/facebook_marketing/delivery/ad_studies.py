"""Ad studies: A/B tests, whose cells of campaigns or ad sets each get a part of the audience."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import Field, PrivateAttr, model_validator

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.inside import studies
from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphRead, Id, Object, Time
from mcp_ads.core import GET, POST, Account, Context, Entity, via
from mcp_ads.core.owner import Inside
from mcp_ads.core.runs import run_of, with_offset
from mcp_ads.errors import InvalidParams

from . import ad_study_rules
from .ad_rule_money import minor, said
from .ad_study_cells import MOST_NAME, Comparison
from .ad_study_rules import KINDS

INSIDE = ",".join(["ad_ids", *(f"{kind}.limit(100){{id}}" for kind in KINDS)])
CELLS = {
    "cells": "cells.limit(150){id,name,treatment_percentage}",
    "objects": f"cells.limit(150){{id,{INSIDE}}}",
}
"""How what a study consists of is asked for: Facebook shows 25 of each, and of these no more than the id."""
LEAN = ("id", "name", "type", "start_time", "end_time")
MORE = (
    *LEAN, "cells", "description", "canceled_time", "created_time", "updated_time",
    "results_first_available_date",
)  # fmt: skip
TIMES = ("start_time", "end_time", "cooldown_start_time", "observation_end_time")
A_B = "SPLIT_TEST"


BusinessId = Annotated[
    str,
    Field(
        pattern=r"^([0-9]+|me)$",
        examples=["334455667788990"],
        description="`ad_accounts get` shows it with fields=[business]; me for an account without one.",
    ),
]


class StudyRead(GraphRead):
    """Reads studies; of its cells the names and how much of the audience they have."""

    node = "AdStudy"

    def to_query(self) -> Mapping[str, Any]:
        query = dict(super().to_query())
        names = [CELLS["cells"] if name == "cells" else name for name in query["fields"].split(",")]
        return {**query, "fields": ",".join(names)}

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        cells = record.get("cells")
        flat = {"cells": cells["data"]} if isinstance(cells, dict) and "data" in cells else {}
        return super().to_row({**record, **flat}, account)


class ListAdStudies(StudyRead):
    """List the A/B tests and other studies of one ad account."""

    account_id: AdAccountId
    impacting: Annotated[
        bool | None,
        Field(exclude=True, description="true: those of others too that touch it or anything in it."),
    ] = None

    http = GET("/act_{account_id}/ad_studies")
    pages, records, lean, said = CURSOR, "data", LEAN, "A/B test split test experiment lift creative test"

    def to_path(self) -> str:
        return f"/act_{self.account_id}/impacting_ad_studies" if self.impacting else super().to_path()


class ListUnderWay(ListAdStudies):
    """The studies that touch an account, with the objects in their cells: what plans look at."""

    def to_query(self) -> Mapping[str, Any]:
        names = ("id", "name", "type", *TIMES[:2], "canceled_time", CELLS["objects"])
        return {"fields": ",".join(names)}


class GetAdStudy(StudyRead):
    """Read one study, or several with a list of ids: its cells and when it runs."""

    study_id: Annotated[Id, Field(examples=["23851234567890123"])]

    http, whose = GET("/{study_id}"), via("business")
    subject, lean = "study_id", MORE

    def about(self, param: str) -> tuple[str, list[str]]:
        """A study says nothing of its account: the lists of accounts do."""
        return str(getattr(self, param, None) or ""), []

    def inside(self) -> Iterable[Inside]:
        return (Inside("study_id", self.study_id, studies),)


class CreateAdStudy(Comparison):
    """Create an A/B test of campaigns, ad sets, or whole accounts, or a test of ads (SPLIT_TEST_V2)."""

    business_id: BusinessId
    name: Annotated[str, Field(min_length=1, examples=["Broad or lookalike"])]
    start_time: Annotated[Time, Field(examples=["2099-03-01T00:00:00-0500"])]
    end_time: Annotated[Time, Field(examples=["2099-03-15T00:00:00-0500"])]
    type: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]+$")] = A_B
    description: str | None = None
    objectives: list[Object] | None = None
    confidence_level: Annotated[float | None, Field(gt=0, lt=1)] = None
    creative_test_config: Annotated[
        Object | None,
        Field(description='Of a test of ads: {"daily_budget": "20 USD"} or lifetime_budget_percentage.'),
    ] = None
    cooldown_start_time: Time = None
    observation_end_time: Time = None

    _currency: str = PrivateAttr("")

    http = POST("/{business_id}/ad_studies")

    @model_validator(mode="after")
    def _compares(self) -> Self:
        config = self.creative_test_config
        if mistakes := list(ad_study_rules.study(self.type, self.cells, config, *self._span())):
            raise ValueError("\n".join(mistakes))
        return self

    def _span(self) -> tuple[datetime | None, datetime | None]:
        run = run_of(self.start_time, self.end_time, "UTC")
        return run.begins, run.ends

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        call, zone = super().settled(context, live), context.account.timezone if context.account else "UTC"
        given = {name: value for name in TIMES if isinstance(value := getattr(self, name), str)}
        moments = {name: with_offset(value, zone, last="end" in name) for name, value in given.items()}
        config = dict(self.creative_test_config or {})
        try:
            config |= {n: minor(config[n], context.currency) for n in ("daily_budget",) if n in config}
        except ValueError as mistake:
            raise InvalidParams(f"creative_test_config.daily_budget: {mistake}") from None
        call = call.model_copy(update=moments | ({"creative_test_config": config} if config else {}))
        call._currency = context.currency  # noqa: SLF001 - the copy is its own
        return call

    def to_body(self) -> Mapping[str, Any]:
        """Times are numbers here; a test of ads cools down from its start, and is watched to its end."""
        body = self.sent()
        if self.type == ad_study_rules.OF_ADS:
            body = {"cooldown_start_time": self.start_time, "observation_end_time": self.end_time} | body
        known = {name: run_of(None, body[name], "UTC").ends for name in TIMES if name in body}
        return body | {name: int(at.timestamp()) for name, at in known.items() if at}

    def sets(self) -> dict[str, Any]:
        """What reading a study shows; its cells are read another way."""
        known = ("name", "type", "start_time", "end_time", "description")
        return {name: value for name, value in self.sent().items() if name in known}

    def spends(self) -> str:
        budget = (self.creative_test_config or {}).get("daily_budget")
        return f", and spends {said(budget, self._currency)} a day of its own" if budget else ""

    def obstacle(self, live: Mapping[str, Any]) -> str:
        if run_of(None, self.end_time, "UTC").over(datetime.now(UTC)):
            return f"end_time: {self.end_time} has passed"
        return super().obstacle(live)

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        if self.type not in ad_study_rules.TYPES:
            yield f"type {self.type} is none that is known here; Facebook decides"

    def spend_unknown(self) -> str:
        return "a test of ads spends a budget of its own" if self.creative_test_config else ""

    def lookup(self) -> Mapping[str, Any]:
        return {"account_id": self.account_id, "fields": ["id", "name", "created_time"]}


def running(study: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """For each object in a study that runs now, what a plan that touches it is to say."""
    run = run_of(study.get("start_time"), study.get("end_time"), "UTC")
    begun = run.begins is None or run.begins <= now
    if study.get("canceled_time") not in (None, "", 0, "0") or not begun or run.over(now):
        return {}
    what = "A/B test" if str(study.get("type")).startswith(A_B) else "study"
    until = f" until {run.ends.date()}" if run.ends else ""
    name = str(study.get("name"))[:MOST_NAME]
    line = f'inside the running {what} "{name}"{until}: changing it spoils the comparison'
    inside = [str(one) for cell in _rows(study.get("cells")) for one in _inside(cell)]
    return dict.fromkeys((one.removeprefix("act_") for one in inside), line)


def _inside(cell: Mapping[str, Any]) -> Iterable[Any]:
    ads = cell.get("ad_ids")
    yield from ads if isinstance(ads, list) else ()
    yield from (row.get("id") for kind in KINDS for row in _rows(cell.get(kind)))


def _rows(edge: Any) -> list[Mapping[str, Any]]:
    """The rows of an expanded edge."""
    rows = edge.get("data") if isinstance(edge, Mapping) else None
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


ad_studies = Entity(noun="study", list=ListAdStudies, get=GetAdStudy, create=CreateAdStudy)
