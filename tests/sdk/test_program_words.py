"""What a program gets wrong, and what it is told: in its own words, a line for each mistake."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mcp_ads import (
    AdsError,
    BadSettings,
    FacebookMarketingConnector,
    NotFound,
    ToolError,
    connect,
)
from mcp_ads.sdk.tools import build_connector_tools

pytestmark = pytest.mark.anyio
ACCOUNT, LONG = "1234567890", 120210000000000001
THEIRS = ("ads_describe", "ads_apply", "ads://", "facebook_marketing_execute", "where=", ", where,")


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The sandbox with a home of its own."""
    monkeypatch.setenv("MCP_ADS_SANDBOX", "1")
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    monkeypatch.delenv("MCP_ADS_WRITES", raising=False)


@pytest.mark.parametrize(
    ("action", "params"),
    [
        ("list", {"acount_id": ACCOUNT}),
        ("list", {"account_id": "99"}),
        ("get", {"campaign_id": "Spring Sale"}),
        ("apply", {}),
    ],
)
async def test_an_error_names_the_calls_of_who_reads_it(action: str, params: dict[str, Any]) -> None:
    """Those of the class, without what is about shown rows; the list of accounts is the keyword."""
    async with FacebookMarketingConnector(account_ids=ACCOUNT) as connector:
        call = connector.apply("x") if action == "apply" else connector.execute("campaigns", action, params)
        with pytest.raises(AdsError) as told:
            await call
    text = f"{told.value} {told.value.fix} {getattr(told.value, 'signature', '')}"
    assert not [word for word in THEIRS if word in text], text
    assert ("FACEBOOK_MARKETING_ACCOUNT_IDS" in text) == ("account_ids= of the connector" in text)


async def test_an_id_that_is_a_whole_number_loses_nothing_in_a_program() -> None:
    """It is looked for; a model's tool, whose numbers went through JSON, takes it as text alone."""
    async with FacebookMarketingConnector() as connector, connect("facebook-marketing") as client:
        known = (await connector.campaigns.list(account_id=ACCOUNT, limit=1, select_fields="id")).data[0]
        assert [*known] == ["id"]
        assert (await connector.campaigns.get(campaign_id=int(known.id))).id == known.id
        assert (await client.execute("campaigns", "get", {"campaign_id": int(known.id)})).data
        execute = build_connector_tools(connector, framework="none").execute
        with pytest.raises(ToolError, match="campaign_id: write ids as text in quotes"):
            await execute("campaigns", "get", {"campaign_id": LONG})


async def test_a_missing_id_among_several_is_not_found() -> None:
    """Of its own kind, whichever way the records are gone through."""
    async with FacebookMarketingConnector() as connector:
        known = (await connector.campaigns.list(account_id=ACCOUNT, limit=1)).data[0].id
        with pytest.raises(NotFound):
            [row async for row in connector.iterate("campaigns", "get", {"campaign_id": [known, "1"]})]


def test_wrong_keywords_are_a_line_each() -> None:
    """Of a constructor and of the decorator."""
    wrong: Any = 5
    with pytest.raises(BadSettings, match="account_ids: ids as text, or a list of them, not int"):
        FacebookMarketingConnector(account_ids=wrong)
    make: Any = FacebookMarketingConnector.tool_utils
    with pytest.raises(TypeError, match="should_internal_retry: not taken: the error itself"):
        make(should_internal_retry=print)
