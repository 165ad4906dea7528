"""Campaigns that a client protects: no plan touches one, whatever it names; only the file lifts that."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from engine_client import AMAZON, FACEBOOK, JAPAN, LINKEDIN, LINKEDIN_US, PROFILE, US, EngineClient
from planning import (
    NEW,
    NEW_SET,
    SPRING,
    SPRING_AD_PAUSED,
    SPRING_SET,
    SURF,
    applied,
    planned,
    undo_of,
    writes,
)
from protecting import Server, protect

from mcp_ads import connect
from mcp_ads.core import Result
from mcp_ads.errors import PlatformDown, PolicyError, WritesOff

pytestmark = pytest.mark.anyio
Make = Callable[..., EngineClient]
L, A = {"account_id": LINKEDIN_US}, {"profile_id": PROFILE}
BIRDS = "300000001"
"""A LinkedIn campaign in the group 600000001; its creative is 180000001."""
TOWELS, TOTES, BEACH = "120000000000001", "180000000000001", "191000000000001"
"""Campaigns of Sponsored Products, Display and Brands."""
ALWAYS_ON, KEYWORDS, CREATIVES = (
    "110000000000002",
    "sponsored_product_keywords",
    "sponsored_display_creatives",
)
PROTECTED = ("*SPRING*", f"linkedin:{BIRDS}", f"amazon:{TOWELS}", TOTES, f"amazon:{BEACH}")


@pytest.fixture
def guarded(tmp_path: Path, engine_client_with: Make) -> Callable[..., EngineClient]:
    """Makes an engine client where these are protected."""

    def make(*patterns: str, **environ: str) -> EngineClient:
        protect(tmp_path / "home", *patterns)
        return engine_client_with(**environ)

    return make


async def refused(
    client: EngineClient, entity: str, action: str, connector: str = FACEBOOK, **params: Any
) -> str:
    """Why a call is refused for what is protected; nothing of it was planned, sent or written down."""
    before = writes(client)
    with pytest.raises(PolicyError) as error:
        await client.do(connector, entity, action, **params)
    assert "clients.toml" in error.value.fix
    assert writes(client) == before
    assert not [*(client.home / "plans").glob("*.json")]
    return str(error.value)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("connector", "entity", "action", "params", "said"),
    [
        (FACEBOOK, "campaigns", "pause", {"campaign_id": SPRING}, 'campaign "Spring Sale"'),
        (FACEBOOK, "ad_sets", "update", {"adset_id": SPRING_SET, "name": "x"}, 'campaign "Spring Sale"'),
        (FACEBOOK, "ads", "delete", {"ad_id": SPRING_AD_PAUSED}, 'campaign "Spring Sale"'),
        (FACEBOOK, "ad_sets", "create", {**NEW_SET, "campaign_id": SPRING}, 'campaign "Spring Sale"'),
        (FACEBOOK, "ad_sets", "duplicate", {"adset_id": SPRING_SET}, 'campaign "Spring Sale"'),
        (
            FACEBOOK,
            "budget_schedules",
            "create",
            {
                "object_id": SPRING,
                "budget_value": "20 USD",
                "time_start": "2027-11-26T09:00:00-0500",
                "time_end": "2027-11-29T09:00:00-0500",
            },
            'campaign "Spring Sale"',
        ),
        (FACEBOOK, "ad_accounts", "update", {"account_id": US, "spend_cap": "5000 USD"}, "every campaign"),
        (FACEBOOK, "ad_rules", "delete", {"rule_id": "1202170000000000001"}, "fits its filter"),
        (LINKEDIN, "campaign_groups", "pause", {**L, "campaign_group_id": "600000001"}, "Early Birds"),
        (LINKEDIN, "campaigns", "pause", {**L, "campaign_id": BIRDS}, "Early Birds"),
        (LINKEDIN, "creatives", "pause", {**L, "creative_id": "180000001"}, "Early Birds"),
        (LINKEDIN, "accounts", "update", {**L, "status": "CANCELED"}, "every campaign"),
        (LINKEDIN, "conversions", "archive", {**L, "conversion_id": "104001"}, "Early Birds"),
        (AMAZON, "portfolios", "update", {**A, "portfolio_id": ALWAYS_ON, "budget": "3000 USD"}, "Towels"),
        (AMAZON, KEYWORDS, "update", {**A, "keyword_id": "150000000000001", "bid": 1.1}, "Towels"),
        (AMAZON, CREATIVES, "update", {**A, "creative_id": "230000000000001", "headline": "x"}, "Canvas"),
        (AMAZON, "sponsored_brands_keywords", "delete", {**A, "keyword_id": "197000000000011"}, BEACH),
    ],
)  # fmt: skip
async def test_what_touches_a_protected_campaign_is_refused(
    guarded: Make, connector: str, entity: str, action: str, params: dict[str, Any], said: str
) -> None:
    """Itself, what is in it, what is made in it, what governs it, and what anybody's campaign may use."""
    why = await refused(guarded(*PROTECTED), entity, action, connector, **params)
    assert said in why
    assert "acme" in why


async def test_the_refusal_says_which_steps_and_by_which_pattern(guarded: Make) -> None:
    """One line for a campaign, with all that is in it; what else was asked for is not planned without it."""
    why = await refused(guarded("*spring*"), "ad_sets", "pause", adset_id=[SPRING_SET, "1202120000000003391"])
    assert why == (
        f'adset_id[0] {SPRING_SET}: campaign "Spring Sale" ({SPRING}) '
        'of client acme is protected ("*spring*")'
    )


async def test_a_copy_and_other_campaigns_are_free(guarded: Make) -> None:
    """Copying changes nothing of it; a copy whose name is caught is said to be; reading asks nothing more."""
    client = guarded("*spring*")
    copy = await client.table(FACEBOOK, "campaigns", "duplicate", campaign_id=SPRING)
    assert '"Spring Sale - Copy" is protected by that name ("*spring*" of client acme)' in copy.text
    other = await client.do(FACEBOOK, "campaigns", "duplicate", campaign_id=SPRING, name="Free")
    assert "protected by that name" not in other.text
    assert await applied(client, await planned(client, "campaigns", "pause", campaign_id=SURF))
    assert [line for line in writes(client) if "campaign" in line] == [f"update campaign {SURF}"]


async def test_where_nothing_is_protected_nothing_is_asked(tmp_path: Path, engine_client_with: Make) -> None:
    """The same requests as without a clients file; where something is, what is needed is read together."""
    counts = []
    sets = [SPRING_SET, "1202120000000003391"]
    for patterns in ((), ("*nothing of that name*",)):
        protect(tmp_path / "home", *patterns)
        client = engine_client_with()
        await planned(client, "ad_sets", "pause", adset_id=sets)
        before = len(client.sent())
        await planned(client, "ad_sets", "pause", adset_id=sets)
        counts.append(len(client.sent()) - before)
    assert counts[1] == counts[0] + 2  # the two sets, then their two campaigns


async def test_made_in_what_the_same_plan_makes(guarded: Make) -> None:
    """A new campaign may have any name; what is made in it afterwards is in a protected one."""
    client = guarded("*launch*")
    plan = await planned(client, "campaigns", "create", **NEW, daily_budget="50 USD")
    with pytest.raises(PolicyError, match=r'step 2: campaign "Launch" \(@1\.id\)'):
        await client.do(FACEBOOK, "ad_sets", "create", **NEW_SET, campaign_id="@1.id", append_to=plan)
    free = await planned(client, "campaigns", "create", **(NEW | {"name": "Free", "daily_budget": "50 USD"}))
    await client.do(FACEBOOK, "ad_sets", "create", **NEW_SET, campaign_id="@1.id", append_to=free)


async def test_direct_is_no_way_round(guarded: Make) -> None:
    """Where writes go out at once they are refused as well, one by one and all of many."""
    client = guarded("facebook:" + SPRING, MCP_ADS_WRITES="direct")
    await refused(client, "ads", "update", ad_id=SPRING_AD_PAUSED, name="x")
    await refused(client, "campaigns", "pause", campaign_id=[SURF, SPRING])
    await client.do(FACEBOOK, "campaigns", "pause", campaign_id=SURF)


@pytest.mark.slow
async def test_what_a_condition_finds_is_left_out(guarded: Make) -> None:
    """Protected objects of a selection are named with the reason, also where only they are found."""
    client, found = guarded("*spring*"), {"account_id": US, "where": "effective_status = 'ACTIVE'"}
    plan = await client.do(FACEBOOK, "ad_sets", "pause", **found)
    active = [row for row in client.store.all("facebook.adset") if row["account_id"] == US]
    spring = {row["id"] for row in active if row["campaign_id"] == SPRING and row["status"] == "ACTIVE"}
    assert spring
    assert {row["id"] for row in plan.data["excluded"]} >= spring
    assert not spring & {step["id"] for step in plan.data["steps"]}
    text = (await client.table(FACEBOOK, "campaigns", "pause", **found)).text
    assert f'{SPRING} "Spring Sale" (protected by client acme ("*spring*"))' in text
    only = f"status = 'ACTIVE' and campaign_id = '{SPRING}'"
    before = writes(client)
    none = await client.table(FACEBOOK, "ad_sets", "pause", account_id=US, where=only)
    assert "Nothing to change: " in none.text
    assert 'campaign "Spring Sale" (' in none.text
    assert "lifts" not in none.text
    pause = {"connector": FACEBOOK, "entity": "ad_sets", "action": "pause"}
    surf = {**pause, "entity": "campaigns", "params": {"campaign_id": SURF}}
    steps = [{**pause, "params": {"account_id": US, "where": only}}, surf]
    both = await client.do("ads", "plans", "make", steps=steps)
    assert [step["id"] for step in both.data["steps"]] == [SURF]
    assert {row["id"] for row in both.data["excluded"]} == {
        row["id"] for row in active if row["campaign_id"] == SPRING and row["status"] == "ACTIVE"
    }
    assert writes(client) == before


async def test_raw_requests_are_refused(guarded: Make) -> None:
    """What somebody wrote out may change any campaign of the account, or of none that is known."""
    client = guarded("*spring*", MCP_ADS_RAW_WRITES="1")
    for path in (f"/{SURF}", f"/act_{US}/campaigns"):
        assert "raw request" in await refused(client, "graph", "post", path=path, body={"name": "x"})
    why = await refused(client, "api", "put", AMAZON, **A, path="/sp/campaigns", body={"campaigns": []})
    assert "raw request" in why


@pytest.mark.parametrize("name", ["Ｓｐｒｉｎｇ sale", "S\u200bpr\u00ading | x", "  spring\u00a0SALE "])  # noqa: RUF001
async def test_a_name_that_looks_the_same_is_the_same(guarded: Make, name: str) -> None:
    """Full-width letters, letters nobody sees and other blanks let nothing slip through."""
    client = guarded("spring*")
    await client.do(
        FACEBOOK, "campaigns", "get", campaign_id=SURF
    )  # an invented world begins when it is asked
    rename(client, SURF, name)
    assert SURF in await refused(client, "campaigns", "pause", campaign_id=SURF)


async def test_names_that_are_not_answered_for_are_no_names(guarded: Make) -> None:
    """Where the platform is down for what is above, or for a part of what is inside, nothing is planned."""
    client = guarded("*spring*")
    client.fault("503", path=f"/{SURF}$", times=0)
    with pytest.raises(PlatformDown):
        await client.do(FACEBOOK, "ad_sets", "update", adset_id=["1202120000000003381"], name="x")
    client.fault("503", path="/sd/campaigns$", times=0)
    cap = {"portfolio_id": ALWAYS_ON, "budget": "3000 USD"}
    with pytest.raises(PlatformDown):
        await client.do(AMAZON, "portfolios", "update", **A, **cap)
    assert writes(client) == []


@pytest.mark.parametrize(
    ("entity", "action", "params"),
    [
        ("lead_forms", "archive", {"page_id": "104857600000001", "form_id": "120250000000000002"}),
        (
            "custom_conversions",
            "delete",
            {"account_id": JAPAN, "custom_conversion_id": "1202600000000000902"},
        ),
    ],
)
async def test_whose_client_it_is_is_not_told_to_others(
    guarded: Make, entity: str, action: str, params: dict[str, str]
) -> None:
    """What may be in anybody's campaign is refused without the name of a client whose account it is not.

    Conversions of one account may be shared with another.
    """
    why = await refused(guarded("*spring*"), entity, action, **params)
    assert why.endswith("and a client has protected campaigns")


async def test_a_name_given_by_an_earlier_step_counts(guarded: Make) -> None:
    """What one step of a plan renames into protection no later one changes, nor what is in it."""
    client = guarded("*brand*")
    plan = await planned(client, "campaigns", "update", campaign_id=SURF, name="Brand | DE")
    for entity, subject, id_ in (
        ("campaigns", "campaign_id", SURF),
        ("ad_sets", "adset_id", "1202120000000003381"),
    ):
        with pytest.raises(PolicyError, match=r'campaign "Brand \| DE"'):
            await client.do(FACEBOOK, entity, "pause", **{subject: id_}, append_to=plan)


@pytest.mark.parametrize(
    ("connector", "entity", "action", "params", "free"),
    [
        (
            LINKEDIN,
            "campaigns",
            "duplicate",
            {**L, "campaign_id": "300000003", "campaign_group_id": "600000003", "name": "x"},
            {"campaign_group_id": "600000001"},
        ),
        (
            AMAZON,
            "sponsored_product_campaigns",
            "update",
            {**A, "campaign_id": "120000000000002", "portfolio_id": ALWAYS_ON},
            {"portfolio_id": "110000000000001"},
        ),
    ],
)
async def test_a_shared_budget_is_not_joined(
    guarded: Make, connector: str, entity: str, action: str, params: dict[str, str], free: dict[str, str]
) -> None:
    """Where a protected campaign draws on a budget with others, no other comes to; without a cap it may."""
    client = guarded(f"linkedin:{BIRDS}", "linkedin:300000008", f"amazon:{TOWELS}")
    assert "is protected" in await refused(client, entity, action, connector, **params)
    await client.do(connector, entity, action, **params | free)


async def test_another_platforms_ids_close_nothing_here(guarded: Make) -> None:
    """A client that protects ids of LinkedIn alone has its rules of Facebook changed as ever."""
    client = guarded(f"linkedin:{BIRDS}")
    await client.do(FACEBOOK, "ad_accounts", "update", account_id=US, spend_cap="50000 USD")
    rule = {**L, "campaign_id": "300000003", "conversion_id": "104002"}  # one of BIRDS', too
    await client.do(LINKEDIN, "campaign_conversions", "create", **rule)


async def test_a_name_that_cannot_be_read_is_refused(guarded: Make) -> None:
    """Where the platform says no name, nobody knows whether it is protected."""
    client = guarded("spring*")
    await client.do(FACEBOOK, "campaigns", "get", campaign_id=SPRING)
    rename(client, SPRING, "")
    assert "its name cannot be read" in await refused(client, "ad_sets", "pause", adset_id=SPRING_SET)


def rename(client: EngineClient, campaign_id: str, name: str) -> None:
    """Have somebody else give a campaign another name."""
    campaign = client.store.get("facebook.campaign", campaign_id)
    assert campaign
    client.store.put("facebook.campaign", campaign_id, campaign | {"name": name})


async def test_a_plan_is_held_to_the_file_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Protected after it was planned, it is refused and stays open; when the file lifts that, it is applied.

    Then its undo is refused as soon as the file protects it again, and none is offered where it does already.
    """
    server = Server(tmp_path, monkeypatch)
    plan = await server.plan("ad_sets", "update", adset_id=SPRING_SET, name="Renamed")
    protect(tmp_path, "*spring*")
    assert 'campaign "Spring Sale"' in await server.refused(plan)
    protect(tmp_path)
    done = await server.desk.apply(plan)
    protect(tmp_path, "spring sale")
    assert 'campaign "Spring Sale"' in await server.refused(undo_of(done))
    made = await server.desk.apply(await server.plan("campaigns", "create", **NEW | {"name": "Spring Sale"}))
    assert "undo: ads_apply" not in made.text
    assert 'is protected ("spring sale")' in made.text
    await server.desk.close()


async def test_a_program_that_stays_connected_heeds_an_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a person protects while a program runs holds for its next call; a mistake there closes writes."""
    for name, value in {"HOME": str(tmp_path), "SANDBOX": "1", "KEYRING": "off"}.items():
        monkeypatch.setenv(f"MCP_ADS_{name}", value)
    async with connect("facebook") as client:
        renamed = {"adset_id": SPRING_SET, "name": "Renamed"}
        plan = (await client.execute("ad_sets", "update", renamed)).data["plan_id"]
        protect(tmp_path, "*spring*")
        with pytest.raises(PolicyError, match="is protected"):
            await client.apply(plan)
        protect(tmp_path, "")
        with pytest.raises(WritesOff, match=r"clients\.toml has a mistake"):
            await client.apply(plan)
        protect(tmp_path)
        assert "APPLIED" in (await client.apply(plan)).text


@pytest.mark.parametrize("as_server", [True, False])
async def test_a_file_that_is_gone_or_half_written_lifts_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, as_server: bool
) -> None:
    """A server and a connected program alike: emptied, moved away, cut short, or seen from another folder."""
    monkeypatch.chdir(tmp_path)
    protect(tmp_path / "home", "*spring*")
    file, renamed = tmp_path / "home" / "sandbox" / "clients.toml", {"adset_id": SPRING_SET, "name": "x"}
    before = file.read_text()
    server = Server(Path("home"), monkeypatch)
    program = connect("facebook")
    call = partial(server.desk.execute, FACEBOOK) if as_server else program.execute
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with pytest.raises(PolicyError, match="is protected"):
        await call("ad_sets", "update", renamed)
    for leave in (lambda: file.write_text(""), lambda: file.write_text("[clients]\n"), file.unlink):
        leave()
        with pytest.raises(WritesOff, match=r"clients\.toml has a mistake"):
            await call("ad_sets", "update", renamed)
    file.write_text(before.partition("protected")[0])
    with pytest.raises(PolicyError, match="edited just now and protects less"):
        await call("ad_sets", "update", renamed)
    file.write_text(before)
    with pytest.raises(PolicyError, match="is protected"):
        await call("ad_sets", "update", renamed)
    await server.desk.close()
    await program.close()


async def test_another_home_keeps_what_is_protected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that keeps its records apart is held to that folder's clients, or else to those of all."""
    await Server(tmp_path, monkeypatch).desk.close()
    protect(tmp_path, "*spring*")
    for other in (tmp_path / "other", tmp_path / "own"):
        async with connect("facebook", home=other) as client:
            with pytest.raises(PolicyError, match="is protected"):
                await client.execute("campaigns", "pause", {"campaign_id": SPRING})
        protect(tmp_path / "own", "spring sale")
        protect(tmp_path)


async def test_names_are_read_again(guarded: Make) -> None:
    """What somebody renames into a pattern after planning is protected; renamed out of it, it is not."""
    client = guarded("*brand*")
    plan = await planned(client, "ad_sets", "update", adset_id=SPRING_SET, name="Renamed")
    rename(client, SPRING, "Brand")
    with pytest.raises(PolicyError, match='campaign "Brand"') as error:
        await applied(client, plan)
    assert "the plan stays open" in error.value.fix
    assert writes(client) == []
    assert client.home.joinpath("audit.jsonl").read_text() == ""
    rename(client, SPRING, "Another")
    assert isinstance(await applied(client, plan), Result)
