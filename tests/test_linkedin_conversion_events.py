"""LinkedIn's conversion events: people in them are hashed or hidden, sent once, written down nowhere."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import people
import pytest
from agent import Agent
from between import between
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from fastmcp import Client
from people import digest
from planning import applied, writes

from mcp_ads.errors import InvalidParams, NotFound
from mcp_ads.server import build_server

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
RULE, BY_URL, EU_RULE = "104002", "104001", "104005"
FIRST, LAST, CRM, COMPANY = "marker7f3a", "marker8e4b", "crm-marker9d5c", "marker1a2b ltd"
EMAIL, IP, CLICK = f"{FIRST}@example.com", "203.0.113.77", "marker-5a6b-li"
NOW = int(time.time() * 1000)
DAY = 86_400_000
MARKS = (FIRST, LAST, CRM, "marker1a2b", IP, CLICK, "order-77")
HASHES = (digest(EMAIL), digest(IP))
LEAD: dict[str, Any] = {"happened_at": NOW - DAY, "email": "b@example.com", "event_id": "e-1"}
ORDER: dict[str, Any] = {
    "happened_at": NOW - 60_000,
    "event_id": "order-77",
    "value": "49.90 USD",
    "email": f" {FIRST.title()} @Example.com",
    "ip_address": IP,
    "li_fat_id": CLICK,
    "first_name": FIRST.title(),
    "last_name": LAST.title(),
    "company": COMPANY.title(),
    "country": "us",
    "external_id": CRM,
}


async def plan(client: EngineClient, *events: Any, **params: Any) -> Any:
    given = {"account_id": LINKEDIN_US, "conversion_id": RULE, "events": list(events), **params}
    return await client.do(LINKEDIN, "conversion_events", "create", **given)


async def sent(client: EngineClient, *events: Any, **params: Any) -> Any:
    return await applied(client, (await plan(client, *events, **params)).data["plan_id"])


def posted(asked: list[httpx.Request]) -> list[dict[str, Any]]:
    """The events of the one request that posted some."""
    (request,) = [request for request in asked if request.url.path.endswith("/conversionEvents")]
    found: list[dict[str, Any]] = json.loads(request.content)["elements"]
    return found


async def test_events_are_sent_hashed_and_nothing_of_them_stays(
    engine_client: EngineClient, caplog: pytest.LogCaptureFixture
) -> None:
    """In LinkedIn's shape, names as it wants them; afterwards no file, log or answer has any of it."""
    caplog.set_level(logging.DEBUG)
    asked = between(engine_client, lambda _: None)
    made = await plan(engine_client, ORDER)
    done = await applied(engine_client, made.data["plan_id"])
    (event,) = posted(asked)
    assert event == {
        "conversion": f"urn:lla:llaPartnerConversion:{RULE}",
        "conversionHappenedAt": NOW - 60_000,
        "conversionValue": {"currencyCode": "USD", "amount": "49.90"},
        "eventId": "order-77",
        "user": {
            "userIds": [
                {"idType": "SHA256_EMAIL", "idValue": HASHES[0]},
                {"idType": "SHA256_IP_ADDRESS", "idValue": HASHES[1]},
                {"idType": "LINKEDIN_FIRST_PARTY_ADS_TRACKING_UUID", "idValue": CLICK},
            ],
            "userInfo": {
                "firstName": FIRST.title(),
                "lastName": LAST.title(),
                "companyName": COMPANY.title(),
                "countryCode": "US",
            },
            "externalIds": [CRM],
        },
    }
    assert writes(engine_client) == ["send events 1"]
    assert "APPLIED: 1 of 1 done" in done.text
    assert "; LinkedIn has received 1" in done.text
    assert "no undo" in done.text
    engine_client.workspace.trace.flush()
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("mcp_ads")]
    outside = [path for path in engine_client.home.iterdir() if path.name != "sandbox"]
    assert {path.name for path in outside} >= {"plans"}
    for path in outside:
        assert people.found(done.text + made.text + "".join(ours), path, (*MARKS, *HASHES)) == [], path
    rule = await engine_client.do(
        LINKEDIN, "conversions", "get", account_id=LINKEDIN_US, conversion_id=RULE, fields="lastCallbackAt"
    )
    assert "T" in rule.data["lastCallbackAt"]


async def test_one_value_twice_is_one(engine_client: EngineClient) -> None:
    """Names may be headings of a table; the same said twice contradicts nothing."""
    asked = between(engine_client, lambda _: None)
    event = {"Happened At": NOW - DAY, "conversion happened-at": str(NOW - DAY), "Event ID": "e-2"}
    who = {"Email": EMAIL.upper(), "user.email": EMAIL, "First Name": "A", "Last-Name": "B", "lastName": "B"}
    await sent(engine_client, {**event, **who, "value": "5 USD", "Conversion Value": "5.00 USD"})
    (found,) = posted(asked)
    assert (found["conversionHappenedAt"], found["conversionValue"]["amount"]) == (NOW - DAY, "5.00")
    assert found["user"]["userIds"] == [{"idType": "SHA256_EMAIL", "idValue": digest(EMAIL)}]
    assert found["user"]["userInfo"] == {"firstName": "A", "lastName": "B"}


async def test_a_plan_says_what_is_sent(engine_client: EngineClient) -> None:
    """To which rule, when, worth what, by which kinds of ids, what goes as it is and what counts twice."""
    unnamed = {"happened_at": NOW - 2 * DAY, "lead": "a9a29e52-4", "value": "0.10 USD"}
    made = await plan(engine_client, ORDER, LEAD, LEAD, unnamed)
    assert made.data["plan_id"].startswith(f"sends-3-conversion-events-to-rule-{RULE}.")
    for says in (
        f"sends 3 conversion events to rule {RULE}: ",
        "worth 50.00 USD",
        "2 SHA256_EMAIL",
        "1 userInfo, 1 externalIds, 1 lead",
        "1 given more than once sent once",
        'the conversion rule is "Demo request (CRM)", type QUALIFIED_LEAD',
        "but for names with title, company and country, external ids, which LinkedIn takes as they are",
        "1 of 3 have no event_id: sent again they count twice",
        "LinkedIn drops an event where its Insight Tag has sent one with the same event_id",
        '{"elements":"<3 rows of event>"}',
    ):
        assert says in made.text
    assert "refuses the oldest" not in made.text
    old = await plan(engine_client, {**LEAD, "happened_at": NOW - 84 * DAY})
    assert "LinkedIn refuses the oldest: apply the plan before" in old.text
    (blob, _) = [path for path in (engine_client.home / "blobs").glob("*") if path.is_file()]
    assert blob.stat().st_mode & 0o777 == 0o600
    assert people.found(made.text, engine_client.home / "plans", (*MARKS, *HASHES)) == []


def _with(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in {**LEAD, **changed}.items() if value is not None}


REFUSED: list[tuple[dict[str, Any], str]] = [
    (_with(happened_at=None), "happened_at: missing, required"),
    (_with(happened_at=5), "conversionHappenedAt: write 2026-11-20T09:00:00Z"),
    (_with(happened_at=True), "conversionHappenedAt: write 2026-11-20T09:00:00Z"),
    (_with(email=None), "user: it has to say who it was"),
    (_with(email=FIRST), "email: is no e-mail address"),
    (_with(email={"is": EMAIL}), "email: a text of at most 255 characters"),
    (_with(ip="localhost"), "ip: is no IP address"),
    (_with(first_name=FIRST), "first_name and last_name: LinkedIn takes them together"),
    (_with(first_name=FIRST, last_name=LAST, country="USA"), "country: is no country of two letters"),
    (_with(external_id=EMAIL), "external_id: it holds an e-mail address"),
    (_with(external_id="+1 555 730-1234"), "external_id: it holds an e-mail address or telephone number"),
    (_with(first_name=FIRST, last_name=EMAIL), "last_name: it holds an e-mail address"),
    (_with(li_fat_id=EMAIL), "li_fat_id: it holds an e-mail address"),
    (_with(event_id=EMAIL), "eventId: it holds an e-mail address"),
    (_with(event_id="x" * 65), "eventId: a text of at most 64 characters"),
    (_with(value=49.9), 'conversionValue: an amount with its currency, such as "49.90 USD"'),
    (_with(value=f"5 {FIRST}"), "conversionValue: an amount with its currency"),
    (_with(lead="urn:li:person:x"), "lead: an id of lead_form_responses"),
    (_with(conversion="x"), "conversion: digits, or urn:lla:llaPartnerConversion"),
    (_with(phone="+15557301234"), "user: field 2 is none of email, li_fat_id"),
    ({EMAIL: "x", **LEAD}, "user: field 1 is none of email"),
    (_with(user=[EMAIL]), "user: an object"),
    (_with(email=f"Zed <{EMAIL}>"), "email: is no e-mail address"),
    (_with(email=f"mailto:{EMAIL}"), "email: is no e-mail address"),
    (_with(value="1.234 USD"), "conversionValue: USD has 2 decimals"),
    (_with(value="1.5 JPY"), "conversionValue: JPY has no decimals"),
    (_with(value="5 USD", conversionValue="6 USD"), "conversionValue: given twice, and not the same"),
    (_with(event_time=NOW), "conversionHappenedAt: given twice, and not the same"),
    (_with(em=EMAIL), "em: given twice, and not the same"),
    (_with(user={"userIds": [{"idType": "SHA256_EMAIL", "idValue": "ab" * 32}]}), "email: given twice"),
    (_with(first_name="A", last_name="B", title="C", job_title="D"), "job_title: given twice"),
    (_with(user={"userIds": [EMAIL]}), "is none of email"),
]


@pytest.mark.parametrize(("event", "says"), REFUSED)
async def test_one_wrong_event_refuses_them_all(
    engine_client: EngineClient, event: dict[str, Any], says: str
) -> None:
    """By its row and field, without a word of its values; nothing is kept and nothing sent."""
    with pytest.raises(InvalidParams) as caught:
        await plan(engine_client, LEAD, event)
    text = str(caught.value)
    assert text.startswith("events: row 2: ")
    assert says in text
    assert not [mark for mark in (*MARKS, "7301234") if mark in text.lower()]
    assert not list((engine_client.home / "blobs").glob("*"))
    assert people.found(text, engine_client.home, MARKS) == []


@pytest.mark.parametrize(
    ("ms", "says"),
    [(-91 * DAY, "LinkedIn takes none older than 90 days; leave out"), (DAY, "lies in the future")],
)
async def test_events_of_another_time_are_refused(engine_client: EngineClient, ms: int, says: str) -> None:
    """LinkedIn would take none of these."""
    with pytest.raises(InvalidParams, match=says):
        await plan(engine_client, LEAD, _with(happened_at=NOW + ms))


async def test_only_a_rule_that_takes_events_counts_them(engine_client: EngineClient) -> None:
    """Its method is read before anything is sent, and so is whose it is; each rule has a call of its own."""
    asked = between(engine_client, lambda _: None)
    with pytest.raises(InvalidParams, match=f"rule {BY_URL} counts by INSIGHT_TAG_URL_MATCH_RULES; events"):
        await plan(engine_client, LEAD, conversion_id=BY_URL)
    with pytest.raises((InvalidParams, NotFound), match=f"{EU_RULE} is not of ad account"):
        await plan(engine_client, LEAD, conversion_id=EU_RULE)
    with pytest.raises(InvalidParams, match=f"some events are of rule {BY_URL}; send each rule's"):
        await plan(engine_client, LEAD, _with(conversion=BY_URL))
    own: dict[str, Any] = {
        "conversion": f"urn:lla:llaPartnerConversion:{RULE}",
        "conversionHappenedAt": NOW,
        "eventId": "e",
    }
    own["user"] = {"userIds": [{"idType": "SHA256_EMAIL", "idValue": HASHES[0].upper()}]}
    made = await engine_client.do(
        LINKEDIN, "conversion_events", "create", account_id=LINKEDIN_US, elements=[own]
    )
    await applied(engine_client, made.data["plan_id"])
    assert posted(asked)[0]["user"]["userIds"][0]["idValue"] == HASHES[0]


async def test_events_of_a_rule_that_the_same_plan_makes(engine_client: EngineClient) -> None:
    """The rule is told by the step before; a rule for pages is refused there too."""
    for method, fits in (("CONVERSIONS_API", True), ("INSIGHT_TAG_URL_MATCH_RULES", False)):
        rule = {"name": "Trial", "type": "LEAD", "conversion_method": method}
        first = await engine_client.do(LINKEDIN, "conversions", "create", account_id=LINKEDIN_US, **rule)
        both = {"conversion_id": "@1.id", "append_to": first.data["plan_id"]}
        if not fits:
            with pytest.raises(InvalidParams, match="events count only under a rule"):
                await plan(engine_client, LEAD, **both)
            continue
        made = await plan(engine_client, LEAD, **both)
        assert 'the conversion rule is "Trial", type LEAD' in made.text
        assert "no campaign has the rule: its conversions are attributed to nothing" in made.text
        assert "APPLIED: 2 of 2 done" in (await applied(engine_client, made.data["plan_id"])).text


async def test_what_linkedin_refuses_is_told_by_its_place(engine_client: EngineClient) -> None:
    """Those that came are not sent again; what it says of the others may be about people, and is not told."""
    strange = _with(email=None, user={"userIds": [{"idType": "NEW_KIND", "idValue": CLICK}]})
    made = await plan(engine_client, LEAD, strange, _with(event_id="e-2"))
    text = (await applied(engine_client, made.data["plan_id"])).text
    assert "LinkedIn took 2 of 3; not those in place 2 (422)" in text
    assert "mend those and send them alone: the others have come" in text
    assert people.found(text, engine_client.home / "plans", MARKS) == []
    again = (await applied(engine_client, made.data["plan_id"])).text
    assert "nothing was sent now" in again
    none = (await sent(engine_client, strange)).text
    assert "LinkedIn took none of 1; by their place: 1 (422)" in none
    assert writes(engine_client) == ["send events 2", "send events 0"]


def _answering(answer: Any) -> Callable[[httpx.Request], httpx.Response | None]:
    """Says this of events that are sent."""
    return lambda request: (
        httpx.Response(200, json=answer) if request.url.path.endswith("/conversionEvents") else None
    )


@pytest.mark.parametrize(
    "lie",
    [{}, {"elements": []}, {"elements": [{"status": 201}] * 2}, {"elements": [{}]}, {"elements": ["x"]}, []],
    ids=str,
)
async def test_an_answer_that_belies_it(engine_client: EngineClient, lie: Any) -> None:
    """Only a verdict for each event shows that it was done; anything else is unknown, and not sent again."""
    asked = between(engine_client, _answering(lie))
    made = await plan(engine_client, LEAD)
    for _ in range(2):
        assert "UNKNOWN" in (await applied(engine_client, made.data["plan_id"])).text
    assert len([request for request in asked if request.url.path.endswith("/conversionEvents")]) == 1


async def test_a_server_error_of_one_event_leaves_it_unknown(engine_client: EngineClient) -> None:
    """It may have been counted: it is not said to be refused."""
    told = {"elements": [{"status": 201}, {"status": 500, "error": {"message": EMAIL}}]}
    between(engine_client, _answering(told))
    text = (await sent(engine_client, LEAD, ORDER)).text
    assert "UNKNOWN" in text
    assert FIRST not in text


async def test_events_from_a_table(engine_client_with: EngineClients, tmp_path: Path) -> None:
    """A column is a field; empty cells are left out."""
    folder = tmp_path / "files"
    folder.mkdir()
    rows = ["happened_at,event_id,value,email,first_name,last_name"]
    rows += [f"{NOW - 5},p-1,12.5 EUR,{EMAIL},,", f"{NOW},,,,{FIRST},{LAST}"]
    (folder / "events.csv").write_text("\n".join(rows))
    client = engine_client_with(MCP_ADS_FILES=str(folder))
    asked = between(client, lambda _: None)
    made = await client.do(
        LINKEDIN, "conversion_events", "create",
        account_id=LINKEDIN_US, conversion_id=RULE, events="events.csv",
    )  # fmt: skip
    await applied(client, made.data["plan_id"])
    first, second = posted(asked)
    assert first["conversionValue"] == {"currencyCode": "EUR", "amount": "12.50"}
    assert first["user"] == {"userIds": [{"idType": "SHA256_EMAIL", "idValue": HASHES[0]}]}
    assert second["user"] == {"userInfo": {"firstName": FIRST, "lastName": LAST}}
    with pytest.raises(InvalidParams, match="more than 5,000 rows"):
        await plan(client, *[_with(event_id=str(number)) for number in range(5_001)])


async def test_an_agent_sends_events(
    engine_client_with: EngineClients, caplog: pytest.LogCaptureFixture
) -> None:
    """Over MCP, in calls that are wrong too: nothing in answers, resources, logs and files."""
    client, said = engine_client_with(), list[str]()
    with caplog.at_level(logging.DEBUG):
        async with Client(build_server(client.settings, client.workspace)) as mcp:
            agent = Agent(mcp)
            call = {"entity": "conversion_events", "action": "create"}
            good = {"account_id": LINKEDIN_US, "conversion_id": RULE, "events": [ORDER]}
            said.append(await agent.good("linkedin_ads_execute", **call, params=good))
            made = said[0].split("PLAN ")[1].split()[0]
            said += [await agent.read(f"ads://plans/{made}"), await agent.good("ads_apply", plan_id=made)]
            for wrong in (
                {"conversion_id": EMAIL},
                {"conversion_id": {"email": EMAIL}},
                {"account_id": EMAIL},
                {"append_to": EMAIL},
                {EMAIL: "x"},
                {"events": [{**ORDER, "email": FIRST}]},
                {"events": EMAIL},
                {"events": json.dumps([ORDER])[:-3]},
            ):
                said.append(await agent.wrong("linkedin_ads_execute", **call, params={**good, **wrong}))
    client.workspace.trace.flush()
    outside = [path for path in client.home.iterdir() if path.name != "sandbox"]
    for path in outside:
        found = people.found("\n".join(said) + caplog.text, path, (*MARKS, *HASHES))
        assert found == [], found
