"""What plans and refusals tell of an audience on LinkedIn: names, doubts, ways out, and how many members."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from between import between
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from planning import error_of
from test_linkedin_campaigns import NEW, SPRING, US, put

from mcp_ads.engine.overview import page
from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio
FACET, PLACE = "urn:li:adTargetingFacet:", "103644278"
WAY_OUT = 'take out what was there in the same call: remove={"seniorities": ["urn:li:seniority:5"]}'
REACHED = "how many unique people did LinkedIn ads reach in the last 30 days"


async def edited(engine_client: EngineClient, **edits: Any) -> str:
    """The plan of an edit of an active campaign's audience."""
    result = await engine_client.do(
        LINKEDIN, "campaigns", "edit_targeting", **US, campaign_id=SPRING, **edits
    )
    return result.text


async def refusal(engine_client: EngineClient, entity: str, action: str, **params: Any) -> str:
    """The only line with which a call is refused."""
    error = await error_of(engine_client.do(LINKEDIN, entity, action, **params))
    assert isinstance(error, InvalidParams)
    (line,) = error.lines
    return line


async def test_segments_have_names_and_those_that_cannot_be_targeted_are_said(
    engine_client: EngineClient,
) -> None:
    """An ad segment by its name; one that is not there, has expired or goes under another facet is told."""
    text = await edited(engine_client, exclude_add={"audienceMatchingSegments": ["8001", "11006", "8003"]})
    assert 'adSegment:11006, "Customers 2026" (adSegment:8001), "Webinar list 2024" (adSegment:8003)' in text
    assert "adSegment:11006 is none of the 6 ad segments that were read of this account" in text
    assert "adSegment:8003 is EXPIRED: LinkedIn does not take it" in text
    assert "adSegment:8001 is" not in text
    wrong = await engine_client.do(
        LINKEDIN, "campaigns", "update", **US, campaign_id=SPRING,
        targeting_criteria={"locations": [PLACE], "dynamicSegments": ["8001"]},
    )  # fmt: skip
    assert (
        "adSegment:8001 is of type BULK: LinkedIn takes it under audienceMatchingSegments only" in wrong.text
    )


async def test_a_segments_name_is_no_sentence_of_the_plan(engine_client: EngineClient) -> None:
    """Its owner wrote it: it stays one quoted text on its line."""
    await engine_client.do(LINKEDIN, "accounts", "list")
    kind = "linkedin.adSegment"
    segment = engine_client.store.get(kind, "8001") or {}
    engine_client.store.put(kind, "8001", {**segment, "name": 'x"\nwarning: none'})
    text = await edited(engine_client, exclude_add={"audienceMatchingSegments": ["8001"]})
    assert r'"x\" warning: none" (adSegment:8001)' in text
    assert "\nwarning: none" not in text


async def test_a_companys_name_stays_on_its_line(engine_client: EngineClient) -> None:
    """Whoever has a Page names it; no line of a plan is of its making."""
    answer = {"elements": [{"urn": "urn:li:organization:1037", "name": "Acme\nwarning: none"}]}

    def named(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(200, json=answer) if "/adTargetingEntities" in request.url.path else None

    between(engine_client, named)
    text = await edited(engine_client, exclude_add={"employers": ["1037"]})
    assert "Acme warning: none (organization:1037)" in text


async def test_segments_that_could_not_be_read_are_not_taken_for_absent(engine_client: EngineClient) -> None:
    """A list that fails says nothing of what is in it, nor do names that could not be read."""
    await engine_client.do(LINKEDIN, "accounts", "list")
    for path in ("/adSegments", "/adTargetingEntities"):
        for _ in range(6):
            engine_client.fault("500", path=path)
    text = await edited(
        engine_client, exclude_add={"audienceMatchingSegments": ["99999"], "skills": ["99999999"]}
    )
    assert "ad segments: not known, for they could not be read" in text
    assert "is none of" not in text
    assert "has no name for" not in text


async def test_values_that_nobody_knows_are_doubted(engine_client: EngineClient) -> None:
    """An id of a title that does not exist reaches nobody: plans and counts say that it has no name."""
    told = "LinkedIn has no name for title:99999999: such a value may not exist"
    made = await edited(engine_client, exclude_add={"titles": ["99999999", "9"]})
    assert told in made
    criteria = {"locations": [PLACE], "titles": ["99999999"]}
    counted = await engine_client.do(LINKEDIN, "audience_counts", "get", targeting_criteria=criteria)
    assert told in counted.meta["warnings"]
    new = await engine_client.do(LINKEDIN, "campaigns", "create", **NEW | {"targeting_criteria": criteria})
    assert told in new.text
    known = {"locations": [PLACE], "staffCountRanges": ["(51,200)"]}
    counted = await engine_client.do(LINKEDIN, "audience_counts", "get", targeting_criteria=known)
    assert not any("no name" in warning for warning in counted.meta.get("warnings", ()))


async def test_a_copy_tells_its_audience_by_names(engine_client: EngineClient) -> None:
    """As every other plan does, its segments too."""
    found = {f"{FACET}locations": [f"urn:li:geo:{PLACE}"]}
    segment = {f"{FACET}dynamicSegments": ["urn:li:adSegment:8006"]}
    await engine_client.do(LINKEDIN, "accounts", "list")
    put(engine_client, SPRING, targetingCriteria={"include": {"and": [{"or": found}, {"or": segment}]}})
    made = await engine_client.do(LINKEDIN, "campaigns", "duplicate", **US, campaign_id=SPRING)
    assert (
        f"targeting: locations: United States (geo:{PLACE}) AND dynamicSegments: "
        '"Site visitors (90 days)" (adSegment:8006)' in made.text
    )


async def test_members_before_and_after(engine_client: EngineClient) -> None:
    """What an edit makes of an audience is seen beside what it was."""
    text = await edited(engine_client, add={"seniorities": ["6"]})
    audience = text.split("audience: ")[1].split("\n")[0]
    before, after = (int("".join(filter(str.isdigit, part))) for part in audience.split(" → "))
    assert 300 < before < after
    made = await engine_client.do(LINKEDIN, "campaigns", "create", **NEW)
    assert " → about" not in made.text


@pytest.mark.parametrize(
    ("edits", "line"),
    [
        (
            {"add": {"titles": ["1"]}},
            f"add.titles: titles cannot be narrowed by seniorities; {WAY_OUT}",
        ),
        (
            {"exclude_add": {"seniorities": ["9"]}},
            f"exclude_add.seniorities: seniorities is both included and excluded; {WAY_OUT}",
        ),
        (
            {"add": {"employers": ["1"], "industries": ["4"]}},
            "add.employers: employers cannot be narrowed by industries",
        ),
        (
            {"exclude_add": {"locations": ["101282230"]}},
            "exclude_add.locations: locations is both included and excluded",
        ),
        ({"remove": {"locations": [PLACE]}}, "remove.locations: an audience needs one at least"),
        (
            {"add": {"titles": ["CEO"]}},
            "add: titles takes urn:li:title:… , not 'CEO'; targeting_entities.search finds them by name",
        ),
    ],
)
async def test_a_way_out_of_what_does_not_go_together(
    engine_client: EngineClient, edits: dict[str, Any], line: str
) -> None:
    """The parameter that makes the mistake, and what the same call could take out; that is then taken."""
    params = {**US, "campaign_id": SPRING}
    assert await refusal(engine_client, "campaigns", "edit_targeting", **params, **edits) == line
    if "remove={" in line:
        assert "PLAN" in await edited(engine_client, **edits, remove={"seniorities": ["urn:li:seniority:5"]})


async def test_what_was_excluded_can_be_taken_out_too(engine_client: EngineClient) -> None:
    """A facet that is excluded is included after its exclusion has gone."""
    await engine_client.do(LINKEDIN, "accounts", "list")
    inside = [{"or": {f"{FACET}locations": [f"urn:li:geo:{PLACE}"]}}]
    outside = {"or": {f"{FACET}skills": ["urn:li:skill:17"]}}
    put(engine_client, SPRING, targetingCriteria={"include": {"and": inside}, "exclude": outside})
    params = {**US, "campaign_id": SPRING, "add": {"skills": ["50"]}}
    line = await refusal(engine_client, "campaigns", "edit_targeting", **params)
    assert line.startswith("add.skills: skills is both included and excluded; ")
    assert line.endswith('exclude_remove={"skills": ["urn:li:skill:17"]}')


async def test_a_new_campaign_without_an_audience_says_so(engine_client: EngineClient) -> None:
    """A draft may lack one; that it will need one is said, and what one looks like is described."""
    without = {name: value for name, value in NEW.items() if name != "targeting_criteria"}
    made = await engine_client.do(LINKEDIN, "campaigns", "create", **without)
    assert "no targeting_criteria: it needs some before it is activated" in made.text
    asked = {"connector": LINKEDIN, "entity": "campaigns"}
    described = await page(engine_client.workspace, {**asked, "action": "create"})
    assert 'targeting_criteria (object): Whom: {"include": {facet: [URN]}' in described
    described = await page(engine_client.workspace, {**asked, "action": "edit_targeting"})
    assert "- add (object): {facet: [URN, …]}" in described


@pytest.mark.parametrize(
    ("places", "says"),
    [
        ([PLACE], ""),
        ([PLACE, "101174742"], ""),
        ([PLACE, "90000070"], "if this audience includes the EU"),
        ([PLACE, "101282230"], "this audience includes the EU: by applying"),
    ],
)
async def test_the_eu_is_spoken_of_where_it_may_be_meant(
    engine_client: EngineClient, places: list[str], says: str
) -> None:
    """Not of an audience all of whose places are states outside of it; of a place not known here it is."""
    new = NEW | {"targeting_criteria": {"locations": places}}
    made = await engine_client.do(LINKEDIN, "campaigns", "create", **new)
    assert says in made.text
    assert ("includes the EU" in made.text) is bool(says)


async def test_reach_is_found_and_its_limits_are_said(engine_client: EngineClient) -> None:
    """A question for people reached leads to reports, and a refusal says by what reach is counted."""
    found = (await page(engine_client.workspace, {"query": REACHED})).split("\n")
    assert any("analytics.list" in line for line in found[:2])
    line = await refusal(
        engine_client, "analytics", "list", **US, pivot="ACCOUNT", fields=["reach", "impressions"]
    )
    assert line == (
        "fields: approximateMemberReach: LinkedIn does not count it by ACCOUNT; "
        "it does by CAMPAIGN_GROUP, CAMPAIGN, CREATIVE"
    )
    asked = {"connector": LINKEDIN, "entity": "ad_campaign_analytics", "action": "list"}
    assert "approximateMemberReach: over at most 92 days" in await page(engine_client.workspace, asked)


@pytest.mark.parametrize(
    ("pivot", "field", "says"),
    [
        ("CAMPAIGN", "status", "'status' is no metric; campaigns.list has it, by id"),
        ("CAMPAIGN_GROUP", "status", "'status' is no metric; campaign_groups.list has it, by id"),
        ("CREATIVE", "dailyBudget.amount", "'dailyBudget.amount' is no metric; campaigns.list has it"),
        ("CAMPAIGN", "impresions", "did you mean impressions"),
    ],
)
async def test_a_field_of_another_read(
    engine_client: EngineClient, pivot: str, field: str, says: str
) -> None:
    """Which list has it, or what is like it, in a line that is no list of all there are."""
    line = await refusal(engine_client, "analytics", "list", **US, pivot=pivot, fields=[field])
    assert says in line
    assert len(line) < 700


async def test_a_mapping_that_can_be_copied(engine_client: EngineClient) -> None:
    """Of a table of people and their companies, one for each kind of segment; each of them is taken."""
    rows = [{"E-Mail": f"{name}@example.com", "Vorname": "Ada", "Firma": name} for name in ("acme", "bolt")]
    params: dict[str, Any] = {"account_id": LINKEDIN_US, "members": rows}
    line = await refusal(engine_client, "dmp_segments", "add_members", **params, segment_id="11001")
    assert 'column 2 of 3 ("Vorname" of "E-Mail", "Vorname", "Firma"): none of email' in line
    assert 'such as {"E-Mail": "email"} for people or {"Firma": "company"} for companies' in line
    for segment, mapping in (("11001", {"E-Mail": "email"}), ("11002", {"Firma": "company"})):
        made = await engine_client.do(
            LINKEDIN, "dmp_segments", "add_members", **params, segment_id=segment, mapping=mapping
        )
        assert "2 with" in made.text
    both = {"E-Mail": "email", "Firma": "company"}
    line = await refusal(
        engine_client, "dmp_segments", "add_members", **params, segment_id="11001", mapping=both
    )
    assert "a mapping of the columns of the one leaves the other out" in line
