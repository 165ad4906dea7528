"""What people answered, beside what they were asked, in the same version of a form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

FORM_URN = re.compile(
    r"urn:li:(?:leadGenForm|adForm):([0-9]+)|urn:li:versionedLeadGenForm:\(urn:li:leadGenForm:([0-9]+),[0-9]+\)"
)
VERSIONED = re.compile(r"urn:li:versionedLeadGenForm:\(urn:li:leadGenForm:([0-9]+),([0-9]+)\)")
NOT_READABLE = "(not readable)"
"""What somebody answered in a way that is not known here: not nothing."""
USUAL = {
    "FIRST_NAME": "first_name",
    "LAST_NAME": "last_name",
    "EMAIL": "email",
    "WORK_EMAIL": "email",
    "PHONE_NUMBER": "phone",
    "WORK_PHONE_NUMBER": "phone",
    "WORK_PHONE": "phone",
    "COMPANY_NAME": "company",
    "JOB_TITLE": "job_title",
}
"""What LinkedIn calls its own questions -> the column their answers are shown in."""


def localized(text: Any) -> str:
    """A text of a form in the language it was made in: the only one it has."""
    found = text.get("localized") if isinstance(text, Mapping) else None
    return str(next(iter(found.values()), "")) if isinstance(found, Mapping) else ""


def question(asked: Mapping[str, Any]) -> dict[str, Any]:
    """A question in few words; what can be chosen where not anything can be written."""
    told = {
        "id": asked.get("questionId"),
        "name": asked.get("name"),
        "field": asked.get("predefinedField"),
        "text": localized(asked.get("question")),
        "required": asked.get("responseRequired"),
        "options": list(_options(asked).values()),
    }
    return {name: value for name, value in told.items() if value not in (None, "", [])}


def consent(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What people may agree to."""
    told = {
        "id": asked.get("id"),
        "text": localized(asked.get("consent")),
        "required": asked.get("checkRequired"),
    }
    return {name: value for name, value in told.items() if value not in (None, "")}


def given(record: Mapping[str, Any]) -> dict[str, str]:
    """The answers of a response by name: those to LinkedIn's usual questions by their columns, others by
    what the question is called, or asks; one whose question is not told by its number.
    """
    form = record.get("form") or {}
    asked = {one.get("questionId"): one for one in (form.get("content") or {}).get("questions") or ()}
    found = dict[str, str]()
    for answer in (record.get("formResponse") or {}).get("answers") or ():
        id_ = answer.get("questionId")
        name = _called(asked[id_]) if id_ in asked else f"question {id_}"
        while name in found:
            name = f"{name} (also)"
        details = answer.get("answerDetails") or {}
        readable = isinstance(details, Mapping)
        found[name] = _text(details, asked.get(id_, {})) if readable else NOT_READABLE
    return found


def consents(record: Mapping[str, Any]) -> dict[str, bool]:
    """What somebody agreed to, by its text where that is told."""
    legal = ((record.get("form") or {}).get("content") or {}).get("legalInfo") or {}
    texts = {one.get("id"): localized(one.get("consent")) for one in legal.get("consents") or ()}
    agreed = (record.get("formResponse") or {}).get("consentResponses") or ()
    return {
        texts.get(one.get("consentId")) or f"consent {one.get('consentId')}": bool(one.get("accepted"))
        for one in agreed
    }


def _called(asked: Mapping[str, Any]) -> str:
    usual = USUAL.get(str(asked.get("predefinedField")))
    own = asked.get("predefinedField") or asked.get("name") or localized(asked.get("question"))
    return usual or (str(own).lower() if asked.get("predefinedField") else str(own))


def _text(details: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    if not details:
        return ""
    text, chosen = (details.get(name) for name in ("textQuestionAnswer", "multipleChoiceAnswer"))
    if isinstance(text, Mapping) and (not text or "answer" in text):
        return str(text.get("answer") or "")
    ids = chosen.get("options", None if chosen else ()) if isinstance(chosen, Mapping) else None
    if not isinstance(ids, list | tuple):
        return NOT_READABLE
    options = _options(asked)
    return "; ".join(options.get(str(id_)) or str(id_) for id_ in ids)


def _options(asked: Mapping[str, Any]) -> dict[str, str]:
    """What can be chosen, by its id."""
    details = (asked.get("questionDetails") or {}).get("multipleChoiceQuestionDetails") or {}
    return {str(one.get("id")): localized(one.get("text")) for one in details.get("options") or ()}
