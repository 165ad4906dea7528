"""Writes by selection: one call finds what a condition fits, one plan names it; a part selects nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from agent import EVERY, Agent
from connections_at import connections_at
from engine_client import AMAZON, FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from planning import applied, error_of, writes
from truth import Sums, month_before, parts, summed

from mcp_ads.engine.changes.plan import Plan
from mcp_ads.errors import AdsError, AuthError, InvalidParams, PlatformDown
from mcp_ads.sandbox.ports import Servers
from mcp_ads.sandbox.store import Store

pytestmark = pytest.mark.anyio
SENTENCE = "ctr < 0.5 and impressions >= 1000 and name not like '%brand%'"
PAUSED = {FACEBOOK: ("facebook", "ad", "status"), LINKEDIN: ("linkedin", "creative", "intendedStatus")}
FIGURES = {"where": "impressions >= 1 and name ~ 'a'", "over": "last_month"}
WHOLE: dict[str, tuple[str, dict[str, Any]]] = {
    FACEBOOK: ("ads", {"account_id": US, **FIGURES}),
    LINKEDIN: ("creatives", {"account_id": LINKEDIN_US, **FIGURES}),
    AMAZON: ("sponsored_product_keywords", {"profile_id": PROFILE, "where": "bid > 0.1"}),
}
"""A selection on each platform, whose list has several pages."""
Make = Callable[..., EngineClient]


def plan_of(client: EngineClient, result: Any) -> Plan:
    """The plan that a call made."""
    return client.workspace.plans.get(str(result.data["plan_id"]))


def spent(store: Store, label: str) -> dict[str, Sums]:
    """What each ad of an account did last month."""
    return summed(parts(store, month_before, label), lambda part: part.ad)


def fits(store: Store, label: str, among: Iterable[str]) -> set[str]:
    """Of these ads, those that the issue's sentence is about, by the sandbox's own numbers."""
    platform = label.partition(":")[0]
    kind = f"{platform}.{'ad' if platform == 'facebook' else 'creative'}"
    names = {str(ad["id"]).rpartition(":")[2]: str(ad.get("name") or "") for ad in store.all(kind)}
    did, among = spent(store, label), {*among}
    return {
        ad
        for ad, sums in did.items()
        if ad in among
        and sums.impressions >= 1000
        and sums.clicks * 1000 < sums.impressions * 5
        and "brand" not in names[ad].lower()
    }


@pytest.mark.parametrize(
    ("connector", "entity", "label"),
    [
        (FACEBOOK, "ads", f"facebook:{US}"),
        pytest.param(LINKEDIN, "creatives", f"linkedin:{LINKEDIN_US}", marks=pytest.mark.slow),
    ],
)
async def test_the_sentence_is_one_call_and_one_approval(
    agent: Agent, one_store: Store, connector: str, entity: str, label: str
) -> None:
    """Ads with a CTR under 0.5 % and 1,000 impressions last month, none with brand in its name."""
    platform, kind, field = PAUSED[connector]
    account, own = label.partition(":")[2], "id" if platform == "facebook" else "creative_id"
    there = [row[own] for row in await agent.rows(connector, entity, account_id=account, **EVERY)]
    wanted = sorted(fits(one_store, label, there))
    rows = {str(row["id"]).rpartition(":")[2]: row for row in one_store.all(f"{platform}.{kind}")}
    for number, ad in enumerate(wanted[1:4]):
        one_store.put(f"{platform}.{kind}", ad, {**rows[ad], "name": f"Our bRaNd {number}"})
    wanted = sorted(fits(one_store, label, there))
    states = {str(row["id"]).rpartition(":")[2]: row[field] for row in one_store.all(f"{platform}.{kind}")}
    params = {"account_id": account, "where": SENTENCE, "over": "last_month"}
    arguments = {"entity": entity, "action": "pause", "params": params, "format": "json"}
    answer = json.loads(await agent.good(f"{connector}_execute", **arguments))
    text = await agent.good("ads_apply", plan_id=answer["data"]["plan_id"])
    changed = [ad for ad in wanted if states[ad] != "PAUSED"]
    assert f"{len(changed)} of {len(changed)} done" in text
    after = {str(row["id"]).rpartition(":")[2]: row[field] for row in one_store.all(f"{platform}.{kind}")}
    assert {ad for ad in after if after[ad] != states[ad]} == {*changed}
    assert len(changed) > (50 if connector == LINKEDIN else 0)


async def test_a_plan_says_what_decided(looking: EngineClient) -> None:
    """The condition, the days, how many of how many, what all did together, and what was nearly there."""
    ask = {
        "account_id": US,
        "where": "ctr < 1.5 and impressions >= 1,000 and name ~ '1'",
        "over": "last_month",
    }
    plan = plan_of(looking, await looking.do(FACEBOOK, "ads", "pause", **ask))
    head, *rest = plan.selections
    assert head.startswith("where \"ctr < 1.5 and impressions >= 1,000 and name ~ '1'\" over ")
    assert f": {len(plan.steps)} of 527 ads found" in head
    assert all(step.decided.startswith("ctr ") and " %, impressions " in step.decided for step in plan.steps)
    assert [line for line in rest if line.startswith("together: ctr ") and " USD" in line]
    (read,) = [line for line in rest if line.startswith("read: ")]
    assert read.startswith("read: all 527 ads but ARCHIVED and DELETED; report whole: ")
    assert read.endswith(" have numbers, not final for 28 days")
    assert any(line.startswith("kept out by name alone: ") for line in rest)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("exception", "idle"),
    [
        ("name not like '%zzz%'", "name not like '%zzz%'"),
        ("campaign_name not like '%zzz%'", "name not like '%zzz%'"),
        ("name !~ 'zzz'", "name !~ 'zzz'"),
        ("name not in ('a', 'b')", "name not in ('a', 'b')"),
        ("name != 'zzz'", "name != 'zzz'"),
        ("not (name like '%zzz%' and name ~ 'yyy')", "not (name …)"),
        ("name not like '%Founders%'", ""),
        ("status != ARCHIVED", ""),
    ],
)
async def test_an_exception_that_spares_nothing_is_said(
    looking: EngineClient, exception: str, idle: str
) -> None:
    """What was to be left alone and is found all the same: a typo, or another object's name."""
    ask = {"account_id": LINKEDIN_US, "where": f"status = ACTIVE and {exception}"}
    lines = plan_of(looking, await looking.do(LINKEDIN, "campaigns", "pause", **ask)).selections
    assert [line for line in lines if line.endswith(": none")] == (
        [f"kept out by {json.dumps(idle, ensure_ascii=False)}: none"] if idle else []
    )


@pytest.mark.slow
async def test_an_exception_that_spares_nothing_anywhere_is_said_once(looking: EngineClient) -> None:
    """One condition of three accounts is told in one block, with what its exception does in none of them."""
    where = "state = ENABLED and name not like '%zzz%'"
    call = {"connector": AMAZON, "entity": "sponsored_product_campaigns", "action": "pause"}
    profiles = (PROFILE, "4412345678901234", "5512345678901234")
    steps = [{**call, "params": {"profile_id": profile, "where": where}} for profile in profiles]
    text = (await looking.do("ads", "plans", "make", steps=steps)).text
    assert "in 3 accounts, as of" in text
    assert text.count("kept out by \"name not like '%zzz%'\": none") == 1


@pytest.mark.parametrize("word", ["campaign", "campaign_group_name"])
@pytest.mark.parametrize("over", [None, "last_month"])
async def test_a_word_for_either_of_two_objects_is_refused(
    looking: EngineClient, word: str, over: str | None
) -> None:
    """LinkedIn calls its campaign groups campaigns by now: the columns that are one thing are named."""
    ask = {"account_id": LINKEDIN_US, "where": f"spend > 50 and {word} not like '%ABM%'", "over": over}
    with pytest.raises(InvalidParams, match=f"{word}' .* its campaign group is campaign_group_id"):
        await looking.do(LINKEDIN, "campaigns", "pause", **{name: v for name, v in ask.items() if v})


async def test_a_hint_names_no_word_that_is_refused(looking: EngineClient) -> None:
    """What a misspelt column may mean is a column that a condition takes."""
    with pytest.raises(InvalidParams, match=r"'group' is no column: did you mean campaign_group_id") as error:
        await looking.do(LINKEDIN, "campaigns", "pause", account_id=LINKEDIN_US, where="group ~ 'ABM'")
    assert "campaign_group_name" not in str(error.value)


@pytest.mark.slow
async def test_a_ratio_is_never_rounded_over_its_limit(engine_client: EngineClient) -> None:
    """What decided stands on its side of the limit, in as many digits as that takes."""
    asked: dict[str, Any] = {
        "pivot": "CREATIVE",
        "time_range": "last_month",
        "fields": ["ctr", "impressions"],
    }
    asked |= {"account_id": LINKEDIN_US, "where": "ctr > 0.4", "sort": "ctr", "limit": 1}
    rows = (await engine_client.do(LINKEDIN, "analytics", "list", **asked)).data
    limit = f"{float(rows[0]['ctr']) + 0.0001:.4f}"
    ask = {"account_id": LINKEDIN_US, "where": f"ctr < {limit} and ctr > 0.4", "over": "last_month"}
    plan = plan_of(engine_client, await engine_client.do(LINKEDIN, "creatives", "pause", **ask))
    assert all(0.4 < float(step.decided.split()[1]) < float(limit) for step in plan.steps)


async def test_the_ids_are_fixed_in_the_plan(engine_client: EngineClient) -> None:
    """What fits later is not in a plan that was made before, and what fits no more is."""
    client = engine_client
    plan = plan_of(
        client, await client.do(FACEBOOK, "campaigns", "pause", account_id=US, where="name ~ 'Spring Sale'")
    )
    ids = [step.subject for step in plan.steps]
    other = next(row for row in client.store.all("facebook.campaign") if row["id"] not in ids)
    client.store.put(
        "facebook.campaign", other["id"], {**other, "name": "Spring Sale too", "status": "ACTIVE"}
    )
    await applied(client, plan.plan_id)
    assert sorted(writes(client)) == sorted(f"update campaign {id_}" for id_ in ids)


@pytest.mark.parametrize(
    ("connector", "kind", "path", "skip", "error"),
    [
        (FACEBOOK, "500", "/ads$", 1, PlatformDown),
        (FACEBOOK, "500", "/insights", 0, PlatformDown),
        (FACEBOOK, "500", "/insights", 1, PlatformDown),
        (FACEBOOK, "expired-token", "/insights", 0, AuthError),
        (LINKEDIN, "500", "/creatives", 1, PlatformDown),
        (LINKEDIN, "500", "adAnalytics", 0, PlatformDown),
        (LINKEDIN, "expired-token", "/creatives", 1, AdsError),
        (AMAZON, "500", "/sp/keywords/list", 1, PlatformDown),
        (AMAZON, "expired-token", "/sp/keywords/list", 1, AdsError),
    ],
)
async def test_a_part_selects_nothing(
    engine_client: EngineClient,
    monkeypatch: pytest.MonkeyPatch,
    connector: str,
    kind: str,
    path: str,
    skip: int,
    error: type[AdsError],
) -> None:
    """A page that fails, a report that fails, a token that expires meanwhile: no plan is made of the rest."""
    monkeypatch.setattr("mcp_ads.connectors.facebook_marketing.measuring.every_page.PAGE", 30)
    engine_client.fault(kind, path=path, skip=skip, times=0)
    entity, asked = WHOLE[connector]
    raised = await error_of(engine_client.do(connector, entity, "pause", **asked))
    assert isinstance(raised, error), raised
    assert engine_client.workspace.plans.all() == []


@pytest.mark.parametrize(
    ("most", "over", "said"),
    [
        (1, "yesterday", "LinkedIn tells at most 1 rows"),
        (15_000, "2019-01", "no rows: nothing was delivered"),
    ],
)
async def test_a_report_that_may_lack_rows_selects_nothing(
    looking: EngineClient, monkeypatch: pytest.MonkeyPatch, most: int, over: str, said: str
) -> None:
    """One that is cut, and one without a row, which the member may just not be allowed to see."""
    monkeypatch.setattr("mcp_ads.connectors.linkedin_ads.analytics.base.MOST_ROWS", most)
    ask = {"account_id": "523456789", "where": "impressions < 10", "over": over}
    error = await error_of(looking.do(LINKEDIN, "campaigns", "pause", **ask))
    assert isinstance(error, PlatformDown)
    assert str(error).startswith("nothing is planned: the report could not be read whole: ")
    assert said in str(error)


async def test_a_plan_made_anew_still_says_how(engine_client: EngineClient) -> None:
    """Where an object has changed before it is applied, the fresh plan has the selection and its values."""
    ask = {"account_id": JAPAN, "where": "spend > 30,000", "over": "last_month"}
    plan = plan_of(engine_client, await engine_client.do(FACEBOOK, "ads", "pause", **ask))
    ad = engine_client.store.get("facebook.ad", plan.steps[0].subject) or {}
    engine_client.store.put("facebook.ad", ad["id"], {**ad, "name": "Renamed", "status": "PAUSED"})
    fresh = plan_of(engine_client, await applied(engine_client, plan.plan_id))
    assert fresh.selections[:-1] == plan.selections
    assert fresh.selections[-1].startswith("found as of then, and not looked for again")
    assert [step.decided for step in fresh.steps] == [step.decided for step in plan.steps[1:]]
    one = engine_client.store.get("facebook.ad", fresh.steps[0].subject) or {}
    engine_client.store.put("facebook.ad", one["id"], {**one, "name": "Keep running"})
    again = plan_of(engine_client, await applied(engine_client, fresh.plan_id))
    assert [step.subject for step in again.steps] == [step.subject for step in fresh.steps[1:]]
    (left,) = [entry for entry in again.excluded if entry["id"] == one["id"]]
    assert left["why"].startswith("renamed since a condition found it")
    assert again.selections == fresh.selections


async def test_what_is_put_away_is_never_selected(looking: EngineClient) -> None:
    """Archived campaigns are counted and named where a condition finds them, and only deleting takes them."""
    named = {"account_id": US, "where": "status = ARCHIVED"}
    answer = await looking.do(FACEBOOK, "campaigns", "pause", **named)
    assert answer.text.splitlines()[1] == "Nothing to change: no object fits."
    (away,) = [
        line for line in answer.data["selections"] if line.startswith("not chosen, as they are put away: ")
    ]
    deleted = plan_of(looking, await looking.do(FACEBOOK, "campaigns", "delete", **named))
    assert f": {len(deleted.steps)}: " in away


async def test_amounts_are_in_the_accounts_currency(looking: EngineClient) -> None:
    """A bare number is in the account's currency; one of another is refused, as reads refuse it."""
    ask = {"account_id": JAPAN, "over": "last_month"}
    plan = plan_of(looking, await looking.do(FACEBOOK, "ads", "pause", where="spend > 20,000", **ask))
    there = {
        row["id"] for row in (await looking.do(FACEBOOK, "ads", "list", account_id=JAPAN, limit=1000)).data
    }
    yen = {ad: sums for ad, sums in spent(looking.store, f"facebook:{JAPAN}").items() if ad in there}
    assert {step.subject for step in plan.steps} == {ad for ad, sums in yen.items() if sums.spend > 20_000}
    assert all(step.decided.endswith(" JPY") for step in plan.steps)
    near = [ad for ad, sums in yen.items() if 16_000 <= sums.spend <= 20_000]
    assert [line for line in plan.selections if line.startswith(f"kept out by spend alone: {len(near)}: ")]
    error = await error_of(looking.do(FACEBOOK, "ads", "pause", where="spend > 200 USD", **ask))
    assert isinstance(error, InvalidParams)
    assert "spend is in JPY, not in USD" in str(error)


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"where": "ctr < 0.5"}, 'over: missing; ctr is a figure of some days: over: "last_month"'),
        ({"where": "name ~ 'a'", "over": "last_7d"}, "over: where names no figures, such as spend"),
        ({"over": "last_7d"}, "over: the days of the figures that where names; where is not given"),
        ({"where": "nme ~ 'a'"}, "where: 'nme' is no column: did you mean name"),
        ({"where": "impresions > 5", "over": "last_7d"}, "did you mean impressions"),
        ({"where": "ctr < 1", "over": "lst_month"}, "over: 'lst_month' is no range; did you mean last_month"),
        ({"where": "ctr < 1", "over": "2027-01-01..2027-01-31"}, "over: 2027-01-31 is after today"),
        ({"where": "name ~ 'a'", "ad_id": "1202130000000034012"}, "where: beside ad_id, which names"),
        ({"where": "name ~ 'a'", "items": [{"ad_id": "1202130000000034012"}]}, "where: beside items"),
        ({"where": "name ~ 'a'", "filter": "name ~ 'b'"}, "filter: the same as where, which is given too"),
        ({"where": "name ~ 'a'", "limt": 3}, "limt: no such parameter"),
        ({"where": "name ~"}, "where: at the end: expected text in quotes"),
        ({"where": ["name"]}, "where: a condition as text, such as "),
        ({"where": "name ~ 'a'", "accounts": "all"}, "accounts: changes are made in one account at a time"),
    ],
)  # fmt: skip
async def test_a_mistake_is_one_line_and_sends_nothing(
    looking: EngineClient, params: dict[str, Any], said: str
) -> None:
    """What is wrong is told by its parameter, before anything is asked."""
    before = [line for line in looking.sent() if "/ads" in line or "insights" in line]
    account = {} if "accounts" in params else {"account_id": US}
    error = await error_of(looking.do(FACEBOOK, "ads", "pause", **account, **params))
    assert isinstance(error, InvalidParams)
    assert any(said in line for line in error.lines), error.lines
    assert [line for line in looking.sent() if "/ads" in line or "insights" in line] == before


async def test_more_than_one_plan_can_hold_is_refused(
    looking: EngineClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number is told, and how fewer are found."""
    monkeypatch.setattr("mcp_ads.engine.selecting.select.MOST_ITEMS", 100)
    error = await error_of(looking.do(FACEBOOK, "ads", "pause", account_id=US, where="name ~ 'a'"))
    assert isinstance(error, InvalidParams)
    assert "and one plan changes at most 100" in str(error)
    assert "campaign_id" in error.fix


async def test_what_cannot_be_changed_like_this_is_left_out(looking: EngineClient) -> None:
    """Of winners, those whose budgets are their ad sets' are named with the reason; others are planned."""
    ask = {"account_id": US, "where": "roas > 2", "over": "last_30d", "daily_budget": "+20%"}
    plan = plan_of(looking, await looking.do(FACEBOOK, "campaigns", "update", **ask))
    assert plan.steps
    whys = {entry["name"]: entry["why"] for entry in plan.excluded}
    assert whys
    assert any("there is no live value to change by +20%" in why for why in whys.values()), whys
    assert all(whys)


async def test_a_selection_is_added_to_an_open_plan(engine_client: EngineClient) -> None:
    """Its lines stand below those that were there; a selection of winners can be duplicated."""
    first = plan_of(engine_client, await engine_client.do(
        FACEBOOK, "campaigns", "pause", account_id=US, where="name ~ 'Spring Sale'"))  # fmt: skip
    ask = {"account_id": US, "where": "roas > 5", "over": "last_30d", "append_to": first.plan_id}
    both = plan_of(engine_client, await engine_client.do(FACEBOOK, "campaigns", "duplicate", **ask))
    assert both.selections[: len(first.selections)] == first.selections
    assert [line for line in both.selections if line.startswith('where "roas > 5"')]
    assert {step.action for step in both.steps} == {"pause", "duplicate"}
    assert all(step.decided.startswith("purchase_roas ") for step in both.steps if step.action == "duplicate")


async def test_in_direct_mode_what_is_found_is_changed_at_once(engine_client_with: Make) -> None:
    """The same objects, and the answer says how they were found; switched off, nothing is looked for."""
    direct = engine_client_with(MCP_ADS_WRITES="direct")
    ask = {"account_id": JAPAN, "where": "spend > 30,000", "over": "last_month"}
    done = await direct.do(FACEBOOK, "ads", "pause", **ask)
    there = {
        row["id"] for row in (await direct.do(FACEBOOK, "ads", "list", account_id=JAPAN, limit=1000)).data
    }
    yen = {ad: sums for ad, sums in spent(direct.store, f"facebook:{JAPAN}").items() if ad in there}
    assert {row["id"] for row in done.data} == {ad for ad, sums in yen.items() if sums.spend > 30_000}
    assert done.meta["selections"][0].startswith('where "spend > 30,000"')
    off = engine_client_with(MCP_ADS_WRITES="off")
    sent = off.sent()
    assert await error_of(off.do(FACEBOOK, "ads", "pause", **ask)) is not None
    assert off.sent() == sent


@pytest.mark.slow
async def test_every_call_of_the_page_plans_something(looking: EngineClient) -> None:
    """The calls that docs/selections.md shows find objects in the sandbox."""
    page = (Path(__file__).parent.parent / "docs" / "selections.md").read_text("utf-8")
    calls = re.findall(r"`(\w+) (\w+) (\w+) (\{.*?\})` \|", page)
    assert len(calls) >= 6
    for connector, entity, action, params in calls:
        plan = plan_of(looking, await looking.do(connector, entity, action, **json.loads(params)))
        assert plan.steps
        assert plan.selections[0].startswith('where "')


@pytest.mark.slow
async def test_the_account_tells_the_connection(servers: Servers, tmp_path: Path) -> None:
    """Of several connections the one is meant whose account a selection names."""
    client = connections_at(servers, tmp_path, one=("sandbox-of-one", US), two=("sandbox-of-two", JAPAN))
    ask = {"account_id": JAPAN, "where": "spend > 20,000", "over": "last_month"}
    plan = plan_of(client, await client.do(FACEBOOK, "ads", "pause", **ask))
    assert {step.connection_name for step in plan.steps} == {"two"}
    more = {**ask, "where": "spend > 15,000 and spend <= 20,000", "append_to": plan.plan_id}
    both = plan_of(client, await client.do(FACEBOOK, "ads", "pause", **more))
    assert len(both.steps) > len(plan.steps)
    await client.close()


@pytest.mark.parametrize("more", [{"bid": 1}, {"bid_to": {"acos": "30 %"}, "over": "last_month"}])
async def test_a_missing_id_points_to_where(engine_client: EngineClient, more: dict[str, Any]) -> None:
    """The line of the id says what may stand for it, and the signature has all that the page has."""
    error = await error_of(
        engine_client.do(AMAZON, "sponsored_product_keywords", "update", profile_id=PROFILE, **more)
    )
    assert isinstance(error, InvalidParams)
    assert error.lines == ["keyword_id: missing, required, or where"]
    assert error.signature.endswith("where, over, bid_to, steps=[{…}])")
