"""Names for URNs in LinkedIn's reports: right, missing, and asked for once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from linkedin_calls import CONTEXT, call, run
from planning import applied, planned

from mcp_ads.connectors.linkedin_ads import named
from mcp_ads.connectors.linkedin_ads.dialect import RestliDialect
from mcp_ads.core import Request
from mcp_ads.core.names import Names
from mcp_ads.errors import AuthError, PlatformDown

EngineClients = Callable[..., EngineClient]
WEEK = {"account_id": LINKEDIN_US, "time_range": "last_7d", "limit": 100}
OF_MEMBERS = {
    "ad_member_company_analytics": "company_name",
    "ad_member_company_size_analytics": "company_size_name",
    "ad_member_country_analytics": "country_name",
    "ad_member_industry_analytics": "industry_name",
    "ad_member_job_function_analytics": "job_function_name",
    "ad_member_job_title_analytics": "job_title_name",
    "ad_member_region_analytics": "region_name",
    "ad_member_seniority_analytics": "seniority_name",
}


def _named(*urns: str, context: Any = None, answers: tuple[Any, ...]) -> tuple[named.Named, list[Request]]:
    """What is read for URNs, and what is asked for it."""
    steps, asked, left = named.read(urns, context or CONTEXT, "512345678"), [], list(answers)
    try:
        step = next(steps)
        while True:
            answer = None
            if isinstance(step, Request):
                asked.append(step)
                answer = left.pop(0)
            step = steps.throw(answer) if isinstance(answer, Exception) else steps.send(answer)
    except StopIteration as end:
        found: named.Named = end.value
        return found, asked


@pytest.mark.parametrize("entity", OF_MEMBERS)
async def test_who_saw_the_ads_has_names(engine_client: EngineClient, entity: str) -> None:
    """Each row has what its id is called, and the answer says that it is approximate."""
    result = await engine_client.do(LINKEDIN, entity, "list", **WEEK)
    assert len(result.data) > 2
    assert all(row[OF_MEMBERS[entity]] for row in result.data)
    assert all(":" not in str(value) for row in result.data for value in [*row.values()][:2])
    assert result.meta["warnings"][0].startswith("approximate")
    assert result.meta["range"].endswith("UTC")


async def test_names_are_asked_for_once(engine_client: EngineClient) -> None:
    """A second report asks LinkedIn for its numbers alone."""
    await engine_client.do(LINKEDIN, "ad_member_job_title_analytics", "list", **WEEK)
    await engine_client.do(LINKEDIN, "ad_campaign_analytics", "list", **WEEK)
    before = len(engine_client.sent(LINKEDIN))
    more = {**WEEK, "time_range": "last_6d"}
    titles = await engine_client.do(LINKEDIN, "ad_member_job_title_analytics", "list", **more)
    campaigns = await engine_client.do(LINKEDIN, "ad_campaign_analytics", "list", **more)
    assert engine_client.sent(LINKEDIN)[before:] == ["GET /rest/adAnalytics"] * 2
    assert all(row["job_title_name"] for row in titles.data)
    assert all(row["campaign_name"] for row in campaigns.data)


def test_names_are_read_where_they_are() -> None:
    """Own objects below the account, all else in one place, Pages it does not know in the other."""
    urns = (
        "urn:li:sponsoredCampaign:1", "urn:li:organization:7", "urn:li:title:9",
        "urn:li:staffCountRange:(51,200)", "urn:li:organization:8",
    )  # fmt: skip
    elements = [{"urn": "urn:li:title:9", "name": "Engineer"}, {"urn": urns[1], "name": "Acme"}]
    found, asked = _named(
        *urns,
        context=replace(CONTEXT, names=Names()),
        answers=(
            {"results": {"1": {"name": "Spring"}}},
            {"elements": elements},
            {"results": {"8": {"id": 8, "localizedName": "Beta"}}},
        ),
    )
    assert [request.path for request in asked] == [
        "/adAccounts/512345678/adCampaigns", "/adTargetingEntities", "/organizationsLookup",
    ]  # fmt: skip
    assert [RestliDialect().encode(request).url for request in asked[1:]] == [
        (
            "/rest/adTargetingEntities?q=urns&urns=List(urn%3Ali%3Aorganization%3A7,urn%3Ali%3Atitle%3A9,"
            "urn%3Ali%3Aorganization%3A8)&queryVersion=QUERY_USES_URNS"
        ),
        "/rest/organizationsLookup?ids=List(8)",
    ]
    assert [found.name(urn) for urn in urns] == ["Spring", "Acme", "Engineer", "51-200 employees", "Beta"]
    assert found.warnings == []


def test_what_has_no_name_stays_without() -> None:
    """A refusal is said only of what is still missing then, and is not remembered."""
    context = replace(CONTEXT, names=Names())
    page = "urn:li:organization:7"
    lost, _ = _named(page, context=context, answers=({"elements": []}, AuthError("no scope")))
    assert lost.name(page) is None
    assert lost.warnings == ["names are missing: no scope"]
    known, asked = _named(
        page,
        context=context,
        answers=(PlatformDown("down"), {"results": {"7": {"localizedName": "Acme"}}}),
    )
    assert (known.name(page), known.warnings, len(asked)) == ("Acme", [], 2)


def test_names_are_believed_for_a_while() -> None:
    """They are asked for again after it, and the oldest are forgotten where there is no room."""
    now = [0.0]
    names = Names(most=2, clock=lambda: now[0])
    context = replace(CONTEXT, names=names)
    title, other, third = (f"urn:li:title:{number}" for number in (1, 2, 3))
    answers = {urn: {"elements": [{"urn": urn, "name": urn[-1]}]} for urn in (title, other, third)}
    assert len(_named(title, context=context, answers=(answers[title],))[1]) == 1
    assert _named(title, context=context, answers=())[0].name(title) == "1"
    now[0] = named.PUBLIC + 1
    assert len(_named(title, context=context, answers=(answers[title],))[1]) == 1
    _named(other, context=context, answers=(answers[other],))
    _named(third, context=context, answers=(answers[third],))
    assert len(_named(title, context=context, answers=(answers[title],))[1]) == 1


def test_a_plan_reads_names_of_what_is_targeted() -> None:
    """Fifty at a time; sizes of companies need no asking, and what is not known keeps its URN."""
    titles = [f"urn:li:title:{number}" for number in range(60)]
    size = "urn:li:staffCountRange:(10001,2147483647)"
    reads = named.asides([*titles, size])
    assert [len(read.to_request().query["urns"]) for read in reads.values()] == [50, 10]
    first = next(iter(reads))
    found = {first: [{"urn": titles[0], "name": "Engineer"}], [*reads][1]: None}
    told = named.in_asides(found, [titles[0], titles[1], size])
    assert [*told.values()] == ["Engineer", titles[1], "10001 or more employees"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("SIZE_201_TO_500", "201-500 employees"),
        ("SIZE_10001_OR_MORE", "10001 or more employees"),
        ("urn:li:staffCountRange:(1,1)", "1 employee"),
        ("MOBILE_APP", ""),
    ],
)
def test_sizes_of_companies_in_words(value: str, words: str) -> None:
    """LinkedIn answers ranges, or symbols for them."""
    assert named.company_size(value) == words


def test_a_report_of_company_sizes_needs_no_names_read() -> None:
    """One request is all there is."""
    rows = [{"pivotValues": ["SIZE_2_TO_10"], "impressions": 9}]
    made = call("ad_member_company_size_analytics", "list", time_range="2026-11-01..2026-11-09")
    result, asked = run(made, {"elements": rows})
    assert len(asked) == 1
    assert result.data[0]["company_size"] == "SIZE_2_TO_10"
    assert result.data[0]["company_size_name"] == "2-10 employees"


@pytest.mark.parametrize("told", ["errors", "statuses"])
def test_names_that_are_refused_one_by_one(told: str) -> None:
    """What a batch refuses for one of its objects is said; only what is not there stays without a word."""
    gone, shut = "urn:li:sponsoredCampaign:1", "urn:li:sponsoredCampaign:2"
    statuses = {"errors": {"1": {"status": 404}, "2": {"status": 403}}, "statuses": {"1": 404, "2": 403}}
    answer = {"results": {}, told: statuses[told]}
    found, _ = _named(gone, shut, context=replace(CONTEXT, names=Names()), answers=(answer,))
    assert found.warnings == ["names are missing: the token or the member may not do this"]
    quiet, _ = _named(gone, context=replace(CONTEXT, names=Names()), answers=(answer,))
    assert quiet.warnings == []


@pytest.mark.slow
async def test_a_name_we_changed_is_read_anew(engine_client_with: EngineClients) -> None:
    """A report after a rename has the new name; names of what was not changed are not asked for again."""
    client = engine_client_with()
    before = await client.do(LINKEDIN, "ad_campaign_analytics", "list", **WEEK)
    await client.do(LINKEDIN, "ad_member_job_title_analytics", "list", **WEEK)
    id_ = before.data[0]["campaign_id"]
    renamed = {"account_id": LINKEDIN_US, "campaign_id": id_, "name": "Called otherwise"}
    await applied(client, await planned(client, "campaigns", "update", LINKEDIN, **renamed))
    sent = len(client.sent(LINKEDIN))
    after = await client.do(LINKEDIN, "ad_campaign_analytics", "list", **WEEK | {"time_range": "last_6d"})
    names = {row["campaign_id"]: row["campaign_name"] for row in after.data}
    assert names[id_] == "Called otherwise"
    await client.do(LINKEDIN, "ad_member_job_title_analytics", "list", **WEEK | {"time_range": "last_6d"})
    assert not [request for request in client.sent(LINKEDIN)[sent:] if "adTargetingEntities" in request]
