"""People in a call: hashed where it comes in, sent when its plan is applied, and written down nowhere."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import people
import pytest
from agent import Agent
from between import between
from engine_client import FACEBOOK, JAPAN, EngineClient
from fastmcp import Client
from people import AUDIENCE, CRM, EMAIL, HASHES, LAST, MARKS, PHONE, ROW
from planning import applied, planned, writes
from shell import Shell

from mcp_ads import connect
from mcp_ads.engine.door import Engine
from mcp_ads.errors import CallError, InvalidParams, Rejected, StalePlan
from mcp_ads.server import build_server

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]


@pytest.fixture
def heard_fastmcp(monkeypatch: pytest.MonkeyPatch) -> None:
    """What FastMCP logs is heard, as it is where the server is started with MCP_ADS_LOG_LEVEL=DEBUG."""
    monkeypatch.setattr(logging.getLogger("fastmcp"), "propagate", True)
    monkeypatch.setattr(logging.getLogger("fastmcp"), "level", logging.DEBUG)


def kept(engine_client: EngineClient) -> list[Path]:
    """What is kept of private values."""
    return [path for path in (engine_client.home / "blobs").glob("*") if path.is_file()]


async def add(engine_client: EngineClient, **params: Any) -> str:
    return await planned(engine_client, "custom_audiences", "add_users", **params)


@pytest.mark.parametrize("shape", people.SHAPES)
async def test_rows_are_sent_hashed(engine_client: EngineClient, shape: str) -> None:
    """However they are written: by Meta's keys, normalised and hashed, and nothing of them stays behind."""
    asked = between(engine_client, lambda _: None)
    plan = await add(engine_client, **people.SHAPES[shape])
    assert plan.startswith(
        "adds-1-person-by-email-phone-ln-extern-id-audience.customers-all-time.act-1234567890."
    )
    assert len(kept(engine_client)) == 1
    assert "add users" not in str(writes(engine_client))
    text = engine_client.workspace.text(await applied(engine_client, plan))
    assert writes(engine_client) == [f"add users {AUDIENCE}"]
    form = parse_qs(posted(asked))
    payload, session = (json.loads(form[name][0]) for name in ("payload", "session"))
    assert payload == {
        "schema": ["EMAIL", "PHONE", "LN", "EXTERN_ID"],
        "is_raw": True,
        "data": [[*HASHES, CRM]],
    }
    assert session["estimated_num_total"] == session["batch_seq"] == 1
    assert "APPLIED: 1 of 1 done" in text
    assert len(kept(engine_client)) == 1  # for the undo
    engine_client.workspace.trace.flush()
    assert people.astray(text + plan, engine_client.home) == []


def posted(asked: list[httpx.Request]) -> str:
    """The body of the last change that was asked for."""
    return [request.content.decode() for request in asked if request.method == "POST"][-1]


async def test_what_is_kept_until_then_is_hashed_and_private(engine_client: EngineClient) -> None:
    """Only the owner can read it, and it has the hashes and no person; everything else has a digest."""
    plan = await add(
        engine_client, audience_id=AUDIENCE, users=[{"email": EMAIL, "phone": PHONE, "ln": LAST}]
    )
    (path,) = kept(engine_client)
    assert path.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text().split("\n")[1]) == list(HASHES)
    assert people.found(plan, engine_client.home, MARKS) == []
    engine_client.workspace.trace.flush()
    assert people.found(plan, engine_client.home) == [f"blobs/{path.name}"]


@pytest.mark.parametrize("mode", ["plan", "direct"])
@pytest.mark.parametrize("wrong", people.WRONG)
async def test_mistakes_say_nothing_of_people(
    engine_client_with: EngineClients, mode: str, wrong: str
) -> None:
    """A call that is refused keeps nothing, sends nothing and quotes nothing."""
    engine_client = engine_client_with(MCP_ADS_WRITES=mode)
    with pytest.raises(CallError) as caught:
        await add(engine_client, **{"audience_id": AUDIENCE, **people.WRONG[wrong]})
    text = engine_client.workspace.error_text(caught.value)
    engine_client.workspace.trace.flush()
    assert people.found(text, engine_client.home) == []
    assert kept(engine_client) == []
    assert writes(engine_client) == []


async def test_a_table_without_a_folder(engine_client: EngineClient) -> None:
    """What the parameter takes instead is said."""
    with pytest.raises(
        InvalidParams, match=r"^users: .* the user sets it to a folder; or send the rows themselves$"
    ):
        await add(engine_client, audience_id=AUDIENCE, users="people.csv")


@pytest.mark.slow
async def test_mistakes_are_told_apart(engine_client: EngineClient) -> None:
    """A line for each row that is wrong, with its number and its key, beside the call's other mistakes."""
    rows = [ROW, {"email": "x", "phone": "y"}, {"nickname": "z"}, 7]
    with pytest.raises(InvalidParams) as caught:
        await add(engine_client, audience_id="x", users=rows)
    lines = [line.partition(";")[0].partition(" of ")[0] for line in caught.value.lines]
    assert lines[1:] == [
        "users: row 2: EMAIL is no e-mail address",
        "users: row 3: column 1 is none",
        "users: row 4: not an object with a value for each column",
    ]
    assert lines[0].startswith("audience_id: ")
    with pytest.raises(InvalidParams, match="and 7 more rows"):
        await add(engine_client, audience_id=AUDIENCE, users=[{"email": "x"}] * 12)
    with pytest.raises(InvalidParams, match="more than 100,000 rows"):
        await add(engine_client, audience_id=AUDIENCE, users=[{"email": EMAIL}] * 100_001)


@pytest.mark.slow
async def test_more_people_than_a_request_takes(engine_client: EngineClient) -> None:
    """Batches of 10,000 make one upload under one approval; after a lost one, none of them is sent again."""
    asked = between(engine_client, lambda _: None)
    rows = [{"email": f"{number}@example.com"} for number in range(25_000)]
    plan = await add(engine_client, audience_id=AUDIENCE, users=rows)
    assert plan.startswith("adds-25000-people-by-email-audience.")
    assert "APPLIED" in (await applied(engine_client, plan)).text
    forms = [parse_qs(request.content.decode()) for request in asked if request.method == "POST"]
    sessions = [json.loads(form["session"][0]) for form in forms]
    assert [(session["batch_seq"], session["last_batch_flag"]) for session in sessions] == [
        (1, False),
        (2, False),
        (3, True),
    ]
    data = [row for form in forms for row in json.loads(form["payload"][0])["data"]]
    assert data == [[people.digest(row["email"])] for row in rows]
    (session,) = engine_client.store.all("facebook.session")
    assert (session["num_received"], session["num_invalid_entries"], session["closed"]) == (25_000, 0, True)

    lost = await add(engine_client, audience_id=AUDIENCE, users=rows)
    engine_client.fault("cut", method="POST", path="users", skip=1)
    text = (await applied(engine_client, lost)).text
    assert "UNKNOWN" in text
    again = (await applied(engine_client, lost)).text
    assert "nothing was sent now" in again
    assert max(row["num_received"] for row in engine_client.store.all("facebook.session")) == 25_000
    assert sorted(row["batch_seq"] for row in engine_client.store.all("facebook.session")) == [2, 3]


async def test_another_process_applies_the_plan(engine_client: EngineClient) -> None:
    """The process that planned is gone: what it kept is what is sent."""
    plan = await add(engine_client, **people.SHAPES["list"])
    await engine_client.workspace.close()
    other = Engine(engine_client.settings)
    text = other.text(await other.apply(plan))
    await other.close()
    (session,) = engine_client.store.all("facebook.session")
    assert (session["num_received"], session["num_invalid_entries"]) == (1, 0)
    assert people.astray(text, engine_client.home) == []


@pytest.mark.parametrize("harm", ["gone", "changed"])
async def test_what_was_kept_is_not_there_any_more(engine_client: EngineClient, harm: str) -> None:
    """Nothing is sent, and the plan can be made again."""
    plan = await add(engine_client, **people.SHAPES["list"])
    (path,) = kept(engine_client)
    path.unlink() if harm == "gone" else path.write_text('["EMAIL"]\n["x"]')
    with pytest.raises(StalePlan, match="kept") as caught:
        await applied(engine_client, plan)
    assert caught.value.fix
    assert writes(engine_client) == []
    await applied(engine_client, await add(engine_client, **people.SHAPES["list"]))
    assert writes(engine_client) == [f"add users {AUDIENCE}"]


async def test_two_plans_with_the_same_people(engine_client: EngineClient) -> None:
    """What one of them has sent is still there for the other."""
    one, other = [await add(engine_client, **people.SHAPES["list"]) for _ in range(2)]
    await applied(engine_client, one)
    assert len(kept(engine_client)) == 1
    await applied(engine_client, other)
    assert len(writes(engine_client)) == 2


async def test_a_plan_that_was_added_to(engine_client: EngineClient) -> None:
    """A list that is made and the people in it are one plan."""
    new = {"name": "Buyers", "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
    first = await planned(engine_client, "custom_audiences", "create", account_id="1234567890", **new)
    plan = await add(engine_client, append_to=first, audience_id="@1.id", users=[ROW])
    text = engine_client.workspace.text(await applied(engine_client, plan))
    assert "APPLIED: 2 of 2 done" in text
    assert "no undo" not in text
    (session,) = engine_client.store.all("facebook.session")
    assert session["num_received"] == 1
    assert people.found(text, engine_client.home) == []


async def test_the_digest_of_a_plan_stands_for_its_people(engine_client: EngineClient) -> None:
    """What was exchanged may be given again, as it stands in the plan, and never for more than it is."""
    await add(engine_client, **people.SHAPES["list"])
    value = engine_client.workspace.plans.all()[0].steps[0].params["users"]
    await applied(engine_client, await add(engine_client, audience_id=AUDIENCE, users=value))
    assert writes(engine_client) == [f"add users {AUDIENCE}"]
    for lie in (
        {"rows": 2},
        {"kept": "0" * 64},
        {"columns": ["EMAIL"]},
        {"more": 1},
        {"filled": [9, 1, 1, 1]},
    ):
        with pytest.raises(InvalidParams, match="users: no"):
            await add(engine_client, audience_id=AUDIENCE, users={**value, **lie})


async def test_a_platform_that_quotes_them(engine_client: EngineClient) -> None:
    """Neither the answer, the audit log, the plan nor the trace has what a refusal or a success repeats."""
    said = f"invalid: {HASHES[0]}, {HASHES[1].upper()} or {CRM} of {EMAIL}, tel. +1 555 730-1234"

    def quoting(request: httpx.Request) -> httpx.Response | None:
        if request.method != "POST":
            return None
        return httpx.Response(400, json={"error": {"message": said, "type": "X", "code": 100}})

    plan = await add(engine_client, **people.SHAPES["list"])
    await engine_client.workspace.close()
    engine_client.workspace._sessions.clear()
    between(engine_client, quoting)
    text = engine_client.workspace.text(await applied(engine_client, plan))
    await engine_client.workspace.close()
    engine_client.workspace.trace.flush()
    assert "NOT DONE" in text
    assert "invalid: [hidden], [hidden] or [hidden] of [hidden]" in text
    assert people.found(text, engine_client.home) == []


async def test_a_lost_answer(engine_client: EngineClient) -> None:
    """It is unknown, said to be nothing that can be read back, and never sent again."""
    plan = await add(engine_client, **people.SHAPES["list"])
    engine_client.fault("cut", method="POST", path="users")
    text = engine_client.workspace.text(await applied(engine_client, plan))
    again = engine_client.workspace.text(await applied(engine_client, plan))
    assert "UNKNOWN: 0 of 1 done" in text
    assert "check: what it does cannot be read back" in text
    assert len(writes(engine_client)) == 1
    assert "nothing was sent now" in again
    engine_client.workspace.trace.flush()
    assert people.found(text + again, engine_client.home) == []


async def test_lists_that_take_nobody(engine_client: EngineClient) -> None:
    """Lookalikes, what Meta has flagged, and accounts whose terms nobody accepted."""
    for audience, why in (("3", "customer lists only"), ("5", "flagged")):
        with pytest.raises(InvalidParams, match=why):
            await add(engine_client, audience_id=f"120215000000000000{audience}", users=[ROW])
    rows = (await engine_client.do(FACEBOOK, "custom_audiences", "list", account_id=JAPAN)).data
    mine = next(row["id"] for row in rows if row["name"] == "Newsletter")
    with pytest.raises(Rejected, match="nobody has accepted the custom audience terms") as caught:
        await add(engine_client, audience_id=mine, users=[ROW])
    assert f"tos/?act={JAPAN}" in caught.value.fix
    assert "a system user cannot" in caught.value.fix
    assert people.found(str(caught.value), engine_client.home) == []
    assert kept(engine_client) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("writes_mode", "action"), [("plan", "add_users"), ("direct", "add_users"), ("plan", "remove_users")]
)
async def test_an_agent_adds_and_removes_people(
    engine_client_with: EngineClients,
    caplog: pytest.LogCaptureFixture,
    heard_fastmcp: None,
    writes_mode: str,
    action: str,
) -> None:
    """Over MCP, by hoisted parameters too: nothing in answers, resources, logs and files."""
    engine_client, said = engine_client_with(MCP_ADS_WRITES=writes_mode), list[str]()
    with caplog.at_level(logging.DEBUG):
        async with Client(build_server(engine_client.settings, engine_client.workspace)) as client:
            agent = Agent(client)
            for params in people.SHAPES.values():
                call = {"entity": "custom_audiences", "action": action}
                said.append(await agent.good("facebook_marketing_execute", **call, params=params))
                said.append(await agent.good("facebook_marketing_execute", **call, params=json.dumps(params)))
            if writes_mode == "plan":
                plan = said[0].split("PLAN ")[1].split()[0]
                said += [await agent.read(f"ads://plans/{plan}"), await agent.good("ads_describe")]
                said += [await agent.good("ads_apply", plan_id=plan), await agent.read(f"ads://plans/{plan}")]
            for wrong in people.WRONG.values():
                params = {"audience_id": AUDIENCE, **wrong}
                said.append(await agent.wrong("facebook_marketing_execute", **call, params=params))
            beside = {"audience_id": AUDIENCE, "users": [ROW]}
            said.append(await agent.good("facebook_marketing_execute", **call, **beside))
    open_plans = writes_mode == "plan"
    assert "fastmcp" in {record.name.partition(".")[0] for record in caplog.records}
    assert len(kept(engine_client)) == open_plans
    places = people.found("\n".join(said) + caplog.text, engine_client.home)
    assert places == [f"blobs/{path.name}" for path in kept(engine_client)]
    assert people.found("", engine_client.home, MARKS[:-1]) == []


async def test_a_program_adds_people(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`connect()` exchanges them as the server does."""
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    monkeypatch.setenv("MCP_ADS_SANDBOX", "1")
    async with connect("facebook-marketing") as client:
        plan = await client.execute("custom_audiences", "add_users", people.SHAPES["list"])
        done = await client.apply(plan.data["plan_id"])
        said = json.dumps([plan.data, done.data, await client.plans()])
    assert done.data["state"] == "applied"
    assert people.astray(said, tmp_path) == []


def test_the_shell_adds_people(shell: Shell) -> None:
    """`call`, `plans`, `apply` and `trace` say nothing of them; a table of them may be a file."""
    files = shell.here / "files"
    files.mkdir()
    (files / "people.csv").write_text(f"\ufeffEmail,Phone,LN\n{EMAIL},{PHONE},{LAST}\n", "utf-8")
    shell.set(MCP_ADS_SANDBOX="1", MCP_ADS_FILES=str(files))
    params = json.dumps({"audience_id": AUDIENCE, "users": "people.csv"})
    call = ("call", "facebook-marketing", "custom_audiences", "add_users", "--params", params)
    code, out, err = shell.run(*call, "--format", "json")
    assert code == 0
    plan = json.loads(out)["data"]["plan_id"]
    said = out + err + "".join(shell.run("plans")[1:])
    code, out, err = shell.run("apply", plan)
    assert code == 0
    listed = shell.run("trace")[1]
    said += out + err + listed
    said += "".join(shell.run("trace", line[:8])[1] for line in listed.splitlines() if "POST" in line)
    assert "(private: " in said
    assert people.astray(said, shell.home) == []


async def test_an_answer_that_belies_it(engine_client: EngineClient) -> None:
    """What Facebook could not use is said; fewer rows, another audience or upload show nothing to be done."""

    def answering(**lie: Any) -> Callable[[httpx.Request], httpx.Response | None]:
        def answers(request: httpx.Request) -> httpx.Response | None:
            if request.method != "POST":
                return None
            session = json.loads(parse_qs(request.content.decode())["session"][0])["session_id"]
            true = {"audience_id": AUDIENCE, "session_id": str(session), "num_received": 1}
            return httpx.Response(200, json={**true, **lie})

        return answers

    def quick(**lie: Any) -> None:
        engine_client.workspace._sessions.clear()
        between(engine_client, answering(**lie))

    await engine_client.workspace.close()
    quick(num_invalid_entries=1, invalid_entry_samples=[HASHES[0]])
    text = engine_client.workspace.text(
        await applied(engine_client, await add(engine_client, **people.SHAPES["list"]))
    )
    assert "APPLIED: 1 of 1 done" in text
    assert "Facebook could not use 1 of them" in text
    assert people.astray(text, engine_client.home) == []
    for lie in ({"num_received": 0}, {"audience_id": "1"}, {"session_id": "1"}):
        await engine_client.workspace.close()
        quick(**lie)
        text = engine_client.workspace.text(
            await applied(engine_client, await add(engine_client, **people.SHAPES["list"]))
        )
        assert text.startswith("SANDBOX: invented data\nUNKNOWN"), lie


@pytest.mark.parametrize(
    "text", ["Zed <zed@example.com>", "mailto:zed@example.com", "a@b@c.com", "a@x..com", "a@x.com;b@x.com"]
)
async def test_what_is_no_address_alone_matches_nobody(engine_client: EngineClient, text: str) -> None:
    """It would be hashed and taken, and match nobody."""
    with pytest.raises(InvalidParams) as caught:
        await add(engine_client, audience_id=AUDIENCE, users=[{"email": text}])
    assert str(caught.value) == "users: row 1: EMAIL is no e-mail address"


@pytest.mark.parametrize("phone", ["415 555 0100", "(415) 555-0100", "4155550100", "030 1234567"])
async def test_a_number_without_its_country_matches_nobody(engine_client: EngineClient, phone: str) -> None:
    """It is refused by its row and without a word of it; with its country beside it, it is understood."""
    with pytest.raises(InvalidParams) as caught:
        await add(engine_client, audience_id=AUDIENCE, users=[ROW, {"phone": phone}])
    assert str(caught.value).startswith("users: row 2: PHONE has no country code, so it can match nobody")
    assert phone not in str(caught.value)
    for known in (
        {"phone": phone, "country": "US"},
        {"phone": "0049 30 1234567"},
        {"phone": "(+49) 30 12345"},
    ):
        assert await add(engine_client, audience_id=AUDIENCE, users=[known])


async def test_a_plan_says_what_is_sent(engine_client: EngineClient) -> None:
    """How many rows have which keys, hashed, equal ones once; then what came of it."""
    rows = [{"email": EMAIL, "phone": PHONE}, {"email": EMAIL.upper(), "phone": f"+{PHONE}"}]
    rows += [{"email": "b@example.com"}, {"email": "c@example.com"}]
    plan = await engine_client.do(FACEBOOK, "custom_audiences", "add_users", audience_id=AUDIENCE, users=rows)
    assert plan.data["plan_id"].startswith("adds-3-people-by-email-phone-audience.")
    says = "adds 3 people by email, phone: 3 with EMAIL, 1 with PHONE; hashed here (SHA-256)"
    assert says in plan.text
    assert "1 given more than once is sent once" in plan.text
    assert '"data":"<3 rows of EMAIL, PHONE>"' in plan.text
    text = (await applied(engine_client, plan.data["plan_id"])).text
    assert "; Facebook has received 3, none badly hashed" in text
    (session,) = engine_client.store.all("facebook.session")
    assert session["num_received"] == 3
    ids = await engine_client.do(
        FACEBOOK, "custom_audiences", "add_users", audience_id=AUDIENCE, users=[{"extern_id": CRM}]
    )
    assert "but for EXTERN_ID, which Facebook takes as they are" in ids.text
