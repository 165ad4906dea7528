"""Lead form responses: what people wrote into a form. Answers about people are private: `Action.private`."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from mcp_ads.connectors.linkedin_ads import schedule
from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead
from mcp_ads.connectors.linkedin_ads.dialect import FINDER, OFFSET
from mcp_ads.connectors.linkedin_ads.urns import Urn, tail
from mcp_ads.core import GET, Account, Entity
from mcp_ads.core.dates import GRAMMAR, Span, parse
from mcp_ads.core.record_fields import ALL, resolved

from . import answers
from .lead_forms import FormId
from .owners import OneOwned, Owned

REST = "answers"
CONTACTS = (*dict.fromkeys(answers.USUAL.values()), REST)
USUAL = ("first_name", "last_name", "email", REST)
FACTS = ("id", "submittedAt", "campaign_id", "form_id", "test")
LEAN = (*FACTS, *USUAL)
MORE = (
    *FACTS,
    "form_version",
    "form_name",
    "leadType",
    "creative_id",
    "hidden_fields",
    "consents",
    *CONTACTS,
)
KNOWN = (*dict.fromkeys([*LEAN, *MORE]), "answers.*", "submitter", "owner")
DECORATED = (
    "ownerInfo,associatedEntityInfo,leadMetadataInfo,owner,associatedEntity,leadMetadata,submitter,leadType,"
    "versionedLeadGenFormUrn,id,submittedAt,testLead,formResponse,"
    "form:(hiddenFields,creationLocale,name,id,content)"
)
"""The response, and beside it the form as it was when it was filled in."""
DAY_MS = 86_400_000
_MOMENTS = re.compile(r"\(start:[0-9]+(,end:[0-9]+)?\)", re.ASCII)
KEPT_DAYS = 365
NOT_KEPT = f"LinkedIn keeps a response for {KEPT_DAYS} days"
WORDS = {
    "created": "submittedAt",
    "submitted": "submittedAt",
    "test_lead": "test",
    "phone_number": "phone",
    "company_name": "company",
    "full_name": "first_name",
}


def _type(value: Any) -> Any:
    """Also as LinkedIn's record of it, (leadType:SPONSORED)."""
    if isinstance(value, dict) and value.keys() == {"leadType"}:
        return value["leadType"]
    return value.strip("()").rpartition(":")[2] if isinstance(value, str) and value.startswith("(") else value


def _days(value: Any) -> Any:
    """Also LinkedIn's own (start:1764547200000,end:1764633600000), where these are whole days."""
    spelled = isinstance(value, str) and _MOMENTS.fullmatch("".join(value.split()))
    given = dict(part.split(":") for part in spelled[0][1:-1].split(",")) if spelled else value
    named = isinstance(given, dict) and {"start"} <= given.keys() <= {"start", "end"}
    if not named or not all(str(end).isdecimal() for end in given.values()):
        try:
            return None if value is None else parse(value)
        except ValueError:  # which repeats what was written
            raise ValueError(f"write {GRAMMAR}") from None
    start, end = int(given["start"]), int(given.get("end", 0))
    if start % DAY_MS or (end and end % DAY_MS not in (0, DAY_MS - 1)):
        raise ValueError("milliseconds have to be midnights in UTC; or write days, such as last_30d")
    return {"since": schedule.shown(start), "until": schedule.shown(end - 1)[:10] if end else "today"}


def _by_column(fields: list[str] | None) -> list[str] | None:
    """Columns by their own names, so that the hidden ones are told from those that were named."""
    return fields if fields is None or fields in ALL else resolved(fields, KNOWN, WORDS)


ResponseFields = Annotated[
    list[str] | None,
    AfterValidator(_by_column),
    Field(
        exclude=True,
        description="Answers are hidden unless named: email, first_name, phone, answers (all others as "
        "JSON), or answers.<name of a question>.",
    ),
]


ResponseId = Annotated[
    str,
    BeforeValidator(lambda value: str(value).strip().removeprefix("urn:li:leadGenFormResponse:")),
    Field(pattern=r"^[A-Za-z0-9_-]{1,100}$", examples=["a9a29e52-c0a3-42e3-8af1-2fc83b697003-4"]),
]


class ResponseRow(LinkedinRead):
    """Shows answers as columns of their own; all that people wrote is hidden unless asked for.

    `answers` has those to the other questions, answers.<name> one of them. Times are UTC.
    """

    fields: ResponseFields = None

    private, contacts, known, alike = True, (*CONTACTS, "submitter"), KNOWN, WORDS

    def columns(self) -> tuple[str, ...]:
        return tuple(self.fields or self.lean) if self.fields not in ALL else MORE

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:  # noqa: ARG002
        found = self._told(record)
        return {name: found.get(name) for name in self.columns()}

    def _told(self, record: dict[str, Any]) -> dict[str, Any]:
        """All that there is of a response, by columns."""
        given, form = answers.given(record), record.get("form") or {}
        rest = {name: text for name, text in given.items() if name not in CONTACTS}
        version = answers.VERSIONED.fullmatch(str(record.get("versionedLeadGenFormUrn")))
        sponsored = (record.get("leadMetadata") or {}).get("sponsoredLeadMetadata") or {}
        hidden = {str(one.get("name")): one.get("value") for one in form.get("hiddenFields") or ()}
        return {
            **{name: record.get(name) for name in ("id", "leadType", "owner", "submitter")},
            "submittedAt": schedule.shown(record.get("submittedAt")),
            "campaign_id": tail(sponsored.get("campaign") or ""),
            "creative_id": tail((record.get("associatedEntity") or {}).get("associatedCreative") or ""),
            "form_id": version[1] if version else None,
            "form_version": version[2] if version else None,
            "form_name": form.get("name"),
            "test": record.get("testLead"),
            "hidden_fields": hidden or None,
            "consents": answers.consents(record) or None,
            **{name: given.get(name) for name in CONTACTS},
            **{f"{REST}.{name}": text for name, text in given.items()},
            REST: rest or None,
        }

    def filed(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:  # noqa: ARG002
        """With each answer in a column of its own."""
        row = self._told(record)
        rest = row[REST] or {}
        usual = {name: row[name] for name in MORE if name != REST}
        return usual | {name if name not in usual else f"{REST}.{name}": text for name, text in rest.items()}


class FoundResponses(ResponseRow, Owned):
    """What responses are found by: their owner and sort, days, one version of a form."""

    q: Literal["owner"] = "owner"
    lead_type: Annotated[
        Literal["SPONSORED", "EVENT", "COMPANY", "ORGANIZATION_PRODUCT"],
        BeforeValidator(_type),
        Field(description="SPONSORED is from ads; the others are of a Page."),
    ] = "SPONSORED"
    submitted_at: Annotated[
        Span | None, BeforeValidator(_days), Field(description="Days in UTC, such as last_30d.")
    ] = None
    form_id: Annotated[FormId | None, Field(description="Of one form; form_version goes with it.")] = None
    form_version: Annotated[
        str | None,
        Field(
            pattern=r"^[0-9]{1,9}$", description="versionId of lead_forms; answers of others are left out."
        ),
    ] = None
    limited_to_test_leads: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _of_a_version(cls, given: Any) -> Any:
        """A form's URN may name the version too."""
        named = answers.VERSIONED.fullmatch(str(given.get("form_id"))) if isinstance(given, dict) else None
        return {"form_version": named[2], **given} if named else given

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if bool(self.form_id) is not bool(self.form_version):
            raise ValueError(
                "form_version: it goes with form_id, for LinkedIn finds by both; versionId of lead_forms"
            )
        if (self.lead_type == "SPONSORED") is bool(self.organization_id):
            raise ValueError("lead_type: SPONSORED is of an ad account, all others of organization_id")
        return self

    def to_query(self) -> Mapping[str, Any]:
        query: dict[str, Any] = {
            "q": "owner",
            "owner": self.owned_by(),
            "leadType": {"leadType": self.lead_type},
        }
        if self.limited_to_test_leads is not None:
            query["limitedToTestLeads"] = self.limited_to_test_leads
        if self.submitted_at and self.submitted_at.since:
            first, last = self.submitted_at.days
            end = schedule.midnight(last + timedelta(days=1))
            query["submittedAtTimeRange"] = {"start": schedule.midnight(first), "end": end}
        if self.form_id:
            form = Urn("leadGenForm").spell(self.form_id)
            query["versionedLeadGenFormUrn"] = f"urn:li:versionedLeadGenForm:({form},{self.form_version})"
        return query | {"fields": DECORATED}


class ListLeadFormResponses(FoundResponses):
    """List what people wrote into lead forms. It is hidden unless fields names it.

    Needs LinkedIn's Lead Sync API product.
    """

    said = "leads, contacts, prospects, submissions, lead download, export leads, crm, lead sync"

    http, pages, records, lean = FINDER("/leadFormResponses"), OFFSET, "elements", LEAN
    aliases = {
        **Owned.aliases,
        "lead_form_id": "form_id",
        "submitted_at_time_range": "submitted_at",
        "date_range": "submitted_at",
    }

    def left_out(self) -> str:
        """What is no longer there, of the days that are asked for."""
        since = self.submitted_at.since if self.submitted_at else None
        kept = since and since > datetime.now(UTC).date() - timedelta(days=KEPT_DAYS)
        return "" if kept else NOT_KEPT

    def told(self, records: Any) -> Mapping[str, Any]:
        tests = sum(bool(record.get("testLead")) for record in records)
        return {"warnings": [f"{tests} of these are test leads"]} if tests else {}


class GetLeadFormResponse(ResponseRow, OneOwned):
    """Read one lead form response. What the person wrote is hidden unless fields names it."""

    said = "one lead"

    response_id: ResponseId

    http, subject, lean = GET("/leadFormResponses/{response_id}"), "response_id", MORE
    aliases = {**Owned.aliases, "lead_id": "response_id", "lead_form_response_id": "response_id"}

    def to_query(self) -> Mapping[str, Any]:
        return {"fields": DECORATED}


lead_form_responses = Entity(list=ListLeadFormResponses, get=GetLeadFormResponse)
