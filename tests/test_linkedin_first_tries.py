"""What people and agents write first on LinkedIn, and what comes of it: understood, or what to write."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from engine_client import LINKEDIN, LINKEDIN_US, EngineClient
from planning import applied, undo_of

from mcp_ads.connectors import connector
from mcp_ads.core import describe
from mcp_ads.errors import AuthError, InvalidParams, NotFound
from mcp_ads.sandbox.linkedin_ads.state import CAMPAIGN, GROUP

pytestmark = pytest.mark.anyio
US: dict[str, Any] = {"account_id": LINKEDIN_US}
POST = {**US, "author": "2414183", "commentary": "Spring is here"}
DRAFT_GROUP, CAMPAIGN_ID = "600000008", "300000001"
TODAY = datetime.now(UTC).date()
SOON = (TODAY + timedelta(days=3)).isoformat()
IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
OCTOBER = "2026-10-01..2026-10-31"


async def refusal(engine_client: EngineClient, entity: str, action: str, **params: Any) -> str:
    with pytest.raises(InvalidParams) as refused:
        await engine_client.do(LINKEDIN, entity, action, **params)
    return "\n".join(refused.value.lines)


async def test_switching_a_draft_on_is_undone_by_a_pause(engine_client: EngineClient) -> None:
    """The plan says that it will be no draft again; the undo stops what was switched on."""
    params = {**US, "campaign_group_id": DRAFT_GROUP, "run_schedule": {"start": SOON}}
    made = await engine_client.do(LINKEDIN, "campaign_groups", "activate", **params)
    assert "it will not be DRAFT again: the undo makes it PAUSED, and leaves runSchedule" in made.text
    await applied(engine_client, undo_of(await applied(engine_client, made.data["plan_id"])))
    assert (engine_client.store.get(GROUP, DRAFT_GROUP) or {})["status"] == "PAUSED"


async def test_pausing_what_is_archived(engine_client: EngineClient) -> None:
    """The plan says that it takes it out of the archive."""
    await engine_client.do(LINKEDIN, "campaigns", "list", **US)
    campaign = engine_client.store.get(CAMPAIGN, CAMPAIGN_ID) or {}
    engine_client.store.put(CAMPAIGN, CAMPAIGN_ID, {**campaign, "status": "ARCHIVED"})
    made = await engine_client.do(LINKEDIN, "campaigns", "pause", **US, campaign_id=CAMPAIGN_ID)
    assert "this takes it out of the archive" in made.text


@pytest.mark.parametrize("name", ["landing_page", "article"])
async def test_an_address_without_https(engine_client: EngineClient, name: str) -> None:
    """The refusal has the address as it is to be written."""
    said = await refusal(engine_client, "posts", "create", **POST, **{name: "example.com/spring"})
    assert said == f'{name}: "example.com/spring" does not fit; write https://example.com/spring'


async def test_one_card(engine_client: EngineClient) -> None:
    """Too few of a list are counted, and no word is a program's."""
    card = {"image_id": "urn:li:image:a", "landing_page": "https://example.com"}
    assert await refusal(engine_client, "posts", "create", **POST, cards=[card]) == (
        "cards: at least 2 of them, not 1"
    )


async def test_a_locale_in_words(engine_client: EngineClient) -> None:
    """Both in one word are understood; one alone or in full is answered with what to write."""
    for given in ("de", {"country": "Germany", "language": "German"}, {"language": "de"}):
        said = await refusal(engine_client, "campaigns", "create", **US, name="x", locale=given)
        assert 'locale: write both in two letters: {"country": "DE", "language": "de"}' in said
    said = await refusal(engine_client, "campaigns", "create", **US, name="x", locale="de_DE")
    assert "locale" not in said


async def test_ids_of_others(engine_client: EngineClient) -> None:
    """An id of another kind is answered with where that kind is."""
    with pytest.raises(NotFound) as group:
        await engine_client.do(LINKEDIN, "campaigns", "pause", **US, campaign_id=DRAFT_GROUP)
    assert "of a campaign group" in group.value.fix
    with pytest.raises(NotFound) as campaign:
        await engine_client.do(LINKEDIN, "campaign_groups", "pause", **US, campaign_group_id=CAMPAIGN_ID)
    assert "of a campaign " in campaign.value.fix
    with pytest.raises(AuthError) as account:
        await engine_client.do(LINKEDIN, "campaigns", "list", account_id=CAMPAIGN_ID)
    assert "accounts list" in account.value.fix


async def test_a_page_by_its_address(engine_client: EngineClient) -> None:
    """The whole address finds the Page, another address is refused, and a name nobody has is said."""
    page = "https://www.linkedin.com/company/tern-and-tide/about"
    found = await engine_client.table(LINKEDIN, "organizations", "lookup", vanity_name=page)
    assert found.ids == ["2414183"]
    said = await refusal(engine_client, "organizations", "lookup", vanity_name="https://example.com/x")
    assert "linkedin.com/company/<name>" in said
    none = await engine_client.table(LINKEDIN, "organizations", "lookup", vanity_name="nobody-at-all")
    assert none.meta["warnings"] == ["no Page has the name nobody-at-all in its address"]


@pytest.mark.slow
async def test_what_has_no_value_is_last_and_said(engine_client: EngineClient) -> None:
    """A sort by a ratio says how many rows have none."""
    table = await engine_client.table(
        LINKEDIN, "ad_campaign_analytics", "list", **US, date_range=OCTOBER,
        fields=["oneClickLeads", "cost_per_lead"], sort="-cost_per_lead", limit=1,
    )  # fmt: skip
    assert any("have no cost_per_lead: last" in line for line in table.meta["warnings"])


async def test_who_saw_it_most_first(engine_client: EngineClient) -> None:
    """Reports of people begin with the most."""
    table = await engine_client.table(
        LINKEDIN, "ad_member_seniority_analytics", "list", **US, date_range=OCTOBER
    )
    shown = [int(row["impressions"]) for row in table.rows]
    assert shown == sorted(shown, reverse=True)


async def test_a_removal_says_which_role_goes(engine_client: EngineClient) -> None:
    """Who loses what stands in the plan."""
    made = await engine_client.do(LINKEDIN, "account_users", "delete", **US, user="urn:li:person:0laf-V")
    assert "takes the role VIEWER away from urn:li:person:0laf-V" in made.text


async def test_an_upload_names_its_file_and_page(engine_client: EngineClient) -> None:
    """What is sent, and for whom, stands in the readable line."""
    made = await engine_client.do(LINKEDIN, "images", "upload", **US, owner="2414183", file=IMAGE)
    assert 'uploads "upload.png", 70 bytes, image/png, of the Page 2414183' in made.text


async def test_a_range_of_days_in_words(engine_client: EngineClient) -> None:
    """A forecast takes its days as reports do."""
    days = f"{SOON}..{(TODAY + timedelta(days=20)).isoformat()}"
    table = await engine_client.table(
        LINKEDIN, "supply_forecasts", "get", **US, campaign_type="SPONSORED_UPDATES", time_range=days,
        daily_budget="50 USD", optimization_target="MAX_CLICK",
        targeting_criteria={"include": {"locations": ["urn:li:geo:103644278"]}},
    )  # fmt: skip
    assert table.rows


async def test_a_total_below_a_day(engine_client: EngineClient) -> None:
    """A total budget that a day uses up is warned of."""
    made = await engine_client.do(
        LINKEDIN, "campaigns", "create", **US, name="x", campaign_group_id="600000001",
        type="SPONSORED_UPDATES", cost_type="CPM", objective_type="WEBSITE_VISIT", locale="en_US",
        optimization_target_type="MAX_CLICK", daily_budget="150 USD", total_budget="140 USD",
        run_schedule={"start": SOON, "end": "2027-12-31"}, political_intent="NOT_POLITICAL",
    )  # fmt: skip
    assert "total_budget 140 is below daily_budget 150" in made.text


@pytest.mark.slow
@pytest.mark.parametrize("entity", [row[0] for row in connector(LINKEDIN).entities if row[0] != "rest"])
async def test_examples_work_as_they_stand(engine_client: EngineClient, entity: str) -> None:
    """What an action's page shows can be called, with the ids it has."""
    for name, action in connector(LINKEDIN).entity(entity).actions.items():
        result = await engine_client.do(LINKEDIN, entity, name, **json.loads(describe.example(action)))
        assert not result.errors, name


async def test_no_rows_make_no_file(engine_client_with_files: tuple[EngineClient, Path]) -> None:
    """A list of nothing leaves the name free."""
    engine_client, files = engine_client_with_files
    table = await engine_client.table(
        LINKEDIN, "lead_form_responses", "list", **US, submitted_at="2020-01-01..2020-01-02",
        save_to="leads.csv",
    )  # fmt: skip
    assert "no file was written" in str(table.meta["warnings"])
    assert not (files / "leads.csv").exists()


@pytest.fixture
def engine_client_with_files(tmp_path: Path) -> tuple[EngineClient, Path]:
    files = tmp_path / "files"
    files.mkdir()
    return EngineClient(tmp_path / "home", {"MCP_ADS_FILES": str(files)}), files
