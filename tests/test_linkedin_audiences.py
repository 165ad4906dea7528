"""Uploaded audiences on LinkedIn, from their first member to their end."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from between import between
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from linkedin_calls import CONTEXT, write
from people import EMAIL, FIRST, LAST, astray, digest
from planning import applied, error_of, planned, undo_of, writes

from mcp_ads.core import Result, Wait
from mcp_ads.errors import InvalidParams, NotFound, OutOfScope, PlatformDown

pytestmark = pytest.mark.anyio
CUSTOMERS, COMPANIES, EXPIRED, UPLOADED, GERMAN = (f"1100{number}" for number in range(1, 6))
EngineClients = Callable[..., EngineClient]


async def plan_of(engine_client: EngineClient, action: str, **params: Any) -> str:
    given = {"account_id": LINKEDIN_US, **params}
    return await planned(engine_client, "dmp_segments", action, LINKEDIN, **given)


async def done(engine_client: EngineClient, action: str, **params: Any) -> Result:
    """An applied plan."""
    return await applied(engine_client, await plan_of(engine_client, action, **params))


async def segment(engine_client: EngineClient, id_: str) -> dict[str, Any]:
    found = await engine_client.do(
        LINKEDIN, "dmp_segments", "get", account_id=LINKEDIN_US, segment_id=id_, fields=["*"]
    )
    return dict(found.data)


def streamed(requests: list[httpx.Request]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Where members were sent, and which."""
    sent = [request for request in requests if is_streamed(request)]
    return [(request.url.path, json.loads(request.content)["elements"]) for request in sent]


def is_streamed(request: httpx.Request) -> bool:
    return str(request.headers.get("x-restli-method")) == "BATCH_CREATE"


@pytest.mark.slow
async def test_an_audience_from_its_first_member_to_its_end(
    engine_client_with: EngineClients, tmp_path: Path
) -> None:
    """Made and filled in one plan from a table, found as what campaigns target, renamed, deleted for good."""
    (tmp_path / "files").mkdir()
    rows = "".join(f"{number}@example.com;x\n" for number in range(600))
    (tmp_path / "files" / "crm.csv").write_text(f"E-Mail;Hobby\n{EMAIL.title()};chess\n;\n{rows}")
    engine_client = engine_client_with(MCP_ADS_FILES=str(tmp_path / "files"))
    asked = between(engine_client, lambda _: None)
    first = await plan_of(engine_client, "create", name="Buyers 2027", type="USER")
    table = {"segment_id": "@1.id", "members": "crm.csv", "mapping": {"E-Mail": "email"}}
    plan = await engine_client.do(
        LINKEDIN, "dmp_segments", "add_members", account_id=LINKEDIN_US, append_to=first, **table
    )
    assert "adds 601 people: 601 with email; e-mail addresses are hashed here" in plan.text
    assert "1 with nothing to match by, left out; 1 other columns, which stay here" in plan.text
    assert "within 48 hours; below 300 matched members nothing is served" in plan.text
    text = (await applied(engine_client, plan.data["plan_id"])).text
    assert "LinkedIn has taken all 601" in text
    ((path, elements),) = streamed(asked)
    assert elements[0] == {
        "action": "ADD",
        "userIds": [{"idType": "SHA256_EMAIL", "idValue": digest(EMAIL)}],
    }
    made = path.split("/")[3]
    found = await segment(engine_client, made)
    assert found["status"] == "READY"
    assert found["inputCount"] == 601
    listed = await engine_client.table(LINKEDIN, "ad_segments", "list", account_id=LINKEDIN_US)
    (target,) = [row for row in listed.rows if row["id"] == found["ad_segment_id"]]
    assert (target["name"], target["facet"]) == ("Buyers 2027", "audienceMatchingSegments")
    criteria = {"locations": ["103644278"], target["facet"]: [target["id"]]}
    counted = await engine_client.do(LINKEDIN, "audience_counts", "get", targeting_criteria=criteria)
    assert counted.data["total"] == "fewer than 300"
    renamed = await done(engine_client, "update", segment_id=made, name="Buyers", description="Shop")
    assert (await segment(engine_client, made))["description"] == "Shop"
    await applied(engine_client, undo_of(renamed))
    back = await segment(engine_client, made)
    assert (back["name"], back.get("description")) == ("Buyers 2027", None)
    ended = await done(engine_client, "delete", segment_id=made)
    assert "no undo" in ended.text
    with pytest.raises(NotFound):
        await segment(engine_client, made)
    engine_client.workspace.trace.flush()
    assert astray(plan.text + text, engine_client.home) == []


async def test_people_are_removed_as_they_are_added(engine_client: EngineClient) -> None:
    """By the same hash of the address without its white space; each takes the other back, nobody is seen."""
    asked = between(engine_client, lambda _: None)
    members = [{"email": f" {FIRST} @Example.com"}, {"email": EMAIL}]
    plan = await engine_client.do(
        LINKEDIN, "dmp_segments", "remove_members",
        account_id=LINKEDIN_US, segment_id=CUSTOMERS, users=members,
    )  # fmt: skip
    assert "removes 1 person: 1 with email" in plan.text
    assert "1 given more than once, sent once" in plan.text
    assert "warning: these rows stood in the call" in plan.text
    gone = await applied(engine_client, plan.data["plan_id"])
    back = await applied(engine_client, undo_of(gone))
    (_, removed), (_, added) = streamed(asked)
    assert [removed[0]["action"], added[0]["action"]] == ["REMOVE", "ADD"]
    assert removed[0]["userIds"] == added[0]["userIds"]
    assert removed[0]["userIds"][0]["idValue"] == digest(EMAIL)
    assert writes(engine_client) == [f"stream USER {CUSTOMERS}"] * 2
    engine_client.workspace.trace.flush()
    assert astray(plan.text + gone.text + back.text, engine_client.home) == []


async def test_companies_are_nobody_private(engine_client: EngineClient) -> None:
    """They go to an audience of their own kind, by name, web domain or organization, as they are."""
    asked = between(engine_client, lambda _: None)
    members = [{"Account Name": "Acme", "website": "https://www.Acme.example/x"}, {"organization": 2414183}]
    result = await done(engine_client, "add_members", segment_id=COMPANIES, companies=members)
    assert "adds 2 companies: 1 with company, 1 with domain, 1 with organization" in result.text
    assert "hashed" not in result.text
    ((path, elements),) = streamed(asked)
    assert path == f"/rest/dmpSegments/{COMPANIES}/companies"
    assert elements == [
        {"action": "ADD", "companyName": "Acme", "companyWebsiteDomain": "acme.example"},
        {"action": "ADD", "organizationUrn": "urn:li:organization:2414183"},
    ]


@pytest.mark.parametrize(
    ("segment_id", "members", "mistake"),
    [
        (EXPIRED, [{"email": EMAIL}], "it is EXPIRED, and takes no members any more"),
        (UPLOADED, [{"email": EMAIL}], "it is filled by a file that is uploaded in Campaign Manager"),
        (COMPANIES, [{"email": EMAIL}], "it is of type COMPANY, and these are people"),
        (CUSTOMERS, [{"company": "Acme"}], "it is of type USER, and these are companies"),
        (GERMAN, [{"email": EMAIL}], f"{GERMAN} is none of account {LINKEDIN_US}"),
        (CUSTOMERS, [{"email": FIRST}], "row 1: email is no e-mail address"),
        (CUSTOMERS, [{"email": EMAIL}, {"company": "Acme"}], "people and companies go to segments of"),
        (
            CUSTOMERS,
            [{"email": EMAIL, "hobby": LAST}],
            'column 2 of 2 ("hobby" of "email", "hobby"): none of email, googleaid, company',
        ),
        (COMPANIES, [{"organization": EMAIL}], "row 1: organization is no organization"),
        (COMPANIES, [{"domain": EMAIL}], "row 1: domain is no web domain"),
        (CUSTOMERS, [{"email": ""}], "there is nothing in any of the 1 rows"),
    ],
)
async def test_members_that_a_segment_cannot_take(
    engine_client: EngineClient, segment_id: str, members: list[dict[str, str]], mistake: str
) -> None:
    """One line says why, nobody is quoted, and nothing is sent."""
    error = await error_of(plan_of(engine_client, "add_members", segment_id=segment_id, members=members))
    assert error
    assert mistake in str(error)
    assert astray(str(error), engine_client.home) == []
    assert [request for request in engine_client.sent(LINKEDIN) if "POST /rest" in request] == []


@pytest.mark.parametrize(
    "params",
    [
        {"segment_id": EMAIL},
        {"account_id": EMAIL},
        {"append_to": EMAIL},
        {"mapping": {"x": EMAIL}},
        {EMAIL: "x"},
        {"members": {"kept": EMAIL, "rows": 1, "columns": ["SHA256_EMAIL"]}},
        {"members": json.dumps([{"email": EMAIL}])[:-3]},
        {"members": [EMAIL]},
        {"members": f"/home/{FIRST}.csv"},
        {"items": [{"members": [{"email": EMAIL}], "segment_id": EMAIL}]},
    ],
)
async def test_people_in_the_wrong_place(engine_client: EngineClient, params: dict[str, Any]) -> None:
    """A refused call repeats nobody, wherever somebody stands in it, and keeps nobody."""
    given = {"segment_id": CUSTOMERS, "members": [{"email": EMAIL}], **params}
    error = await error_of(plan_of(engine_client, "add_members", **given))
    assert error
    engine_client.workspace.trace.flush()
    assert astray(f"{error} {error.fix}", engine_client.home) == []


async def test_some_are_refused(engine_client: EngineClient) -> None:
    """The others are taken all the same, and how many is said; where all are refused, nothing was done."""
    members = [{"email": f"{number}@example.com"} for number in range(3)]
    refusal = {"status": 400, "error": {"status": 400, "code": "FIELD_INVALID", "message": EMAIL}}
    verdicts: list[Any] = [{"status": 201}, refusal, {"status": 422, "error": {"message": EMAIL}}]

    def answer(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(200, json={"elements": verdicts}) if is_streamed(request) else None

    between(engine_client, answer)
    params: dict[str, Any] = {"segment_id": CUSTOMERS, "members": members}
    text = (await done(engine_client, "add_members", **params)).text
    assert "1. done: add_members" in text
    assert "members 1 to 3: LinkedIn took 1 of 3; not those in place 2 (400 FIELD_INVALID), 3 (422)" in text
    assert "undo: ads_apply(" in text
    verdicts[:] = [refusal] * 3
    text += (none := (await done(engine_client, "add_members", **params)).text)
    assert "0 of 1 done" in none
    assert "LinkedIn took none of 3; by their place: 1 (400 FIELD_INVALID)" in none
    verdicts[:] = [{"status": 201}]
    text += (odd := (await done(engine_client, "add_members", **params)).text)
    assert "UNKNOWN" in odd
    assert "the answer has not one element for each that was sent" in odd
    assert astray(text, engine_client.home) == []


@pytest.mark.slow
async def test_the_second_batch_is_refused(engine_client: EngineClient) -> None:
    """5,000 a request; what came is said, and an undo takes exactly that back."""
    members = [{"email": f"{number}@example.com"} for number in range(5_002)]
    sent: list[httpx.Request] = []

    def second(request: httpx.Request) -> httpx.Response | None:
        sent.extend([request] if is_streamed(request) else [])
        refusal = {"status": 400, "message": "no", "serviceErrorCode": 1}
        return httpx.Response(400, json=refusal) if len(sent) == 2 and sent[-1] is request else None

    asked = between(engine_client, second)
    result = await done(engine_client, "add_members", segment_id=CUSTOMERS, members=members)
    assert "1 of 2 requests were done, the next was refused" in result.text
    await applied(engine_client, undo_of(result))
    batches = [elements for _, elements in streamed(asked)]
    assert [len(elements) for elements in batches] == [5_000, 2, 5_000]
    assert [elements[0]["action"] for elements in batches] == ["ADD", "ADD", "REMOVE"]
    assert batches[0][4_999]["userIds"] == batches[2][4_999]["userIds"]


@pytest.mark.slow
@pytest.mark.parametrize("status", [400, 403, 429, 500])
async def test_the_first_batch_is_taken_in_part_and_the_second_is_not(
    engine_client: EngineClient, status: int
) -> None:
    """What the first did is done, with who of it was refused: told, undone, and never sent again."""
    members = [{"email": f"{number}@example.com"} for number in range(5_002)]
    refused = {"status": 400, "error": {"status": 400, "code": "FIELD_INVALID"}}
    taken = [{"status": 201}] * 4_998 + [refused] * 2
    told = {"status": status, "code": "FIELD_INVALID", "message": "no"}
    answers = [httpx.Response(200, json={"elements": taken}), httpx.Response(status, json=told)]

    def answer(request: httpx.Request) -> httpx.Response | None:
        return answers.pop(0) if answers and is_streamed(request) else None

    asked = between(engine_client, answer)
    plan_id = await plan_of(engine_client, "add_members", segment_id=CUSTOMERS, members=members)
    result = await applied(engine_client, plan_id)
    some = "LinkedIn took 4,998 of 5,000; not those in place 4,999 (400 FIELD_INVALID), 5,000 (400"
    if status != 429:  # which is sent again by itself
        assert f"requests done of 2: 1 members 1 to 5,000 ({some}" in result.text
    assert "nothing was changed" not in result.text
    if status == 500:
        assert "1. UNKNOWN: add_members" in result.text
        return
    if status == 400:
        assert f"1 of 2 requests were done ({some}" in result.data["steps"][0]["error"]["message"]
    else:
        if status == 403:
            assert "1. under way: add_members" in result.text
            result = await applied(engine_client, plan_id)
        assert f"1. done: add_members segment {CUSTOMERS}" in result.text
        assert f"members 1 to 5,000: {some}" in result.text
    await applied(engine_client, undo_of(result))
    sizes = [len(elements) for _, elements in streamed(asked)]
    assert sizes == ([5_000, 2, 5_000] if status == 400 else [5_000, 2, 2, 5_000, 2])


def test_a_new_segment_is_given_time() -> None:
    """Members that come within five seconds of its creation are lost, without a word from LinkedIn."""
    added = write("dmp_segments", "add_members", segment_id="11134", members=[{"email": EMAIL}])
    assert isinstance(next(added.flow(CONTEXT)), Wait)


@pytest.mark.parametrize(
    "text",
    [
        f"Zed Person <{EMAIL}>",
        f"mailto:{EMAIL}",
        f"{FIRST}@b@example.com",
        f"{FIRST}@example..com",
        f"{EMAIL};b@example.com",
        f"{EMAIL},b@example.com",
        f"Zed {EMAIL}",
        f"{EMAIL}>",
        f"{FIRST}@.example.com",
    ],
)
async def test_what_is_no_address_alone_matches_nobody(engine_client: EngineClient, text: str) -> None:
    """It would be hashed and taken, and match nobody or somebody else."""
    error = await error_of(
        plan_of(engine_client, "add_members", segment_id=CUSTOMERS, members=[{"email": text}])
    )
    assert isinstance(error, InvalidParams)
    assert str(error) == "members: row 1: email is no e-mail address, and no SHA-256 of one"
    assert astray(str(error), engine_client.home) == []


@pytest.mark.slow
async def test_campaigns_that_were_not_read_may_target_it(engine_client: EngineClient) -> None:
    """After a page that failed nothing is deleted for good, for the rest may need it."""

    def second(request: httpx.Request) -> httpx.Response | None:
        fails = "adCampaigns" in request.url.path and "pageToken" in str(request.url)
        return httpx.Response(400, json={"status": 400, "message": "no"}) if fails else None

    between(engine_client, second)
    await engine_client.do(LINKEDIN, "accounts", "list")
    first = engine_client.store.get("linkedin.campaign", "300000001")
    assert first
    for number in range(390_000_001, 390_001_001):
        engine_client.store.put("linkedin.campaign", str(number), {**first, "id": number, "_n": number})
    with pytest.raises(PlatformDown, match="what goes with it is not known; campaigns: not known"):
        await engine_client.do(
            LINKEDIN, "dmp_segments", "delete", account_id=LINKEDIN_US, segment_id=COMPANIES
        )


async def test_what_a_deletion_takes_away_is_said(engine_client: EngineClient) -> None:
    """Its size, and the campaigns that target its ad segment; one that a predictive audience uses stays."""
    campaign = engine_client.store
    await engine_client.do(LINKEDIN, "accounts", "list")
    body = campaign.get("linkedin.campaign", "300000001")
    assert body
    facet = {"urn:li:adTargetingFacet:audienceMatchingSegments": ["urn:li:adSegment:8001"]}
    clauses = [*body["targetingCriteria"]["include"]["and"], {"or": facet}]
    campaign.put(
        "linkedin.campaign", "300000001", {**body, "targetingCriteria": {"include": {"and": clauses}}}
    )
    plan = await engine_client.do(
        LINKEDIN, "dmp_segments", "delete", account_id=LINKEDIN_US, segment_id=CUSTOMERS
    )
    assert "LinkedIn counts 4100 members in it" in plan.text
    assert "1 campaigns target it, 1 of them ACTIVE, and will lose it: 300000001 'Spring Sale" in plan.text
    assert "cannot be undone: its members are not kept anywhere" in plan.text
    result = await done(engine_client, "delete", segment_id=COMPANIES)
    assert "used by a predictive audience" in result.text


async def test_test_accounts_have_no_segments(engine_client: EngineClient) -> None:
    """It is said before anything is sent."""
    await engine_client.do(LINKEDIN, "accounts", "list")
    account = engine_client.store.get("linkedin.account", LINKEDIN_US)
    assert account
    engine_client.store.put("linkedin.account", LINKEDIN_US, {**account, "test": True})
    with pytest.raises(InvalidParams, match="a test account, where LinkedIn makes none"):
        await plan_of(engine_client, "create", name="X", type="USER")


async def test_segments_of_accounts_that_are_not_allowed(engine_client: EngineClient) -> None:
    """Criteria that name one are refused: a count would tell how many are in it."""
    session = engine_client.workspace.session(LINKEDIN)
    session.platform = replace(session.platform, account_ids=(LINKEDIN_US,))
    own, foreign = (
        {"locations": ["103644278"], "audienceMatchingSegments": [f"urn:li:adSegment:{id_}"]}
        for id_ in ("8001", "8005")
    )
    counted = await engine_client.do(LINKEDIN, "audience_counts", "get", targeting_criteria=own)
    assert "total" in counted.data
    with pytest.raises(OutOfScope, match="targeting_criteria: 8005 is none of those that account"):
        await engine_client.do(LINKEDIN, "audience_counts", "get", targeting_criteria=foreign)
    with pytest.raises(OutOfScope):
        await engine_client.do(LINKEDIN, "dmp_segments", "list", account_id="523456789")
    campaign = {"account_id": LINKEDIN_US, "campaign_id": "300000001"}
    edits: tuple[tuple[str, dict[str, Any]], ...] = (
        ("update", {"targeting_criteria": foreign}),
        ("edit_targeting", {"exclude_add": {"audienceMatchingSegments": ["8005"]}}),
    )
    for action, edit in edits:
        with pytest.raises(OutOfScope, match="8005 is none of those that account 512345678 has"):
            await engine_client.do(LINKEDIN, "campaigns", action, **campaign, **edit)
    added = {"add": {"audienceMatchingSegments": ["8001"]}}
    plan = await engine_client.do(LINKEDIN, "campaigns", "edit_targeting", **campaign, **added)
    assert "8001" in plan.text


async def test_more_segments_than_a_page(engine_client: EngineClient) -> None:
    """Pages go by offset, to the end."""
    await engine_client.do(LINKEDIN, "accounts", "list")
    first = engine_client.store.get("linkedin.dmpSegment", CUSTOMERS)
    assert first
    for number in range(130):
        key = str(20_000 + number)
        engine_client.store.put("linkedin.dmpSegment", key, {**first, "_n": int(key), "id": int(key)})
    table = await engine_client.table(
        LINKEDIN, "dmp_segments", "list", account_id=LINKEDIN_US, source_platform="API", limit=200
    )
    assert len(table.rows) == 133
    assert table.meta["more"] is False
