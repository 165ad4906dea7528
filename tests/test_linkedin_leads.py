"""LinkedIn's lead forms and what people wrote into them: joined to the questions, hidden, kept nowhere."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import people
import pytest
from between import between
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient

from mcp_ads.errors import AuthError, InvalidParams, NotFound

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
US = {"account_id": LINKEDIN_US}
EU = "523456789"
FORM, PAGE_FORM, PAGE = "3162001", "3162003", "2414183"
LEAD, PAGE_LEAD = (f"a9a29e52-c0a3-42e3-8af1-2fc83b69700{number}-4" for number in (0, 6))
SOMEBODY = ("example.com", "jade", "sample0", "sampl", "placeholder", "specimen")
"""What is in leads of the sandbox, in lower case."""


def kept(client: EngineClient, said: str = "") -> list[str]:
    """Where somebody is, in what was said and in files of ours."""
    client.workspace.trace.flush()
    places = people.found(said, client.home, SOMEBODY)
    return [place for place in places if not place.startswith("sandbox")]


async def listed(client: EngineClient, **params: Any) -> Any:
    return await client.table(LINKEDIN, "lead_form_responses", "list", **US, **params)


async def test_forms_and_what_they_ask(engine_client: EngineClient) -> None:
    """Those of an account, or of a Page that is named; questions in few words; nothing of anybody else's."""
    forms = await engine_client.table(LINKEDIN, "lead_forms", "list", **US)
    assert [(row["id"], row["state"]) for row in forms.rows] == [(FORM, "PUBLISHED"), ("3162002", "ARCHIVED")]
    of_page = await engine_client.table(LINKEDIN, "lead_forms", "list", **US, organization_id=PAGE)
    assert of_page.ids == [PAGE_FORM]
    same = await engine_client.table(
        LINKEDIN, "lead_forms", "list", owner=f"(sponsoredAccount:urn:li:sponsoredAccount:{LINKEDIN_US})"
    )
    assert same.ids == forms.ids
    form = (await engine_client.do(LINKEDIN, "lead_forms", "get", **US, form_id=f"urn:li:adForm:{FORM}")).data
    assert [one.get("field") or one["name"] for one in form["asks"]] == [
        "FIRST_NAME", "LAST_NAME", "EMAIL", "fleet",
    ]  # fmt: skip
    assert form["asks"][3]["text"] == "How many vehicles do you run?"
    assert form["asks"][3]["options"][2] == "more than 500"
    assert form["privacyPolicyUrl"] == "https://example.com/privacy"
    read = {"form_id": PAGE_FORM}
    with pytest.raises(NotFound, match=f"{PAGE_FORM} is not of ad account {LINKEDIN_US}"):
        await engine_client.do(LINKEDIN, "lead_forms", "get", **US, **read)
    own = await engine_client.do(LINKEDIN, "lead_forms", "get", **US, **read, organization_id=PAGE)
    assert own.data["name"] == "Tern & Tide: contact"
    with pytest.raises(InvalidParams, match="does not fit"):
        await engine_client.do(LINKEDIN, "lead_forms", "list", owner={"person": "x"})


async def test_answers_are_hidden_until_they_are_named(engine_client: EngineClient) -> None:
    """Joined to the questions of the same version, by columns; nothing of anybody is kept or said."""
    table = await listed(engine_client)
    assert len(table.rows) == 6
    assert {row["email"] for row in table.rows} == {row["answers"] for row in table.rows} == {"(hidden)"}
    assert "365 days" in table.meta["hidden"]
    assert table.meta["warnings"] == ["1 of these are test leads"]
    assert table.rows[0]["campaign_id"].isdecimal()
    everything = await listed(engine_client, fields="all", limit=2)
    assert kept(engine_client, table.text + everything.text) == []
    named = await listed(
        engine_client, fields="email,phone_number,answers,answers.fleet,consents,hidden_fields,form_version"
    )
    first, last = named.rows[0], named.rows[-1]
    assert first["email"] == "jade.sample0@example.com"
    assert (first["answers.fleet"], first["phone"]) == ("1-50", "")
    assert (first["form_version"], last["form_version"]) == ("2", "1")
    assert last["answers"] == '{"fleet":"more than 500"}'
    assert first["hidden_fields"] == '{"utm_source":"linkedin"}'
    assert first["consents"] == '{"You may call me":true}'
    assert kept(engine_client) == []
    with pytest.raises(InvalidParams, match="'emial' is no column here"):
        await listed(engine_client, fields="id,emial")


async def test_responses_of_some_days_and_of_one_form(engine_client: EngineClient) -> None:
    """Whole days in UTC; a form with its version; tests alone; the rest page by page, kept nowhere."""
    days = await listed(engine_client, submitted_at="last_3d")
    assert (len(days.rows), days.meta["range"].endswith("UTC")) == (1, True)
    assert (await listed(engine_client, submitted_at="last_week")).rows
    assert "365 days" not in days.meta["hidden"]
    assert "365 days" in (await listed(engine_client, submitted_at="2024-01-01..2024-01-31")).meta["hidden"]
    since = await listed(engine_client, since=days.rows[0]["submittedAt"][:10], until="today")
    assert [row["id"] for row in since.rows] == [LEAD]
    day = datetime.fromisoformat(since.rows[0]["submittedAt"][:10]).replace(tzinfo=UTC)
    start, end = (int((day + timedelta(days=n)).timestamp() * 1000) for n in (0, 1))
    for own in (f"(start:{start},end:{end})", {"start": start, "end": end}, f"(start:{start})"):
        found = await listed(engine_client, submittedAtTimeRange=own)
        assert [row["id"] for row in found.rows] == [LEAD]
    assert not (await listed(engine_client, submitted_at=f"(start:{end})")).rows
    with pytest.raises(InvalidParams, match="submittedAtTimeRange: milliseconds have to be midnights in UTC"):
        await listed(engine_client, submittedAtTimeRange=f"(start:{start + 1},end:{end})")
    old = await listed(
        engine_client, form_id=f"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:{FORM},1)", fields="id"
    )
    assert len(old.rows) == 2
    tests = await listed(engine_client, limited_to_test_leads=True, form_id=FORM, form_version=1)
    assert [row["test"] for row in tests.rows] == ["true"]
    with pytest.raises(InvalidParams, match="form_version: it goes with form_id"):
        await listed(engine_client, form_id=FORM)
    one = await listed(engine_client, limit=4)
    rest = await listed(engine_client, limit=4, cursor=one.meta["cursor"])
    assert len({row["id"] for row in (*one.rows, *rest.rows)}) == 6
    assert kept(engine_client) == []


async def test_leads_of_a_page(engine_client: EngineClient) -> None:
    """Of another sort than those from ads, and read by the Page's name alone."""
    page = {"organization_id": PAGE}
    leads = await listed(engine_client, **page, lead_type="company")
    assert [row["id"] for row in leads.rows] == [PAGE_LEAD]
    for wrong in ({"lead_type": "COMPANY"}, page):
        with pytest.raises(InvalidParams, match="lead_type: SPONSORED is of an ad account, all others of"):
            await listed(engine_client, **wrong)
    one = {"response_id": PAGE_LEAD}
    with pytest.raises(NotFound, match="is not of ad account"):
        await engine_client.do(LINKEDIN, "lead_form_responses", "get", **US, **one)
    read = await engine_client.do(LINKEDIN, "lead_form_responses", "get", **US, **one, **page)
    assert (read.data["leadType"], read.data["email"]) == ("COMPANY", "(hidden)")


async def test_one_response(engine_client: EngineClient) -> None:
    """By its id or URN; another account's is not shown, whoever asks."""
    call = {"response_id": f"urn:li:leadGenFormResponse:{LEAD}"}
    read = await engine_client.do(LINKEDIN, "lead_form_responses", "get", **US, **call)
    assert (read.data["first_name"], read.data["consents"]) == ("(hidden)", {"You may call me": True})
    assert "name them in fields to see them" in engine_client.workspace.text(read)
    named = await engine_client.do(
        LINKEDIN, "lead_form_responses", "get", **US, **call, fields="first_name,submitter"
    )
    assert named.data["first_name"] == "Jade"
    with pytest.raises(NotFound, match=f"is not of ad account {EU}"):
        await engine_client.do(LINKEDIN, "lead_form_responses", "get", account_id=EU, **call)
    assert kept(engine_client) == []


async def test_a_file_has_all_of_it(engine_client_with: EngineClients, tmp_path: Path) -> None:
    """Each answer in a column of its own; the answer beside it hides them, and no other file has any."""
    folder = tmp_path / "files"
    folder.mkdir()
    client = engine_client_with(MCP_ADS_FILES=str(folder))
    table = await listed(client, save_to="leads.csv")
    rows = list(csv.DictReader((folder / "leads.csv").read_text("utf-8").splitlines()))
    assert (len(rows), table.meta["saved_rows"]) == (6, 6)
    assert "1 of these are test leads" in table.meta["warnings"]
    assert (rows[0]["email"], rows[0]["fleet"]) == ("jade.sample0@example.com", "1-50")
    assert rows[0]["form_name"] == "Fleet jackets: get a quote"
    assert kept(client, table.text) == []


async def test_a_refusal_names_the_product(engine_client: EngineClient) -> None:
    """Leads and events take products of their own, which an app asks for."""
    refusal = {
        "status": 403,
        "serviceErrorCode": 100,
        "code": "ACCESS_DENIED",
        "message": "Not enough permissions to access: partnerApiLeadFormResponses.FINDER-owner.20260701",
    }
    between(
        engine_client,
        lambda request: (
            httpx.Response(403, json=refusal) if "leadFormResponses" in request.url.path else None
        ),
    )
    with pytest.raises(AuthError) as caught:
        await listed(engine_client)
    assert "the product Lead Sync API" in caught.value.fix
    assert "r_marketing_leadgen_automation" in caught.value.fix


async def test_what_a_question_no_more_tells(engine_client: EngineClient) -> None:
    """An answer whose question is not told stands by its number; two of one name stay two."""
    lead = {
        "id": "x-1",
        "owner": {"sponsoredAccount": f"urn:li:sponsoredAccount:{LINKEDIN_US}"},
        "submittedAt": 1_795_000_000_000,
        "form": {
            "content": {"questions": [{"questionId": 1, "name": "Size"}, {"questionId": 2, "name": "Size"}]}
        },
        "formResponse": {
            "answers": [
                {"questionId": 1, "answerDetails": {"textQuestionAnswer": {"answer": "S"}}},
                {"questionId": 2, "answerDetails": {"multipleChoiceAnswer": {"options": [7]}}},
                {"questionId": 3, "answerDetails": {"textQuestionAnswer": {"answer": "blue"}}},
                {"questionId": 4, "answerDetails": {"scaleQuestionAnswer": {"value": 4}}},
                {"questionId": 5, "answerDetails": {"multipleChoiceAnswer": {"selected": [1]}}},
                {"questionId": 6, "answerDetails": {"textQuestionAnswer": {"text": "x"}}},
                {"questionId": 7, "answerDetails": "x"},
                {"questionId": 8},
            ],
            "consentResponses": [{"consentId": 4, "accepted": False}],
        },
    }
    between(
        engine_client,
        lambda request: httpx.Response(200, json=lead) if "leadFormResponses" in request.url.path else None,
    )
    read = await engine_client.do(
        LINKEDIN, "lead_form_responses", "get", **US, response_id="x-1", fields="answers,consents,form_id"
    )
    known = {"Size": "S", "Size (also)": "7", "question 3": "blue", "question 8": ""}
    unread = {f"question {number}": "(not readable)" for number in (4, 5, 6, 7)}
    assert read.data["answers"] == known | unread
    assert read.data["consents"] == {"consent 4": False}
