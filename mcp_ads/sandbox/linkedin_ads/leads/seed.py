"""The rules, tags, forms and leads that there are before the first change; everybody in them is invented."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mcp_ads.sandbox.linkedin_ads.state import CAMPAIGN, CREATIVE, FORM, Body, day_ms, owned, today, urn
from mcp_ads.sandbox.store import Store

from .conversions import KIND, Conversions
from .forms import RESPONSE
from .tags import TAG

US, EU, PAGE = "512345678", "523456789", "2414183"
THANKS = [[{"matchType": "CONTAINS", "matchValue": "/thank-you"}]]
STREAMED, BY_URL = "CONVERSIONS_API", "INSIGHT_TAG_URL_MATCH_RULES"
RULES: tuple[tuple[str, str, str, str, int, Body], ...] = (
    (US, "Thank-you page", "LEAD", BY_URL, 3, {"urlMatchRuleExpression": THANKS}),
    (US, "Demo request (CRM)", "QUALIFIED_LEAD", STREAMED, 2, {}),
    (US, "Order, paid", "PURCHASE", STREAMED, 0, {"postClickAttributionWindowSize": 90}),
    (US, "Old brochure", "DOWNLOAD", BY_URL, 1, {"enabled": False, "urlMatchRuleExpression": THANKS}),
    (EU, "Händleranfrage", "CONTACT", STREAMED, 1, {}),
)
"""Account, name, type, method, for how many campaigns, and what else they have."""
NAMES, COLOURS = ("Sample", "Test", "Placeholder", "Specimen"), ("Jade", "Amber", "Olive", "Ivory")
ASKED = (("FIRST_NAME", "First name"), ("LAST_NAME", "Last name"), ("EMAIL", "Email address"))
SIZES = ("1-50", "51-500", "more than 500")


def fill(store: Store) -> None:
    """What there is of them before the first change."""
    for account, name, kind, method, count, more in RULES:
        _rule(store, account, {"name": name, "type": kind, "conversionMethod": method, **more}, count)
    for number, account in enumerate((US, EU), 1):
        tag = {"id": 7000 + number, "sponsoredAccounts": [urn("sponsoredAccount", account)]}
        script = f"<script>_linkedin_partner_id = '{tag['id']}';</script>"
        marks = {"created": _ago(800), "lastModified": _ago(90)}
        store.put(TAG, str(tag["id"]), {**tag, "tag": script, "firstPartyTrackingEnabled": True, **marks})
    mine = {"sponsoredAccount": urn("sponsoredAccount", US)}
    campaigns = [row for row in owned(store, CAMPAIGN, US) if row.get("objectiveType") == "LEAD_GENERATION"]
    form(store, 3162001, mine, "Fleet jackets: get a quote", 2)
    form(store, 3162002, mine, "Whitepaper (old)", 1, state="ARCHIVED")
    form(store, 3162003, {"organization": urn("organization", PAGE)}, "Tern & Tide: contact", 1)
    form(store, 3162004, {"sponsoredAccount": urn("sponsoredAccount", EU)}, "Angebot für Regenjacken", 1)
    for number in range(6):
        campaign = campaigns[number % 2]
        version = 1 if number > 3 else 2
        _response(store, number, mine, version, {"campaign": campaign, "test": number == 5})
    _response(store, 6, {"organization": urn("organization", PAGE)}, 1, {})


def _rule(store: Store, account: str, body: Body, count: int) -> None:
    key = store.new_id(KIND, Conversions.first_id)
    campaigns = [row for row in owned(store, CAMPAIGN, account) if row["status"] == "ACTIVE"][:count]
    attached = [urn("sponsoredCampaign", row["id"]) for row in campaigns]
    new = {
        **Conversions.defaults, "account": urn("sponsoredAccount", account), "campaigns": attached, **body,
        "id": int(key), "created": _ago(300), "lastModified": _ago(40),
        "_since": dict.fromkeys(attached, _ago(200)),
    }  # fmt: skip
    store.put(KIND, key, new | ({"lastCallbackAt": _ago(1)} if count else {}))


def form(store: Store, id: int, owner: Body, name: str, version: int, state: str = "PUBLISHED") -> None:
    form = {
        "id": id, "owner": owner, "name": name, "state": state, "versionId": version,
        "creationLocale": {"country": "US", "language": "en"}, "created": _ago(200), "lastModified": _ago(30),
        "hiddenFields": [{"name": "utm_source", "value": "linkedin"}],
        "_versions": {str(number): _content(id, number) for number in range(1, version + 1)},
    }  # fmt: skip
    store.put(FORM, str(id), form)


def _content(form: int, version: int) -> Body:
    """What a version asks; the second one asks for the size of the fleet by other words."""
    usual = [
        _question(form, at, text, {"textQuestionDetails": {"maxResponseLength": 300}}, predefinedField=field)
        for at, (field, text) in enumerate(ASKED, 1)
    ]
    options = [{"id": at, "text": _text(size)} for at, size in enumerate(SIZES, 1)]
    many = {"multipleChoiceQuestionDetails": {"options": options}}
    size = "Fleet size" if version == 1 else "How many vehicles do you run?"
    legal = {
        "privacyPolicyUrl": "https://example.com/privacy",
        "consents": [{"id": 1, "checkRequired": False, "consent": _text("You may call me")}],
    }
    asked = [*usual, _question(form, 10 * version, size, many, name="fleet")]
    return {"headline": _text("Get a quote"), "questions": asked, "legalInfo": legal}


def _question(form: int, at: int, asks: str, details: Body, **more: Any) -> Body:
    return {
        "questionId": at * 10_000_000 + form, "question": _text(asks), "responseRequired": True,
        "responseEditable": True, "name": asks, "questionDetails": details, **more,
    }  # fmt: skip


def _response(store: Store, number: int, owner: Body, version: int, of: Body) -> None:
    form = 3162001 if of else 3162003
    first, last = COLOURS[number % 4], NAMES[number % 4]
    texts = (first, last, f"{first}.{last}{number}@example.com".lower())
    answers = [
        {"questionId": at * 10_000_000 + form, "answerDetails": {"textQuestionAnswer": {"answer": text}}}
        for at, text in enumerate(texts, 1)
    ]
    chosen = {"multipleChoiceAnswer": {"options": [number % 3 + 1]}}
    answers.append({"questionId": 10 * version * 10_000_000 + form, "answerDetails": chosen})
    agreed = [{"consentId": 1, "accepted": number % 2 == 0}]
    id_ = f"a9a29e52-c0a3-42e3-8af1-2fc83b69700{number}-4"
    body: Body = {
        "id": id_, "owner": owner, "leadType": "SPONSORED" if of else "COMPANY",
        "submitter": f"urn:li:person:sAmple{number}", "submittedAt": _ago(number * 5 + 2) + 33_600_000,
        "testLead": bool(of.get("test")),
        "versionedLeadGenFormUrn": f"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:{form},{version})",
        "formResponse": {"answers": answers, "consentResponses": agreed},
    }  # fmt: skip
    if of:
        campaign = urn("sponsoredCampaign", of["campaign"]["id"])
        shown = [row["id"] for row in store.owned(CREATIVE, "campaign", campaign)]
        body["leadMetadata"] = {"sponsoredLeadMetadata": {"campaign": campaign}}
        body["associatedEntity"] = {"associatedCreative": shown[0]}
    store.put(RESPONSE, id_, body)


def _text(text: str) -> Body:
    return {"localized": {"en_US": text}}


def _ago(days: int) -> int:
    return day_ms(today() - dt.timedelta(days=days))
