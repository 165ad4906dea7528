"""Pages, their Instagram accounts, lead forms and leads: who may ask, as whom, what is shown of people."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import people
import pytest
from engine_client import FACEBOOK, JAPAN, US, EngineClient
from planning import applied, check_in, planned, undo_of, writes

from mcp_ads.engine.wire.authority import Authority, acting
from mcp_ads.errors import AuthError, InvalidParams, OutOfScope, PlatformDown

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
PAGE, PAGE_JP, BUSINESS = "104857600000001", "104857600000002", "334455667788990"
FORM, OLD_FORM, LEAD = "120250000000000002", "120250000000000001", "120260000000000003"
NEW: dict[str, Any] = {
    "page_id": PAGE,
    "name": "Call me back",
    "questions": [{"type": "EMAIL"}, {"type": "CUSTOM", "label": "Which boots?"}],
    "privacy_policy": {"url": "https://example.com/privacy"},
}
TOKEN = "sandbox-page"
"""How every page's token in the sandbox begins."""
SOMEBODY = ("example.com", "Sample", "Placeholder", "+1555")
"""What is in every lead of the sandbox."""


def kept(engine_client: EngineClient, *marks: str) -> list[str]:
    """Which files of ours have one of these in them."""
    engine_client.workspace.trace.flush()
    own = people.found("", engine_client.home, marks)
    return [place for place in own if not place.startswith("sandbox")]


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def asked_for_token(engine_client: EngineClient) -> int:
    return engine_client.sent().count(f"GET /v26.0/{PAGE}")


async def test_where_ads_are_published(engine_client: EngineClient) -> None:
    """The user's pages with what may be done for them, an account's, one page; its Instagram account."""
    mine = await engine_client.table(FACEBOOK, "pages", "list")
    assert mine.ids == [PAGE, PAGE_JP]
    assert "ADVERTISE" in mine.rows[0]["tasks"]
    promoted = await engine_client.table(FACEBOOK, "pages", "list", account_id=JAPAN)
    assert (promoted.ids, "tasks" in promoted.rows[0]) == ([PAGE_JP], False)
    page = (await engine_client.do(FACEBOOK, "pages", "get", page_id=PAGE)).data
    by_account = await engine_client.table(FACEBOOK, "instagram_accounts", "list", account_id=US)
    by_page = await engine_client.table(FACEBOOK, "instagram_accounts", "list", page_id=PAGE)
    assert by_account.rows == by_page.rows
    assert by_page.ids == [page["instagram_business_account"]["id"]]
    with pytest.raises(InvalidParams, match="account_id: give it or page_id, and not both"):
        await engine_client.do(FACEBOOK, "instagram_accounts", "list")


async def test_businesses(engine_client: EngineClient) -> None:
    """Those of the user, and one of them."""
    assert (await engine_client.table(FACEBOOK, "businesses", "list")).ids == [BUSINESS]
    one = await engine_client.do(
        FACEBOOK, "businesses", "get", business_id=BUSINESS, fields="name,primary_page"
    )
    assert one.data["primary_page"]["id"] == PAGE


async def test_a_form_is_made_put_away_and_brought_back(engine_client: EngineClient) -> None:
    """Its plan names page, questions and where its policy leads; taking it back archives it."""
    forms = await engine_client.table(FACEBOOK, "lead_forms", "list", page_id=PAGE)
    assert [(row["id"], row["status"]) for row in forms.rows] == [(FORM, "ACTIVE"), (OLD_FORM, "ARCHIVED")]
    plan = await engine_client.do(FACEBOOK, "lead_forms", "create", **NEW)
    assert 'page_id 104857600000001 "Tern & Tide"' in plan.text
    assert "asks for EMAIL, Which boots?" in plan.text
    assert '"https://example.com/privacy"' in plan.text
    assert "neither changes nor deletes a lead form: taking this back archives it" in plan.text
    assert "not validated by the platform" in plan.text
    made = await applied(engine_client, plan.data["plan_id"])
    form = made.data["steps"][0]["id"]
    shown = (await engine_client.do(FACEBOOK, "lead_forms", "get", page_id=PAGE, form_id=form)).data
    assert (shown["name"], shown["status"]) == (NEW["name"], "ACTIVE")
    await applied(engine_client, undo_of(made))
    again = await engine_client.do(FACEBOOK, "lead_forms", "get", page_id=PAGE, form_id=form)
    assert again.data["status"] == "ARCHIVED"
    await applied(
        engine_client, await planned(engine_client, "lead_forms", "restore", page_id=PAGE, form_id=form)
    )
    done = await applied(
        engine_client,
        await planned(engine_client, "lead_forms", "archive", page_id=PAGE, form_id=[form, FORM]),
    )
    assert "2 of 2 done" in done.text
    await applied(engine_client, undo_of(done))
    states = await engine_client.table(FACEBOOK, "lead_forms", "list", page_id=PAGE)
    assert [row["status"] for row in states.rows] == ["ACTIVE", "ACTIVE", "ARCHIVED"]
    assert [write.split()[0] for write in writes(engine_client)] == ["create", *["update"] * 6]


async def test_a_form_that_facebook_would_refuse(engine_client: EngineClient) -> None:
    """Every mistake by its place, and a page without the terms; what is only unknown here is a warning."""
    wrong = {
        "questions": [{"type": "CUSTOM"}, {"label": "x"}, {"type": "CUSTOM", "label": "x", "options": ["a"]}],
        "privacy_policy": {"url": "example.com", "link_text": "x" * 71},
        "thank_you_page": {"title": "Thanks", "button_type": "CALL_BUSINESS"},
        "context_card": {"style": "TABLE"},
    }
    with pytest.raises(InvalidParams) as caught:
        await engine_client.do(FACEBOOK, "lead_forms", "create", **NEW | wrong)
    said = [line.partition(": ")[0] for line in caught.value.lines]
    assert said == [
        *(f"questions[{number}]" for number in range(3)),
        "privacy_policy", "privacy_policy", "thank_you_page", "context_card",
    ]  # fmt: skip
    with pytest.raises(InvalidParams, match="has not accepted the lead ads terms"):
        await engine_client.do(FACEBOOK, "lead_forms", "create", **NEW | {"page_id": PAGE_JP})
    odd = {"questions": [{"type": "SHOE_SIZE"}], "privacy_policy": None}
    plan = await engine_client.do(FACEBOOK, "lead_forms", "create", **NEW | odd)
    assert "the question type SHOE_SIZE is none that is known here" in plan.text
    assert "no privacy_policy" in plan.text
    assert writes(engine_client) == []


async def test_a_lost_answer_to_a_create_is_looked_for(engine_client: EngineClient) -> None:
    """The check lists the page's forms and finds the one of that name."""
    plan_id = await planned(engine_client, "lead_forms", "create", **NEW)
    engine_client.fault("500", when="after", method="POST", path="leadgen_forms")
    text = (await applied(engine_client, plan_id)).text
    assert "UNKNOWN" in text
    (made,) = [write.split()[2] for write in writes(engine_client)]
    assert f'looking now: there is lead form "Call me back", id {made}' in text
    connector, entity, action, params = check_in(text)
    assert (entity, action, params["page_id"]) == ("lead_forms", "list", PAGE)
    assert (await engine_client.do(connector, entity, action, **params)).data[0]["id"] == made


async def test_leads_are_hidden_until_they_are_named(engine_client: EngineClient) -> None:
    """Of a form or of an ad, since a day; answers by the keys of questions, the usual ones by column."""
    table = await engine_client.table(FACEBOOK, "leads", "list", form_id=FORM)
    assert len(table.rows) == 5
    assert {row["email"] for row in table.rows} == {row["answers"] for row in table.rows} == {"(hidden)"}
    assert "about 90 days" in table.meta["hidden"]
    named = await engine_client.table(
        FACEBOOK, "leads", "list", form_id=FORM, fields="email,answers.which_boots?"
    )
    assert named.rows[0] == {"email": "sam5@example.com", "answers.which_boots?": "Tide 2"}
    by_theirs = await engine_client.table(
        FACEBOOK, "leads", "list", form_id=FORM, fields="field_data.email", where="field_data.email ~ 'sam5'"
    )
    assert by_theirs.rows == [{"email": "sam5@example.com"}]
    of_ad = await engine_client.table(FACEBOOK, "leads", "list", ad_id=table.rows[0]["ad_id"], page_id=PAGE)
    assert of_ad.ids == table.ids[:4]
    day = table.rows[1]["created_time"][:10]
    since = await engine_client.table(FACEBOOK, "leads", "list", form_id=FORM, since=day)
    assert since.ids == [row["id"] for row in table.rows if row["created_time"][:10] >= day]
    until = await engine_client.table(FACEBOOK, "leads", "list", form_id=FORM, until=day)
    assert until.ids == [row["id"] for row in table.rows if row["created_time"][:10] <= day]
    one = await engine_client.do(FACEBOOK, "leads", "get", lead_id=LEAD)
    assert (one.data["full_name"], one.data["form_id"]) == ("(hidden)", FORM)
    whole = await engine_client.do(FACEBOOK, "leads", "get", lead_id=LEAD, fields=["field_data"])
    assert whole.data["answers"] == {"which_boots?": "Tide 2"}
    assert kept(engine_client, *SOMEBODY) == []


@pytest.mark.parametrize(
    "fields", ["leads", "leads{field_data}", "adset{ads.limit(1){leads{field_data}}}", "id,field_data"]
)
async def test_leads_are_read_by_no_other_way(engine_client: EngineClient, fields: str) -> None:
    """What expands them elsewhere would be shown and written down."""
    with pytest.raises(InvalidParams, match="about people: `leads list` reads them"):
        await engine_client.do(FACEBOOK, "ads", "get", ad_id="1202130000000000000", fields=fields)
    assert engine_client.sent() == []


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ({}, "form_id: give it or ad_id, and not both"),
        ({"form_id": FORM, "ad_id": "1"}, "form_id: give it or ad_id, and not both"),
        ({"form_id": FORM, "fields": "emial"}, "fields: 'emial' is no field here; did you mean email"),
        ({"form_id": FORM, "since": "last spring"}, r"since: write a day \(2026-11-01\), or a time"),
        ({"form_id": FORM, "since": "2026-11-03", "until": "2026-11-02"}, "since: it is not before until"),
        ({"form_id": f"{FORM}/leads"}, "form_id"),
        ({"form_id": FORM, "where": "field_data.email ~ 'a'"}, "email: is hidden unless fields names it"),
        ({"form_id": FORM, "where": "field_data.boots = 'a'"}, "answers: is hidden unless fields names it"),
        ({"form_id": FORM, "where": "field_data ~ 'a'"}, "answers: is hidden unless fields names it"),
        ({"form_id": FORM, "sort": "first_name"}, "first_name: is hidden unless fields names it"),
        ({"form_id": FORM, "group_by": "city"}, "city: is hidden unless fields names it"),
    ],
)
async def test_leads_that_are_asked_for_wrongly(
    engine_client: EngineClient, params: dict[str, str], why: str
) -> None:
    """Each mistake names its parameter, and nothing is sent."""
    with pytest.raises(InvalidParams, match=why):
        await engine_client.do(FACEBOOK, "leads", "list", **params)
    assert engine_client.sent() == []


async def test_leads_in_a_file(engine_client_with: EngineClients, tmp_path: Path) -> None:
    """In full, each answer in a column of its own, and nowhere else on the disk."""
    (tmp_path / "files").mkdir()
    engine_client = engine_client_with(MCP_ADS_FILES=str(tmp_path / "files"))
    table = await engine_client.table(FACEBOOK, "leads", "list", form_id=FORM, save_to="leads.csv", limit=1)
    rows = rows_of(Path(table.meta["saved"]))
    assert len(rows) == 5
    assert (rows[0]["email"], rows[0]["which_boots?"]) == ("sam5@example.com", "Tide 2")
    assert table.rows[0]["email"] == "(hidden)"
    assert table.meta["saved_rows"] == 5
    assert "older than about 90 days" in table.meta["hidden"]
    assert "save_to" not in table.meta["hidden"]
    ids = await engine_client.table(FACEBOOK, "leads", "list", form_id=FORM, fields=["id"])
    assert "save_to" not in ids.meta["hidden"]
    assert kept(engine_client, *SOMEBODY) == []


async def test_a_pages_token_is_nowhere(engine_client: EngineClient) -> None:
    """It is asked for once, signs what is the page's, and is in no answer, plan, log, trace or file."""
    said = [(await engine_client.table(FACEBOOK, "lead_forms", "list", page_id=PAGE, limit=1)).text]
    plan = await engine_client.do(FACEBOOK, "lead_forms", "create", **NEW)
    said += [plan.text, (await applied(engine_client, plan.data["plan_id"])).text]
    said.append((await engine_client.table(FACEBOOK, "pages", "list")).text)
    raw = await engine_client.do(FACEBOOK, "graph", "get", path="/me/accounts")
    said.append(engine_client.workspace.text(raw))
    for fields in ("access_token", "id,access_token", "name,page_token"):
        with pytest.raises(InvalidParams, match=r"cannot be read here|is no field"):
            await engine_client.do(FACEBOOK, "pages", "get", page_id=PAGE, fields=fields)
    engine_client.fault("cut", times=4, path="leadgen_forms")
    with pytest.raises(PlatformDown) as caught:
        await engine_client.do(FACEBOOK, "lead_forms", "list", page_id=PAGE)
    said += [str(caught.value), caught.value.fix, caught.value.platform_text]
    assert TOKEN not in "".join(said)
    assert kept(engine_client, TOKEN) == []
    trace = (engine_client.home / "trace.jsonl").read_text()
    assert "fields=access_token" in trace.replace("%20", "")


async def test_a_pages_token_is_asked_for_again_when_it_is_refused(engine_client: EngineClient) -> None:
    """Once for many calls; when Facebook has withdrawn it, once more, and a change is still made once."""
    for _ in range(2):
        await engine_client.do(FACEBOOK, "lead_forms", "list", page_id=PAGE)
    assert asked_for_token(engine_client) == 1
    page = engine_client.store.get("facebook.page", PAGE) or {}
    engine_client.store.put("facebook.page", PAGE, {**page, "_turn": 2})
    plan_id = await planned(engine_client, "lead_forms", "archive", page_id=PAGE, form_id=FORM)
    assert asked_for_token(engine_client) == 2
    engine_client.store.put("facebook.page", PAGE, {**page, "_turn": 3})
    assert "1 of 1 done" in (await applied(engine_client, plan_id)).text
    assert writes(engine_client) == [f"update form {FORM}"]


async def test_callers_share_no_token_of_a_page(engine_client: EngineClient) -> None:
    """Whoever calls with another token of the server has the page's asked for anew."""
    for name in ("anna", "bob", "anna"):
        with acting(Authority(name, "read")):
            await engine_client.do(FACEBOOK, "lead_forms", "list", page_id=PAGE)
    assert asked_for_token(engine_client) == 2


async def test_what_a_page_signs_has_its_own_proof(engine_client: EngineClient) -> None:
    """With the app's secret, the page's token goes with a proof of its own, where an app demands one."""
    object.__setattr__(
        engine_client.settings.platforms[FACEBOOK],
        "credentials",
        {"ACCESS_TOKEN": "sandbox-proof", "CLIENT_SECRET": "sandbox-secret"},
    )
    forms = await engine_client.table(FACEBOOK, "lead_forms", "list", page_id=PAGE)
    assert forms.ids == [FORM, OLD_FORM]
    assert kept(engine_client, TOKEN) == []


@pytest.mark.parametrize(
    ("token", "call", "fix"),
    [
        ("sandbox-stranger", ("lead_forms", "list", {"page_id": PAGE}), "pages_show_list"),
        ("sandbox-noforms", ("lead_forms", "list", {"page_id": PAGE}), "give the token pages_manage_ads"),
        ("sandbox-noleads", ("leads", "list", {"form_id": FORM}), "leads_retrieval"),
        ("sandbox-noleads", ("leads", "list", {"form_id": FORM, "page_id": PAGE}), "leads_retrieval"),
        ("sandbox-noleads", ("leads", "get", {"lead_id": LEAD}), "leads_retrieval"),
    ],
)
async def test_what_is_lacking_is_named(
    engine_client: EngineClient, token: str, call: tuple[str, str, dict[str, str]], fix: str
) -> None:
    """The permission or the role, and nothing about signing in again."""
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "credentials", {"ACCESS_TOKEN": token})
    entity, action, params = call
    with pytest.raises(AuthError) as caught:
        await engine_client.do(FACEBOOK, entity, action, **params)
    assert fix in caught.value.fix
    assert not caught.value.sign_in


async def test_a_token_of_a_page_that_is_refused(engine_client: EngineClient) -> None:
    """What the user lacks on the page is said; a dead token of the user's is that."""
    for code, fix in ((10, "a role on the page"), (190, "make a new access token")):
        engine_client.fault("throttle", code=code, path=f"/{PAGE}$")
        with pytest.raises(AuthError) as caught:
            await engine_client.do(FACEBOOK, "lead_forms", "list", page_id=PAGE)
        assert fix in caught.value.fix


async def test_pages_of_others_under_an_allow_list(engine_client: EngineClient) -> None:
    """Pages and forms are no account's: they are read, never changed; leads only by an ad of an account."""
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (JAPAN,))
    assert (await engine_client.table(FACEBOOK, "lead_forms", "list", page_id=PAGE)).ids == [FORM, OLD_FORM]
    for entity, action, params in (
        ("pages", "list", {"account_id": US}),
        ("instagram_accounts", "list", {"account_id": US}),
        ("lead_forms", "create", NEW),
        ("lead_forms", "archive", {"page_id": PAGE, "form_id": FORM}),
        ("leads", "list", {"form_id": FORM}),
        ("leads", "list", {"ad_id": "1202130000000000000"}),
        ("leads", "get", {"lead_id": LEAD}),
    ):
        with pytest.raises(OutOfScope):
            await engine_client.do(FACEBOOK, entity, action, **params)
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (US,))
    mine = await engine_client.table(FACEBOOK, "leads", "list", ad_id="1202130000000000000")
    assert len(mine.rows) == 4
