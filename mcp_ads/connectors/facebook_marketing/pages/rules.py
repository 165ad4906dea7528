"""What Facebook demands of a lead form, as far as its documentation says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

QUESTIONS = frozenset({
    "CUSTOM", "FULL_NAME", "FIRST_NAME", "LAST_NAME", "EMAIL", "EMAIL_ALIAS", "WORK_EMAIL", "PHONE",
    "PHONE_OTP", "USER_PROVIDED_PHONE_NUMBER", "WORK_PHONE_NUMBER", "WHATSAPP_NUMBER", "CITY", "STATE",
    "PROVINCE", "COUNTRY", "ZIP", "POST_CODE", "STREET_ADDRESS", "ADDRESS_LINE_TWO", "DOB", "GENDER",
    "MARITIAL_STATUS", "RELATIONSHIP_STATUS", "EDUCATION_LEVEL", "MILITARY_STATUS", "COMPANY_NAME",
    "JOB_TITLE", "WEBSITE", "SLIDER", "DATE_TIME", "STORE_LOOKUP", "STORE_LOOKUP_WITH_TYPEAHEAD", "ID_CPF",
    "ID_AR_DNI", "ID_CL_RUT", "ID_CO_CC", "ID_EC_CI", "ID_PE_DNI", "ID_MX_RFC", "JOIN_CODE",
    "FACEBOOK_LEAD_ID", "MESSENGER", "VIN", "LICENSE_PLATE", "THREAD_LINK",
})  # fmt: skip
"""MARITIAL_STATUS is how Facebook spells it."""
BUTTONS = frozenset({
    "VIEW_WEBSITE", "CALL_BUSINESS", "MESSAGE_BUSINESS", "DOWNLOAD", "SCHEDULE_APPOINTMENT",
    "VIEW_ON_FACEBOOK", "PROMO_CODE", "NONE", "WHATSAPP", "P2B_MESSENGER", "BOOK_ON_WEBSITE",
})  # fmt: skip
STYLES = ("LIST_STYLE", "PARAGRAPH_STYLE")
LINK_TEXT = 70
QUOTED = 40


def mistakes(form: Mapping[str, Any]) -> Iterable[str]:
    """Why Facebook would refuse the form, a line each."""
    for number, question in enumerate(form["questions"]):
        yield from (f"questions[{number}]: {why}" for why in _of_question(question))
    keys = _twice([question.get("key") for question in form["questions"]])
    yield from (f"questions: two have the key {key!r}" for key in keys)
    policy = form.get("privacy_policy")
    if policy is not None and not _is_address(policy.get("url")):
        yield "privacy_policy: needs url, an address that begins with https://"
    if policy and len(str(policy.get("link_text") or "")) > LINK_TEXT:
        yield f"privacy_policy: link_text has more than {LINK_TEXT} characters"
    if form.get("follow_up_action_url") is not None and not _is_address(form["follow_up_action_url"]):
        yield "follow_up_action_url: write an address that begins with https://"
    yield from _of_last_page(form.get("thank_you_page"))
    style = (form.get("context_card") or {}).get("style")
    if style is not None and style not in STYLES:
        yield f"context_card: style is one of {', '.join(STYLES)}"


def doubts(form: Mapping[str, Any]) -> Iterable[str]:
    """What Facebook may know and this list does not, or asks for in most cases."""
    types = dict.fromkeys(str(question["type"]) for question in form["questions"])
    for type_ in types:
        if type_ not in QUESTIONS:
            yield f"the question type {type_[:QUOTED]} is none that is known here: Facebook decides"
    button = str((form.get("thank_you_page") or {}).get("button_type") or "")
    if button and button not in BUTTONS:
        yield f"the button type {button[:QUOTED]} is none that is known here: Facebook decides"
    if form.get("privacy_policy") is None:
        yield "there is no privacy_policy, which Facebook asks of lead ads"


def _of_question(question: Mapping[str, Any]) -> Iterable[str]:
    kind, options = question.get("type"), question.get("options")
    if not isinstance(kind, str) or not kind:
        yield "needs type, such as EMAIL or CUSTOM"
    if kind == "CUSTOM" and not str(question.get("label") or "").strip():
        yield "CUSTOM needs label, which is what people are asked"
    if options is None:
        return
    pairs = options if isinstance(options, list) else []
    if not pairs or not all(isinstance(option, Mapping) and option.get("value") for option in pairs):
        yield 'options: write [{"key": "a", "value": "What people read"}]'
    else:
        keys = _twice([option.get("key") for option in pairs])
        yield from (f"options: two have the key {key!r}" for key in keys)


def _of_last_page(page: Mapping[str, Any] | None) -> Iterable[str]:
    if page is None:
        return
    for name in ("title", "button_type"):
        if not page.get(name):
            yield f"thank_you_page: needs {name}"
    if page.get("button_type") == "VIEW_WEBSITE" and not _is_address(page.get("website_url")):
        yield "thank_you_page: VIEW_WEBSITE needs website_url"
    if page.get("button_type") == "CALL_BUSINESS" and not page.get("business_phone_number"):
        yield "thank_you_page: CALL_BUSINESS needs business_phone_number"


def _twice(keys: list[Any]) -> list[str]:
    told = [str(key) for key in keys if key not in (None, "")]
    return [key[:QUOTED] for key in dict.fromkeys(told) if told.count(key) > 1]


def _is_address(value: Any) -> bool:
    try:
        parts = urlsplit(str(value or ""))
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
