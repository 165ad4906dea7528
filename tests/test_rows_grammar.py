"""One grammar for the rows of every list, and results that later calls begin from."""

from __future__ import annotations

import csv
import json
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient, Table
from named_tokens import entry, running
from people import MARKS
from shell import Shell

from mcp_ads.connectors import connector
from mcp_ads.core import Action, describe
from mcp_ads.core.column_names import conventional
from mcp_ads.core.view import TableView, view_of
from mcp_ads.errors import InvalidParams, OutOfScope
from mcp_ads.sandbox.ports import Servers

pytestmark = pytest.mark.anyio
KEYWORDS = (AMAZON, "sponsored_product_keywords", "list")
BROAD: dict[str, Any] = {"profile_id": PROFILE, "where": "matchType = 'BROAD'"}
LISTS: dict[str, tuple[str, str, dict[str, Any], str]] = {
    FACEBOOK: ("campaigns", "list", {"account_id": US}, "status"),
    LINKEDIN: ("campaigns", "list", {"account_id": LINKEDIN_US}, "status"),
    AMAZON: ("sponsored_product_campaigns", "list", {"profile_id": PROFILE}, "state"),
}
RESERVED = {
    "where", "filter", "sort", "top", "group_by", "limit", "cursor", "from", "from_", "over", "accounts",
    "save_to", "totals", "compare", "by", "connection", "items", "append_to", "steps", "propose", "bid_to",
}  # fmt: skip
FORM = "120250000000000002"


def lists() -> list[tuple[str, type[Action]]]:
    """Every read that answers with rows, and what it is called."""
    found = []
    for name in LISTS:
        known = connector(name)
        for entity in known.names():
            for action, kind in known.entity(entity).actions.items():
                if kind.risk == "read" and view_of(kind) is TableView:
                    found.append((f"{name} {entity}.{action}", kind))
    return found


async def every(
    client: EngineClient, connector: str, entity: str, action: str, **params: Any
) -> list[dict[str, Any]]:
    """All rows of a plain list, page after page."""
    rows, cursor = [], ""
    while True:
        more: dict[str, Any] = {"cursor": cursor} if cursor else {}
        page = await client.workspace.execute(connector, entity, action, {**params, **more, "limit": 1000})
        rows += page.data
        cursor = page.meta.get("cursor", "")
        if not cursor:
            return rows


async def begun(client: EngineClient, result: str, **params: Any) -> Table:
    """What a call answers that begins from a result, in a tool that is none of its business."""
    return await client.table(FACEBOOK, "campaigns", "list", **params, **{"from": result})


async def test_a_condition_is_about_every_row_of_a_list(looking: EngineClient) -> None:
    """One call counts the broad keywords of all pages, and says which rows it was computed from."""
    rows = await every(looking, *KEYWORDS, profile_id=PROFILE)
    answer = await looking.table(*KEYWORDS, **BROAD, limit=3)
    assert answer.meta["total"] == sum(row["matchType"] == "BROAD" for row in rows) > 25
    assert answer.meta["rows"] == 3
    assert answer.meta["more"] is True
    assert answer.meta["result"].startswith("r_")


async def test_pages_of_a_condition_follow_each_other(looking: EngineClient) -> None:
    """Every page is of the same rows, also after the same list was asked for anew in between."""
    first = await looking.table(*KEYWORDS, **BROAD, limit=100)
    await looking.table(*KEYWORDS, profile_id=PROFILE, where="matchType = 'EXACT'")
    seen, cursor = [row["keywordId"] for row in first.rows], first.meta["cursor"]
    while cursor:
        page = await looking.table(*KEYWORDS, **BROAD, limit=100, cursor=cursor)
        seen += [row["keywordId"] for row in page.rows]
        assert page.meta["result"] == first.meta["result"]
        cursor = page.meta.get("cursor", "")
    assert len(seen) == len(set(seen)) == first.meta["total"]


async def test_money_sorts_as_money(looking: EngineClient) -> None:
    """The largest daily budgets first, those without one last, whatever page they were on."""
    rows = await every(looking, FACEBOOK, "campaigns", "list", account_id=US)
    wanted = sorted(
        (float(row["daily_budget_major"]) for row in rows if row["daily_budget_major"]), reverse=True
    )
    answer = await looking.table(
        FACEBOOK, "campaigns", "list", account_id=US, sort="-daily_budget_major", limit=20
    )
    assert [float(row["daily_budget_major"]) for row in answer.rows] == wanted[:20]


@pytest.mark.parametrize("name", LISTS)
async def test_states_are_counted(looking: EngineClient, name: str) -> None:
    """Grouped by status, the counts are those of all objects: what a list leaves out is among them."""
    entity, action, given, status = LISTS[name]
    answer = await looking.table(name, entity, action, **given, group_by=status)
    grouped = {row[status]: int(row["count"]) for row in answer.rows}
    shown = Counter(
        row[status]
        for row in await every(
            looking, name, entity, action, **given, fields=["id", status] if name == FACEBOOK else [status]
        )
    )
    assert {state: grouped[state] for state in shown} == shown
    assert "ARCHIVED" in grouped
    assert len(json.dumps(answer.text)) < 1_200


@pytest.mark.parametrize("name", LISTS)
async def test_a_default_filter_hides_nothing_that_was_named(looking: EngineClient, name: str) -> None:
    """A condition that names archived objects finds them; any other says that they are not among its rows."""
    entity, action, given, status = LISTS[name]
    archived = await looking.table(name, entity, action, **given, where=f"{status} = 'ARCHIVED'")
    assert archived.meta["total"] > 0
    others = await looking.table(name, entity, action, **given, where="name ~ 'a'", limit=1)
    assert "ARCHIVED" in others.meta["hidden"] or name == LINKEDIN


async def test_amounts_inside_objects_are_money(looking: EngineClient) -> None:
    """An amount of LinkedIn's or Amazon's compares with money of the account's currency, and no other."""
    for name, column in ((LINKEDIN, "dailyBudget.amount"), (AMAZON, "budget.budget")):
        entity, action, given, _ = LISTS[name]
        answer = await looking.table(
            name, entity, action, **given, where=f"{column} > 20 USD", sort=f"-{column}"
        )
        amounts = [float(row[column]) for row in answer.rows]
        assert amounts == sorted(amounts, reverse=True)
        assert min(amounts) > 20
        with pytest.raises(InvalidParams, match="USD"):
            await looking.do(name, entity, action, **given, where=f"{column} > 20 EUR")


async def test_amounts_of_several_currencies_are_told_apart(looking: EngineClient) -> None:
    """What ad accounts spent compares with an amount that says its currency, though no column shows it."""
    call = (FACEBOOK, "ad_accounts", "list")
    dollars = await looking.table(
        *call, where="amount_spent_major > 100 USD", fields=["id", "amount_spent_major"]
    )
    assert dollars.ids == ["act_1234567890"]
    with pytest.raises(InvalidParams, match="several currencies"):
        await looking.do(*call, where="amount_spent_major > 100", fields=["id", "amount_spent_major"])


async def test_columns_nobody_shows_are_fetched(looking: EngineClient) -> None:
    """A condition may name what is not shown; what no row can have is refused and nothing is sent."""
    call: dict[str, Any] = {"account_id": US, "where": "start_time >= 2026-11-01"}
    answer = await looking.table(FACEBOOK, "campaigns", "list", **call)
    assert answer.meta["total"] > 0
    assert "start_time" not in answer.rows[0]
    sent = []
    for _ in range(2):  # which accounts there are is asked once
        for name, (entity, action, given, _columns) in LISTS.items():
            with pytest.raises(InvalidParams, match="nonsense"):
                await looking.do(name, entity, action, **given, where="nonsense > 1")
        sent.append(len(looking.sent()))
    assert sent[0] == sent[1]


async def test_a_list_that_breaks_off_is_not_called_whole(engine_client: EngineClient) -> None:
    """When its second page fails, the answer says how much it covers, and so does what begins from it."""
    engine_client.fault("500", platform="facebook_marketing", path="/ads$", skip=1, times=0)
    answer = await engine_client.table(FACEBOOK, "ads", "list", account_id=US, sort="name", limit=5)
    assert "the first 500 rows: cut short by PlatformDown" in answer.meta["coverage"]
    again = await engine_client.table(FACEBOOK, "ads", "list", **{"from": answer.meta["result"]}, top=2)
    assert again.meta["coverage"] == answer.meta["coverage"]


async def test_a_result_is_begun_from_without_asking(
    engine_client_with: Callable[..., EngineClient],
) -> None:
    """Another process applies the grammar to all rows a result was computed from, in any tool."""
    first, second = engine_client_with(), engine_client_with()
    answer = await first.table(*KEYWORDS, **BROAD, limit=2)
    before = len(first.sent())
    more = {"from": answer.meta["result"], "where": "matchType = 'EXACT'", "sort": "-bid", "limit": 4}
    page = await second.table(FACEBOOK, "campaigns", "get", **more, fields="keywordText, bid")
    assert list(page.rows[0]) == ["keywordText", "bid"]
    assert {name: page.meta[name] for name in ("account", "currency", "as_of", "of", "result")} == {
        "account": PROFILE, "currency": "USD", "as_of": answer.meta["as_of"],
        "of": "amazon_ads sponsored_product_keywords.list", "result": answer.meta["result"],
    }  # fmt: skip
    rest = await second.table(
        FACEBOOK, "campaigns", "get", **more, fields="keywordText,bid", cursor=page.meta["cursor"]
    )
    bids = [float(row["bid"]) for row in (*page.rows, *rest.rows)]
    assert bids == sorted(bids, reverse=True)
    groups = await second.table(
        AMAZON, "profiles", "list", **{"from": answer.meta["result"]}, group_by="matchType"
    )
    assert sum(int(row["count"]) for row in groups.rows) > answer.meta["total"]
    assert len(first.sent()) == before


def test_a_result_at_the_shell(shell: Shell) -> None:
    """A later command begins from what an earlier one answered."""
    shell.set(MCP_ADS_SANDBOX="1")
    call = ("call", "facebook-marketing", "campaigns", "list", "--format", "json", "--params")
    _, said, _ = shell.run(*call, json.dumps({"account_id": US, "sort": "-id", "limit": 1}))
    first = json.loads(said)["meta"]
    code, said, err = shell.run(*call, json.dumps({"from": first["result"], "top": 1}))
    assert (code, err) == (0, "")
    assert json.loads(said)["meta"]["total"] == first["total"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"account_id": US}, "account_id: not beside from"),
        ({"accounts": "all"}, "accounts: not beside from"),
        ({"fields": "nonsense"}, "fields: 'nonsense' is no column"),
        ({"where": "nonsense > 1"}, "'nonsense' is no column"),
        ({"limit": 0}, "limit: at least 1"),
    ],
)
async def test_what_does_not_stand_beside_from(
    looking: EngineClient, given: dict[str, Any], said: str
) -> None:
    """Anything but the view and columns of the rows is refused by a line that names it."""
    answer = await looking.table(*KEYWORDS, **BROAD)
    with pytest.raises(InvalidParams, match=said):
        await begun(looking, answer.meta["result"], **given)


async def test_results_that_are_not_there(
    engine_client: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A damaged file, rows that are gone, a day later, and a handle nobody gave: one line says what to do."""
    result = (await engine_client.table(*KEYWORDS, **BROAD)).meta["result"]
    again: dict[str, Any] = {"from": result, "limit": 1}
    (facts,) = (engine_client.home / "results").iterdir()
    assert facts.stat().st_mode & 0o777 == 0o600
    assert result.removeprefix("r_") not in facts.name + facts.read_text()
    whole, now = facts.read_bytes(), time.time()
    for content in (b"", whole[:-3], whole.replace(b"BROAD", b"EXACT")[:200], b"{}", b"00000000\n[]"):
        facts.write_bytes(content)
        with pytest.raises(InvalidParams, match="no longer kept"):
            await engine_client.do(*KEYWORDS, **again)
    facts.write_bytes(whole)
    await engine_client.do(*KEYWORDS, **again)
    with monkeypatch.context() as later:
        later.setattr(time, "time", lambda: now + 25 * 3600)
        with pytest.raises(InvalidParams, match="make the call anew"):
            await engine_client.do(*KEYWORDS, **again)
    for path in (engine_client.home / "spool").glob("*.sqlite"):
        path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(InvalidParams, match="no longer kept"):
        await engine_client.do(*KEYWORDS, **again)
    with pytest.raises(InvalidParams, match="no result"):
        await begun(engine_client, "yesterday")


@pytest.mark.slow
async def test_a_result_is_its_owners(tmp_path: Path) -> None:
    """Another token is refused it, and so is the same one where the URL leaves it other accounts."""
    async with running(tmp_path, entry("one"), entry("two")) as server:
        entity, action, given, _ = LISTS[FACEBOOK]
        async with server.agent("one") as one:
            answer = await one.table(FACEBOOK, entity, action, **given, sort="name", limit=1)
            again = {"from": answer.meta["result"], "limit": 1}
            await one.table(FACEBOOK, entity, action, **again)
        tool, call = f"{FACEBOOK}_execute", {"entity": entity, "action": action, "params": again}
        async with server.agent("two") as two:
            assert "made by someone else" in await two.wrong(tool, **call)
            more = {**given, "sort": "name", "limit": 1, "cursor": answer.meta["cursor"]}
            assert "cursor:" in await two.wrong(tool, entity=entity, action=action, params=more)
        async with server.agent("one", "?accounts=facebook:2345678901") as elsewhere:
            refused = await elsewhere.wrong(tool, **call)
            assert "other accounts" in refused
            assert "make the call without from" in refused


async def test_a_result_ends_with_its_credentials(tmp_path: Path, servers: Servers) -> None:
    """Where its connector is off, or is used with another's credentials, it is refused with what to do."""
    urls = {name: url for name, url in servers.ports.variables().items() if name.endswith("_URL")}
    environ = {
        **urls, "MCP_ADS_SANDBOX": "0", "FACEBOOK_MARKETING_ACCESS_TOKEN": "sandbox-of-acme",
        "AMAZON_ADS_ACCESS_TOKEN": "sandbox-of-acme", "AMAZON_ADS_CLIENT_ID": "sandbox-client",
    }  # fmt: skip
    both = {"MCP_ADS_CONNECTORS": f"{FACEBOOK},{AMAZON}"}
    entity, action, given, _ = LISTS[FACEBOOK]

    async def looked(**changed: str) -> Any:
        client = EngineClient(tmp_path / "home", {**environ, **both, **changed}, tmp_path / "home")
        try:
            there = FACEBOOK if FACEBOOK in client.settings.platforms else AMAZON
            at = (entity, action) if there == FACEBOOK else ("sponsored_product_campaigns", "list")
            return await client.do(
                there, *at, **{"from": handle, "limit": 1} if handle else {**given, "top": 3}
            )
        finally:
            await client.close()

    for asked in ({**given, "top": 3}, {"accounts": "all", "top": 3}):
        handle, given = "", asked
        handle = (await looked()).meta["result"]
        assert (await looked(MCP_ADS_CONNECTORS=FACEBOOK)).data
        for changed in (
            {"MCP_ADS_CONNECTORS": AMAZON}, {"FACEBOOK_MARKETING_ACCESS_TOKEN": "sandbox-of-beta"},
        ):  # fmt: skip
            with pytest.raises(
                OutOfScope, match=f"credentials of {FACEBOOK} that are not used any more"
            ) as wrong:
                await looked(**changed)
            assert wrong.value.fix == "make the call without from"


async def test_an_order_by_its_other_name(engine_client: EngineClient) -> None:
    """order_by is sort; both are refused where they differ."""
    entity, action, given, _ = LISTS[FACEBOOK]
    one = await engine_client.do(FACEBOOK, entity, action, **given, order_by="-name", limit=5)
    other = await engine_client.do(FACEBOOK, entity, action, **given, sort="-name", limit=5)
    assert one.data == other.data
    with pytest.raises(InvalidParams, match="order_by: the same as sort, which is given too"):
        await engine_client.do(FACEBOOK, entity, action, **given, order_by="-name", sort="id")


async def test_lists_of_accounts_count_no_others(
    engine_client_with: Callable[..., EngineClient], servers: Servers
) -> None:
    """With an allow-list, totals, groups and results have the allowed accounts alone, also later."""
    outside = {**servers.ports.variables(), "MCP_ADS_SANDBOX": ""}
    client = engine_client_with(**outside, AMAZON_ADS_ACCOUNT_IDS=PROFILE)
    answer = await client.table(AMAZON, "profiles", "list", sort="-countryCode")
    assert [row["profileId"] for row in answer.rows] == [PROFILE]
    assert answer.meta["total"] == 1
    assert "not in AMAZON_ADS_ACCOUNT_IDS" in answer.meta["hidden"]
    again = {"from": answer.meta["result"], "group_by": "region"}
    groups = await client.table(AMAZON, "profiles", "list", **again)
    assert [(row["region"], row["count"]) for row in groups.rows] == [("NA", "1")]
    other = engine_client_with(**outside, AMAZON_ADS_ACCOUNT_IDS="4412345678901234")
    with pytest.raises(OutOfScope, match="may not be used any more"):
        await other.do(AMAZON, "profiles", "list", **again)


async def test_people_are_looked_through_in_memory(
    engine_client_with: Callable[..., EngineClient], tmp_path: Path
) -> None:
    """Leads are filtered, sorted and counted; nothing of them is on disk but the file that was asked for."""
    files = tmp_path / "files"
    files.mkdir()
    client = engine_client_with(MCP_ADS_FILES=str(files))
    call: dict[str, Any] = {
        "form_id": FORM,
        "where": "created_time >= 2026-11-01",
        "sort": "created_time",
        "limit": 1,
    }
    first = await client.table(FACEBOOK, "leads", "list", **call)
    assert first.meta["total"] > 1
    assert "result" not in first.meta
    second = await client.table(FACEBOOK, "leads", "list", **call, cursor=first.meta["cursor"])
    assert first.rows[0]["created_time"] <= second.rows[0]["created_time"]
    assert first.rows[0]["email"] == "(hidden)"
    with pytest.raises(InvalidParams, match="email: is hidden unless fields names it"):
        await client.do(FACEBOOK, "leads", "list", form_id=FORM, where="email ~ 'kim'")
    named = await client.table(
        FACEBOOK, "leads", "list", form_id=FORM, where="email ~ 'kim'", fields="id,email"
    )
    assert all("kim" in row["email"] for row in named.rows)
    groups = await client.table(FACEBOOK, "leads", "list", form_id=FORM, group_by="platform")
    assert [list(row) for row in groups.rows] == [["platform", "count"]]
    saved = await client.table(FACEBOOK, "leads", "list", **{**call, "save_to": "some.jsonl"})
    lines = [json.loads(line) for line in (files / "some.jsonl").read_text().splitlines()]
    assert len(lines) == saved.meta["saved_rows"] == first.meta["total"]
    assert "@" in lines[0]["email"]
    kept = b"".join(
        path.read_bytes() for path in client.home.rglob("*") if path.is_file() and "sandbox" not in path.parts
    )
    assert b"@example.com" not in kept
    assert not any(mark.encode() in kept for mark in MARKS)


async def test_files_are_csv_or_json_lines(
    engine_client_with: Callable[..., EngineClient], tmp_path: Path
) -> None:
    """By its extension: what stands inside objects is there, numbers are numbers, ids text, empty null."""
    files = tmp_path / "files"
    files.mkdir()
    client = engine_client_with(MCP_ADS_FILES=str(files))
    answer = await client.table(
        AMAZON, "sponsored_product_keywords", "list", **BROAD, save_to="a.jsonl", limit=1
    )
    again = {"from": answer.meta["result"], "where": "matchType = 'BROAD'"}
    await client.do(FACEBOOK, "campaigns", "list", **again, save_to="a.csv")
    lines = [json.loads(line) for line in (files / "a.jsonl").read_text().splitlines()]
    with (files / "a.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(lines) == len(rows) == answer.meta["total"]
    assert list(lines[0]) == list(rows[0])
    assert {type(line["bid"]) for line in lines} == {float, type(None)}
    assert {type(line["keywordId"]) for line in lines} == {str}
    assert all(
        line["extendedData.servingStatus"] == row["extendedData.servingStatus"] != ""
        for line, row in zip(lines, rows, strict=True)
    )
    money = await client.table(FACEBOOK, "campaigns", "list", account_id=US, save_to="b.ndjson", limit=1)
    first = json.loads((files / "b.ndjson").read_text().splitlines()[0])
    assert first["daily_budget_major"] == float(money.rows[0]["daily_budget_major"])
    assert first["id"] == money.rows[0]["id"]
    for name, said in (("a.xlsx", ".jsonl"), ("a.jsonl", "exists"), ("../a.jsonl", "inside MCP_ADS_FILES")):
        with pytest.raises(InvalidParams, match=said):
            await client.do(FACEBOOK, "campaigns", "list", account_id=US, save_to=name)


async def test_several_objects_are_rows(looking: EngineClient) -> None:
    """A get of a list of ids takes the grammar on every platform; what is not there is still named."""
    answer = await looking.table(
        AMAZON, "sponsored_product_keywords", "get",
        profile_id=PROFILE, keyword_id=["150000000000001", "150000000000002", "999"], sort="-keywordId",
    )  # fmt: skip
    assert [row["keywordId"] for row in answer.rows] == ["150000000000002", "150000000000001"]
    assert answer.text.startswith("PARTIAL: 2 of 3 read")
    ids = ["300000001", "300000002"]
    linkedin = await looking.table(
        LINKEDIN, "campaigns", "get", account_id=LINKEDIN_US, campaign_id=ids, sort="-id"
    )
    assert linkedin.ids == ids[::-1]
    campaigns = (await looking.table(FACEBOOK, "campaigns", "list", account_id=US, limit=4)).ids
    facebook = await looking.table(
        FACEBOOK, "campaigns", "get", campaign_id=campaigns, sort="id", top=3, limit=2
    )
    assert facebook.ids == sorted(campaigns)[:2]
    assert facebook.meta["total"] == 4
    with pytest.raises(InvalidParams, match="no such parameter"):
        await looking.do(FACEBOOK, "campaigns", "get", campaign_id=campaigns[0], sort="id")


async def test_raw_answers_say_that_they_are_one_page(looking: EngineClient) -> None:
    """A condition on a raw list is about that page, and says so; on one record it is refused."""
    call: dict[str, Any] = {"fields": ["id", "name"], "where": "name ~ 'a'"}
    answer = await looking.table(FACEBOOK, "graph", "get", path=f"/act_{US}/campaigns", **call)
    assert "one page" in answer.meta["coverage"]
    with pytest.raises(InvalidParams, match="where: the answer is one record"):
        await looking.do(FACEBOOK, "graph", "get", path=f"/act_{US}", **call)


async def test_a_page_token_is_not_beside_what_takes_all_pages(looking: EngineClient) -> None:
    """The vendor's own cursor and a condition: one line says that one of them goes."""
    with pytest.raises(InvalidParams, match="after: one page; not beside where"):
        await looking.do(FACEBOOK, "campaigns", "list", account_id=US, where="name ~ 'a'", after="abc")


async def test_a_plain_list_asks_for_one_page(engine_client: EngineClient) -> None:
    """Without a condition a list costs one request, and names no result."""
    answer = await engine_client.table(FACEBOOK, "campaigns", "list", account_id=US, limit=5)
    assert "result" not in answer.meta
    assert len([request for request in engine_client.sent() if "/campaigns" in request]) == 1


async def test_an_answer_that_is_cut_names_its_result(looking: EngineClient) -> None:
    """Where a report's rows do not fit, the answer says what a later call may begin from."""
    answer = Table(await looking.workspace.answer(
        LINKEDIN, "analytics", "list",
        {"account_id": LINKEDIN_US, "pivot": "CREATIVE", "date_range": "last_30d", "limit": 1000},
    ))  # fmt: skip
    assert answer.meta["more"] is True
    again = await looking.table(LINKEDIN, "analytics", "list", **{"from": answer.meta["result"]}, top=1)
    assert again.meta["shown"] == 1


def test_columns_of_every_list_have_the_kinds_they_should() -> None:
    """Money is money, days are days, and no id is a number, on every list of every platform."""
    wrong = []
    for name, kind in lists():
        call = kind.model_validate(json.loads(describe.example(kind)))
        kinds = call.kinds()
        for column in {*call.columns(), *getattr(call, "known", ())}:
            declared = kinds.get(column) or conventional(column)
            word, found = column.rpartition(".")[2], declared.kind if declared else ""
            money = word.endswith("_major") or word in (
                "budget",
                "amount",
                "bid",
                "defaultBid",
                "dailyBudget",
            )
            day = word.endswith(("_time", "DateTime", "At")) or word in ("startDate", "endDate")
            if (money and found not in ("money", "ratio", "number")) or (
                day and found not in ("date", "text")
            ):
                wrong.append(f"{name} {column}: {found or 'nothing'}")
            if (word.endswith(("Id", "_id", "_ids", "asin", "sku")) or word == "id") and found not in (
                "id",
                "text",
            ):
                wrong.append(f"{name} {column}: {found or 'nothing'}")
    assert not wrong


def test_no_action_declares_a_reserved_name() -> None:
    """The words of the view mean one thing everywhere."""
    wrong = []
    for name in LISTS:
        known = connector(name)
        for entity in known.names():
            for action, kind in known.entity(entity).actions.items():
                wrong += [
                    f"{name} {entity}.{action} {field}" for field in RESERVED & kind.model_fields.keys()
                ]
    assert not wrong


def test_pages_of_lists_stay_short() -> None:
    """What every list's page says of the grammar is a few short lines."""
    view = [
        line
        for line in describe.page("x", "things", "list", lists()[1][1]).splitlines()
        if line[2:].split(" ")[0] in {"where", "sort", "top", "group_by", "accounts", "from", "save_to"}
    ]
    assert len(view) == 7
    assert sum(map(len, view)) < 500
