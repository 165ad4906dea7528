"""Reports under the names other connectors have for them: understood and described, and in no schema."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from agent import Agent

from mcp_ads.connectors import connector

pytestmark = pytest.mark.anyio
LINKEDIN = "linkedin_ads"
PIVOTS = {
    "ad_impression_device_analytics": "IMPRESSION_DEVICE_TYPE",
    "ad_member_company_analytics": "MEMBER_COMPANY",
    "ad_member_company_size_analytics": "MEMBER_COMPANY_SIZE",
    "ad_member_country_analytics": "MEMBER_COUNTRY_V2",
    "ad_member_industry_analytics": "MEMBER_INDUSTRY",
    "ad_member_job_function_analytics": "MEMBER_JOB_FUNCTION",
    "ad_member_job_title_analytics": "MEMBER_JOB_TITLE",
    "ad_member_region_analytics": "MEMBER_REGION_V2",
    "ad_member_seniority_analytics": "MEMBER_SENIORITY",
}


async def test_other_connectors_calls_are_answered(agent: Agent) -> None:
    """As Airbyte's agents write them, all parameters included, with the names of who is counted."""
    today = datetime.now(UTC).date()
    days = today - timedelta(days=20), today - timedelta(days=1)
    spelled = ",".join(
        f"{end}:(year:{day.year},month:{day.month},day:{day.day})"
        for end, day in zip(("start", "end"), days, strict=True)
    )
    for entity, pivot in PIVOTS.items():
        table = await agent.table(
            LINKEDIN,
            entity,
            "list",
            q="analytics",
            pivot=pivot,
            timeGranularity="ALL",
            dateRange=f"({spelled})",
            account_id="512345678",
            campaigns="List(urn:li:sponsoredCampaign:300000001)",
            fields="impressions,clicks",
        )
        assert table.meta["range"] == f"{days[0]}..{days[1]} UTC"
        assert len(table.rows) > 1, entity
        assert [*table.rows[0]][-2:] == ["impressions", "clicks"]
        assert all("urn:" not in value for row in table.rows for value in row.values())


async def test_they_are_described_and_not_listed(agent: Agent) -> None:
    """The schema of the tool is what every conversation pays for; asking costs only who asks."""
    tools = {tool.name: tool for tool in await agent.client.list_tools()}
    listed = tools[f"{LINKEDIN}_execute"].input_schema["properties"]["entity"]["enum"]
    assert "ad_campaign_analytics" in listed
    assert not PIVOTS.keys() & set(listed)
    described = await agent.good("ads_describe", connector=LINKEDIN)
    assert all(f"\n{entity}: list." in described for entity in PIVOTS)
    page = await agent.good(
        "ads_describe", connector=LINKEDIN, entity="ad_member_company_analytics", action="list"
    )
    assert "companies" in page
    for entity, pivot in PIVOTS.items():
        instead = f"analytics.list with pivot {pivot}"
        assert f"\n{entity}: list." in described
        assert f"Also {instead}." in described
    assert page.endswith("analytics.list with pivot MEMBER_COMPANY answers the same")
    assert f"(LinkedIn Ads), {len(listed)} entities" in await agent.good("ads_describe")
    found = await agent.good("ads_describe", query="LinkedIn company size")
    assert found.startswith(f"{LINKEDIN} ad_member_company_size_analytics.list")
    assert "Also analytics.list with pivot MEMBER_COMPANY_SIZE." in found.splitlines()[0]
    assert connector(LINKEDIN).unlisted.keys() == PIVOTS.keys()
