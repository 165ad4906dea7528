"""Lead forms: what a lead ad asks people. An ad account has them, or a Page."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead
from mcp_ads.connectors.linkedin_ads.dialect import FINDER, OFFSET
from mcp_ads.connectors.linkedin_ads.urns import Urn
from mcp_ads.core import GET, Account, Entity

from . import answers
from .base import plain_times
from .owners import OneOwned, Owned

LEAN = ("id", "name", "state", "versionId", "language", "created", "lastModified")
MORE = (
    "id", "name", "state", "versionId", "asks", "hiddenFields", "consents", "landingPageUrl",
    "privacyPolicyUrl", "creationLocale", "owner", "created", "lastModified",
)  # fmt: skip
FORM = (*dict.fromkeys([*LEAN, *MORE]), "content.*", "reviewInfo.*", "account_id")
WORDS = {"status": "state", "version": "versionId", "questions": "asks", "locale": "creationLocale"}


def form_id(value: Any) -> Any:
    """The digits of a form, from any of the URNs that LinkedIn has for one."""
    found = answers.FORM_URN.fullmatch(str(value).strip())
    return found[1] or found[2] if found else value


FormId = Annotated[
    str,
    Urn("leadGenForm"),
    BeforeValidator(form_id),
    Field(examples=["3162001"], description="Digits, or urn:li:leadGenForm:… or urn:li:adForm:…."),
]


class FormRow(LinkedinRead):
    """`asks` has a form's questions: what each is called, asks, and must have. Times are UTC."""

    known, alike = FORM, WORDS

    def to_row(self, record: dict[str, Any], account: Account | None) -> dict[str, Any]:
        content, locale = record.get("content") or {}, record.get("creationLocale") or {}
        legal = content.get("legalInfo") or {}
        told = {
            "asks": [answers.question(one) for one in content.get("questions") or ()],
            "language": "_".join(str(locale[part]) for part in ("language", "country") if part in locale),
            "consents": [answers.consent(one) for one in legal.get("consents") or ()],
            "privacyPolicyUrl": legal.get("privacyPolicyUrl"),
            "landingPageUrl": content.get("landingPageUrl"),
        }
        return super().to_row(plain_times(record), account) | told


class ListLeadForms(FormRow, Owned):
    """List the lead forms of one ad account, or of a Page, in every state."""

    said = "lead gen form, lead generation form, instant form, lead ads"

    q: Literal["owner"] = "owner"

    http, pages, records, lean = FINDER("/leadForms"), OFFSET, "elements", LEAN

    def to_query(self) -> Mapping[str, Any]:
        return {"q": "owner", "owner": self.owned_by()}


class GetLeadForm(FormRow, OneOwned):
    """Read one lead form: its questions, hidden fields, consents and where it leads."""

    said = "questions of a lead gen form"

    form_id: FormId

    http, subject, lean = GET("/leadForms/{form_id}"), "form_id", MORE
    aliases = {**Owned.aliases, "lead_form_id": "form_id"}


lead_forms = Entity(list=ListLeadForms, get=GetLeadForm)
