"""Leads: what people wrote into a lead form. Answers about people are private: see `Action.private`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, timedelta
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.connectors.facebook_marketing import names
from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import GraphRead, Id
from mcp_ads.core import GET, OBJECT, Account, Entity
from mcp_ads.core.days import day_of, moment_of

from .base import AsPage, Reader

GIVEN, REST = "field_data", "answers"
USUAL = ("full_name", "email", "phone_number")
ANSWERS = (*USUAL, REST)
KNOWN = frozenset({
    *ANSWERS, "first_name", "last_name", "work_email", "work_phone_number", "street_address", "city", "state",
    "province", "country", "post_code", "zip_code", "date_of_birth", "gender", "marital_status",
    "relationship_status", "education_level", "military_status", "company_name", "job_title", "website",
})  # fmt: skip
"""What Facebook calls the answers to its own questions."""
LEAN = ("id", "created_time", "ad_id", "platform", "is_organic", GIVEN)
MORE = ("ad_name", "adset_id", "campaign_id", "form_id", "custom_disclaimer_responses")
NOT_KEPT = "leads older than about 90 days, which Facebook does not keep"
_EPOCH = re.compile(r"[12]\d{9}", re.ASCII)
STRAYS = "leads of a form may come from ads of any account: list those of an ad, by ad_id"


def _spread(fields: list[str] | None) -> list[str] | None:
    """Facebook's one field of all answers, as the columns they are shown in."""
    return fields and list(dict.fromkeys(name for field in fields for name in _columns_of(field)))


def _columns_of(field: str) -> tuple[str, ...]:
    if field.startswith(f"{GIVEN}."):
        key = field.removeprefix(f"{GIVEN}.")
        return (key if key in KNOWN else f"{REST}.{key}",)
    return ANSWERS if field == GIVEN else (field,)


def _moment(value: Any) -> str:
    """A day, a time or seconds since 1970, as text. Raises ValueError."""
    text = str(value).strip()
    if _EPOCH.fullmatch(text):
        return text
    try:
        moment_of(text)
    except ValueError:
        raise ValueError("write a day (2026-11-01), or a time with its offset") from None
    return text


When = Annotated[
    str | None, BeforeValidator(lambda value: value if value is None else _moment(value)), Field(exclude=True)
]
Since = Annotated[When, Field(description="Made on this day (UTC) or later; or a time with its offset.")]
Until = Annotated[When, Field(description="Made on this day (UTC) at the latest; or before a time.")]
LeadFields = Annotated[
    list[str] | None,
    AfterValidator(_spread),
    Field(
        exclude=True,
        description="Answers are hidden unless named: email, phone_number, full_name, answers (all others "
        "as JSON), or answers.<key of a question>.",
    ),
]


class LeadRead(AsPage, GraphRead):
    """Shows answers as columns of their own; everything that people wrote is hidden unless asked for."""

    fields: LeadFields = None
    page_id: Reader = None

    node, whose, private, contacts = "Lead", OBJECT, True, (*ANSWERS, *sorted(KNOWN.difference(ANSWERS)))

    def columns(self) -> tuple[str, ...]:
        return tuple(self.fields or _spread(list(self.lean)) or ())

    def words(self) -> Mapping[str, str]:
        """An answer by Facebook's field of all of them is the column it is shown in."""
        return {**super().words(), GIVEN: REST, **{f"{GIVEN}.{key}": key for key in sorted(KNOWN)}}

    def mistakes(self) -> Iterable[str]:
        asked = (name for name in self.fields or () if not _is_answer(name))
        yield from names.mistakes(asked, names.readable(self.node) | KNOWN)

    def to_query(self) -> Mapping[str, Any]:
        wanted = dict.fromkeys(GIVEN if _is_answer(name) else name for name in self.columns())
        return {**super().to_query(), "fields": ",".join(wanted)}

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:  # noqa: ARG002
        given = _given(record)
        rest = {key: value for key, value in given.items() if key not in USUAL}
        answers = {**given, **{f"{REST}.{key}": value for key, value in given.items()}, REST: rest or None}
        return {
            name: answers.get(name) if _is_answer(name) else record.get(names.column_name(name))
            for name in self.columns()
        }

    def filed(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        """With each answer in a column of its own."""
        row = self.to_row(record, account)
        rest = row.pop(REST, None) or {}
        return row | {key if key not in row else f"{REST}.{key}": value for key, value in rest.items()}

    def strays_from_nobodys(self) -> Iterable[str]:
        yield STRAYS


class ListLeads(LeadRead):
    """List the leads of a form or an ad. What people wrote is hidden unless fields names it.

    Needs the permission leads_retrieval.
    """

    said = "leads, contacts, prospects, form responses, submissions, lead download, export leads, crm"

    form_id: Annotated[Id | None, Field(exclude=True)] = None
    ad_id: Annotated[Id | None, Field(exclude=True)] = None
    since: Since = None
    until: Until = None

    http, sample = GET("/{form_id}/leads"), {"form_id": "120250000000000001"}
    pages, records, lean = CURSOR, "data", LEAN
    aliases = {"lead_form_id": "form_id", "start_date": "since", "end_date": "until"}

    @model_validator(mode="after")
    def _of_one(self) -> Self:
        if bool(self.form_id) is bool(self.ad_id):
            raise ValueError("form_id: give it or ad_id, and not both")
        if self.since and self.until and _seconds(self.since) >= _seconds(self.until, last=True):
            raise ValueError("since: it is not before until")
        return self

    def about(self, param: str) -> tuple[str, list[str]]:  # noqa: ARG002
        return "", [str(self.ad_id or self.form_id)]

    def strays(self) -> Iterable[str]:
        return (STRAYS,) if self.form_id else ()

    def to_path(self) -> str:
        return f"/{self.ad_id or self.form_id}/leads"

    def to_query(self) -> Mapping[str, Any]:
        first, last = self.since and _seconds(self.since), self.until and _seconds(self.until, last=True)
        ends = [*_end("GREATER_THAN_OR_EQUAL", first), *_end("LESS_THAN", last)]
        return {**super().to_query(), **({"filtering": ends} if ends else {})}

    def left_out(self) -> str:
        return NOT_KEPT


class GetLead(LeadRead):
    """Read one lead. What the person wrote is hidden unless fields names it."""

    lead_id: Annotated[Id, Field(examples=["120260000000000001"])]

    http, subject, lean = GET("/{lead_id}"), "lead_id", (*LEAN[:-1], *MORE, GIVEN)


def _is_answer(name: str) -> bool:
    return name in KNOWN or name.startswith(f"{REST}.")


def _given(record: Mapping[str, Any]) -> dict[str, str]:
    """The answers of a lead by the keys of their questions; several to one question side by side."""
    found = record.get(GIVEN)
    entries = [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []
    return {str(entry.get("name")): _joined(entry.get("values")) for entry in entries}


def _joined(values: Any) -> str:
    return "; ".join(map(str, values)) if isinstance(values, list) else str(values or "")


def _seconds(text: str, *, last: bool = False) -> int:
    """A moment as Facebook filters by it; of a `last` day its end. A time without an offset is UTC."""
    if _EPOCH.fullmatch(text):
        return int(text)
    moment = moment_of(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return int((moment + timedelta(days=1 if last and _is_day(text) else 0)).timestamp())


def _end(operator: str, seconds: int | str | None) -> list[dict[str, Any]]:
    return [{"field": "time_created", "operator": operator, "value": seconds}] if seconds else []


def _is_day(text: str) -> bool:
    try:
        return bool(day_of(text))
    except ValueError:
        return False


leads = Entity(list=ListLeads, get=GetLead)
