"""Targeting on Facebook: found, checked and read in words; how many people it reaches; how many ads run."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from agent import Agent
from between import between
from engine_client import FACEBOOK, JAPAN, US, EngineClient, Table
from fastmcp import Client
from people import AUDIENCE
from planning import SPRING_AD_PAUSED, SPRING_SET, error_of

from mcp_ads.errors import InvalidParams, OutOfScope, PlatformDown
from mcp_ads.server import build_server

pytestmark = pytest.mark.anyio
HIKING, RETIRED = "6003139266461", "6003011347777"
COUNTRY = {"geo_locations": {"countries": ["US"]}}


async def found(engine_client: EngineClient, action: str, **params: Any) -> list[str]:
    """The names, or the words, of a table."""
    table = await engine_client.table(FACEBOOK, "targeting", action, **params)
    return [row.get("name") or row["content"] for row in table.rows]


async def test_an_agent_finds_its_audience(engine_client: EngineClient) -> None:
    """From a word to ids, to a spec in words, to how many people that is: over MCP, in everyday words."""
    async with Client(build_server(engine_client.settings, engine_client.workspace)) as client:
        agent = Agent(client)
        for word in ("interests", "cities", "behaviours", "languages"):
            assert "targeting" in await agent.good("ads_describe", query=f"facebook {word}"), word

        async def execute(entity: str, action: str, **params: Any) -> Table:
            call = {"entity": entity, "action": action, "params": params}
            return Table(await agent.good("facebook_marketing_execute", **call))

        interest = (await execute("targeting", "search", q="hik")).rows[0]
        places = await execute("targeting", "search", type="places", q="springfield", country_code="US")
        oregon = next(row for row in places.rows if row["region"] == "Oregon")
        spec = {
            "geo_locations": {"cities": [{"key": oregon["key"]}]},
            "flexible_spec": [{"interests": [{"id": interest["id"], "name": interest["name"]}]}],
        }
        words = await execute("targeting", "describe", account_id=US, targeting_spec=spec)
        assert {row["content"]: row["children"] for row in words.rows} == {
            "Location - Living in:": '["Springfield"]',
            "Age:": '["18 - 65+"]',
            "People who match:": '["Hiking"]',
        }
        call = {"entity": "reach_estimates", "action": "get"}
        said = await agent.good("facebook_marketing_execute", **call, account_id=US, targeting_spec=spec)
        assert "users_lower_bound: 720000\nusers_upper_bound: 849600\n" in said


async def test_what_is_searched_without_an_account(engine_client: EngineClient) -> None:
    """Interests, places by type and region, languages, schools, jobs; no account is asked."""
    assert await found(engine_client, "search", q="hik") == ["Hiking"]
    assert await found(engine_client, "search", q="spring", type="places") == [
        "Springfield",
        "Springfield",
        "Springe",
    ]
    places = {"type": "places", "location_types": ["country"]}
    assert {"United States", "Germany", "Japan"} <= {*await found(engine_client, "search", **places)}
    assert await found(engine_client, "search", q="spring", type="places", region_id="3857") == [
        "Springfield"
    ]
    only = {"type": "places", "country_code": "DE", "match_country_code": True}
    assert await found(engine_client, "search", q="spring", **only) == ["Springe"]
    assert await found(engine_client, "search", type="locales", q="engl") == ["English (US)", "English (All)"]
    for type_, name in (
        ("education_schools", "University of Oregon"),
        ("work_positions", "Software Engineer"),
    ):
        assert await found(engine_client, "search", q=name[:5], type=type_) == [name]
    assert {path.partition("?")[0] for path in engine_client.sent(FACEBOOK)} == {"GET /v26.0/search"}


async def test_what_an_account_may_target(engine_client: EngineClient) -> None:
    """Everything at once, one type of it, and within what a special ad category leaves."""
    assert "Commuters" in await found(engine_client, "search", q="o", account_id=US)
    assert await found(engine_client, "search", q="o", account_id=US, type="behaviors") == [
        "Engaged shoppers",
        "Commuters",
    ]
    housing = {"account_id": US, "regulated_categories": ["HOUSING"], "regulated_countries": ["US"]}
    assert await found(engine_client, "search", q="i", **housing) == ["Hiking", "Camping", "Online shopping"]
    assert await found(engine_client, "browse", type="behaviors") == ["Engaged shoppers", "Commuters"]
    assert await found(engine_client, "browse", type="behaviors", account_id=US) == [
        "Engaged shoppers",
        "Commuters",
    ]
    assert await found(engine_client, "browse", type="user_device") == ["iPhone 12"]
    assert (await found(engine_client, "suggest", interest_list="Hiking"))[:2] == ["Camping", "Surfing"]
    chosen = {"account_id": US, "targeting_list": [{"type": "interests", "id": HIKING}]}
    assert (await found(engine_client, "suggest", **chosen))[:2] == ["Camping", "Surfing"]
    assert len(await found(engine_client, "suggest", account_id=US, mode="recently_used", type="income")) == 1


async def test_a_search_says_that_there_may_be_more(engine_client: EngineClient) -> None:
    """The platform answers so many names and no word of the others; suggestions are 45 at most."""
    table = await engine_client.table(FACEBOOK, "targeting", "search", q="o", account_id=US, limit=2)
    assert "does not say whether there are more" in table.meta["hidden"]
    chosen = {"account_id": US, "targeting_list": [{"type": "interests", "id": HIKING}], "limit": 200}
    assert (await found(engine_client, "suggest", **chosen))[:2] == ["Camping", "Surfing"]


async def test_a_long_list_has_a_cursor(engine_client: EngineClient) -> None:
    """Pages of it, each row once."""
    first = await engine_client.table(
        FACEBOOK, "targeting", "browse", account_id=US, type="interests", limit=3
    )
    rest = {"type": "interests", "account_id": US, "cursor": first.meta["cursor"]}
    second = await engine_client.table(FACEBOOK, "targeting", "browse", **rest)
    assert len({*first.ids, *second.ids}) == len(first.ids) + len(second.ids) == 17


async def test_what_is_still_there(engine_client: EngineClient) -> None:
    """Each thing that is asked about has a row, also one that is not there."""

    async def judged(*columns: str, **params: Any) -> list[tuple[str, ...]]:
        table = await engine_client.table(FACEBOOK, "targeting", "validate", **params)
        return [tuple(row[name] for name in columns) for row in table.rows]

    names = await judged("name", "valid", interest_list=["Hiking", "Gone"])
    assert names == [("Hiking", "true"), ("Gone", "false")]
    assert await judged("id", "valid", interest_fbid_list=[HIKING]) == [(HIKING, "true")]
    statuses = await judged("id", "current_status", targeting_option_list=[HIKING, RETIRED, "7"])
    assert statuses == [(HIKING, "NORMAL"), (RETIRED, "DEPRECATING"), ("7", "UNKNOWN")]
    places = await judged("key", "name", "valid", places={"cities": ["2514815", "7"], "zips": ["US:97477"]})
    assert places == [("2514815", "Springfield", "true"), ("7", "", "false"), ("US:97477", "97477", "true")]
    for given in (
        {"id_list": [HIKING, "7"]},
        {"name_list": ["Hiking", "Gone"]},
        {"targeting_list": [{"type": "interests", "id": HIKING}, {"type": "behaviors", "id": HIKING}]},
    ):
        assert await judged("valid", account_id=US, **given) == [("true",), ("false",)], given


async def test_targeting_in_words(engine_client: EngineClient) -> None:
    """Of an ad set, of an ad, and of a spec; an ad set of another account is out of reach."""
    for live in (SPRING_SET, SPRING_AD_PAUSED):
        assert await found(engine_client, "describe", account_id=US, object_id=live) == [
            "Location - Living in:",
            "Age:",
        ]
    spec = {**COUNTRY, "genders": [2], "age_max": 30}
    assert "Gender:" in await found(engine_client, "describe", account_id=US, targeting_spec=spec)
    object.__setattr__(engine_client.settings.platforms[FACEBOOK], "account_ids", (JAPAN,))
    for params in (
        {"account_id": JAPAN, "object_id": SPRING_SET},
        {"account_id": US, "targeting_spec": spec},
    ):
        assert isinstance(
            await error_of(found(engine_client, "describe", **params)), OutOfScope | InvalidParams
        )
    assert await found(engine_client, "search", q="hik") == ["Hiking"]
    assert isinstance(await error_of(found(engine_client, "search", q="hik", account_id=US)), OutOfScope)


async def test_answers_in_another_shape(engine_client: EngineClient) -> None:
    """Words inside data, no words, places as a list: rows, or none; an answer with nothing is none."""
    answers: list[Any] = []
    asked = ("search", "targetingsentencelines", "reachestimate")
    between(
        engine_client, lambda r: httpx.Response(200, json=answers[-1]) if r.url.path.endswith(asked) else None
    )
    lines = [{"content": "Age:", "children": ["18 - 65+"]}]
    for answer, expected in (
        ({"data": [{"targetingsentencelines": lines}]}, ["Age:"]),
        ({"data": []}, []),
    ):
        answers.append(answer)
        assert await found(engine_client, "describe", account_id=US, object_id=SPRING_SET) == expected
    answers.append({"data": []})
    assert await found(engine_client, "validate", interest_list=["x"]) == []
    table = await engine_client.table(FACEBOOK, "targeting", "validate", places={"cities": ["7"]})
    assert [row["valid"] for row in table.rows] == ["false"]
    answers.append({})
    call = engine_client.do(FACEBOOK, "reach_estimates", "get", account_id=US, targeting_spec=COUNTRY)
    assert isinstance(await error_of(call), PlatformDown)


@pytest.mark.parametrize(
    ("action", "params", "mistake"),
    [
        ("search", {}, "q: a part of a name"),
        ("search", {"q": "x", "type": "behaviors"}, "account_id: behaviors are searched within"),
        ("search", {"q": "x", "country_code": "US"}, "country_code: only with type places"),
        ("search", {"q": "x", "type": "cities"}, "type: "),
        ("search", {"q": "x", "regulated_categories": ["HOUSING"]}, "regulated_categories: only detailed"),
        ("search", {"q": "x", "fields": ["nam"]}, "fields: 'nam' is no column here; did you mean name"),
        ("browse", {}, "type: missing"),
        ("browse", {"type": "moms"}, "account_id: moms are listed within"),
        ("browse", {"type": "user_os", "account_id": US}, "account_id: user_os are listed without it"),
        ("browse", {"type": "income", "include_nodes": True}, "include_nodes: only with account_id"),
        ("suggest", {}, "interest_list: names of interests"),
        ("suggest", {"account_id": US, "interest_list": ["x"]}, "targeting_list: with account_id"),
        ("suggest", {"interest_list": ["x"], "mode": "related"}, "account_id: targeting_list, mode"),
        ("validate", {}, "interest_list: give one of"),
        ("validate", {"interest_list": ["x"], "id_list": ["7"]}, "interest_list: give one of"),
        ("validate", {"id_list": ["7"]}, "account_id: targeting_list, id_list, name_list need it"),
        ("validate", {"interest_list": ["x"], "account_id": US}, "and nothing else takes it"),
        ("validate", {"places": {"towns": ["7"]}}, "places: 'towns' is none of cities"),
        ("validate", {"interest_list": ["x"], "is_exclusion": True}, "is_exclusion: only with account_id"),
        ("describe", {"account_id": US}, "object_id: give it"),
        ("describe", {"account_id": US, "object_id": "7", "targeting_spec": COUNTRY}, "object_id: give it"),
        (
            "describe",
            {"account_id": US, "targeting_spec": {"age_min": 5}},
            "targeting_spec.age_min: 13 to 65",
        ),
    ],
)
async def test_a_search_that_cannot_be(
    engine_client: EngineClient, action: str, params: dict[str, Any], mistake: str
) -> None:
    """One line, before anything is sent."""
    with pytest.raises(InvalidParams) as caught:
        await engine_client.do(FACEBOOK, "targeting", action, **params)
    assert mistake in str(caught.value)
    assert engine_client.sent(FACEBOOK) == []


async def test_how_many_people(engine_client: EngineClient) -> None:
    """Bounds; what Facebook does not tell is empty, and said to be; a mistake is said before it is sent."""
    reach = {"account_id": US, "targeting_spec": COUNTRY}
    one = await engine_client.do(FACEBOOK, "reach_estimates", "get", **reach)
    assert dict(one.data) == {
        "users_lower_bound": 240_000_000, "users_upper_bound": 283_200_000, "estimate_ready": True,
    }  # fmt: skip
    month = await engine_client.do(FACEBOOK, "delivery_estimates", "get", **reach, optimization_goal="REACH")
    assert month.data["estimate_mau_lower_bound"] == 240_000_000
    few = {"account_id": US, "targeting_spec": {"custom_audiences": [{"id": AUDIENCE}]}}
    unknown = await engine_client.do(FACEBOOK, "reach_estimates", "get", **few)
    assert unknown.data["users_lower_bound"] is None
    assert "users_upper_bound: Facebook does not say" in str(unknown.meta["warnings"])
    for spec, mistake in (
        ({}, "targeting_spec.geo_locations: it needs a location"),
        (
            {"geo_locations": {"countries": ["USA"]}},
            "targeting_spec.geo_locations.countries: 'USA' is no country",
        ),
        ({**COUNTRY, "interest": []}, "targeting_spec.interest: Facebook knows no such field"),
    ):
        with pytest.raises(InvalidParams) as caught:
            await engine_client.do(FACEBOOK, "reach_estimates", "get", account_id=US, targeting_spec=spec)
        assert mistake in str(caught.value)


async def test_an_estimate_that_is_not_ready(engine_client: EngineClient) -> None:
    """It is said, and what to do."""
    answer = {
        "data": [{"estimate_ready": False, "estimate_mau_lower_bound": 5, "estimate_mau_upper_bound": 9}]
    }
    between(engine_client, lambda r: httpx.Response(200, json=answer) if "estimate" in str(r.url) else None)
    params = {"account_id": US, "targeting_spec": COUNTRY, "optimization_goal": "REACH"}
    result = await engine_client.do(FACEBOOK, "delivery_estimates", "get", **params)
    assert result.meta["warnings"] == ["the estimate is not ready: call again in a minute"]


async def test_how_many_ads_run(engine_client: EngineClient) -> None:
    """By page, with its limit where it is told; of the account in one row."""
    table = await engine_client.table(FACEBOOK, "ads_volume", "get", account_id=US)
    (row,) = table.rows
    assert (row["actor_name"], row["limit_on_ads_running_or_in_review"]) == ("Tern & Tide", "250")
    whole = await engine_client.table(
        FACEBOOK, "ads_volume", "get", account_id=US, show_breakdown_by_actor=False
    )
    assert (
        whole.rows[0]["ads_running_or_in_review_count"]
        == row["current_account_ads_running_or_in_review_count"]
    )
    other = await engine_client.table(FACEBOOK, "ads_volume", "get", account_id=US, page_id="104857600000002")
    assert other.rows == []


async def test_a_limit_that_nobody_tells(engine_client: EngineClient) -> None:
    """It is often left out: the cell is empty."""
    silent = {"data": [{"actor_id": "7", "ads_running_or_in_review_count": 3}]}
    between(engine_client, lambda r: httpx.Response(200, json=silent) if "volume" in str(r.url) else None)
    table = await engine_client.table(FACEBOOK, "ads_volume", "get", account_id=US)
    assert table.rows[0]["limit_on_ads_running_or_in_review"] == ""


async def test_default_rows_are_short(engine_client: EngineClient) -> None:
    """At most 120 bytes a row, heading and meta apart."""
    calls: list[tuple[str, str, dict[str, Any]]] = [
        ("targeting", "search", {"q": "o", "account_id": US}),
        ("targeting", "search", {"q": "spring", "type": "places"}),
        ("targeting", "browse", {"type": "interests"}),
        ("targeting", "suggest", {"interest_list": ["Hiking"]}),
        ("saved_audiences", "list", {"account_id": US}),
        ("lookalike_audiences", "list", {"account_id": US}),
        ("ads_volume", "get", {"account_id": US}),
    ]
    for entity, action, params in calls:
        table = await engine_client.table(FACEBOOK, entity, action, **params)
        lines = table.text.strip().split("\n")[2:]
        assert sum(len(line.encode()) + 1 for line in lines) <= 120 * len(lines), (entity, action)


@pytest.mark.parametrize("word", ["sailing", "coffee", "running", "travel"])
async def test_usual_interests_are_found(engine_client: EngineClient, word: str) -> None:
    """Whoever tries the sandbox finds what a first audience is made of."""
    assert word.capitalize() in await found(engine_client, "search", q=word)


@pytest.mark.parametrize("word", ["Berlin", "London", "New York", "Tokyo"])
async def test_usual_places_are_found(engine_client: EngineClient, word: str) -> None:
    """Cities with their keys."""
    assert word in await found(engine_client, "search", q=word, type="places", location_types=["city"])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"geo_locations": {"cities": [{"key": "nonsense"}]}}, "cities: 'nonsense' is no key of a place"),
        ({"geo_locations": {"regions": ["Oregon"]}}, "regions: 'Oregon' is no key of a place"),
        ({"interests": ["Hiking"]}, "interests: 'Hiking' is no id"),
        ({"flexible_spec": [{"behaviors": [{"name": "Commuters"}]}]}, "behaviors: .*is no id"),
    ],
    ids=str,
)
async def test_targeting_names_ids_and_keys(
    engine_client: EngineClient, wrong: dict[str, Any], said: str
) -> None:
    """A name in their place is refused before anything is asked."""
    spec = {"geo_locations": {"countries": ["US"]}, **wrong}
    with pytest.raises(InvalidParams, match=said):
        await engine_client.do(FACEBOOK, "reach_estimates", "get", account_id=US, targeting_spec=spec)
    assert engine_client.sent(FACEBOOK) == []
