"""What came with sets, files, owners, batches and raw requests, as an agent uses it: over MCP and HTTP.

One server on a port, in the sandbox; each action is planned, applied, and looked up in the sandbox's store.
No person and nothing of a file is in any answer, in the log or in a file, but where it waits to be sent.
"""

from __future__ import annotations

import base64
import io
import json
import logging
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import people
import pytest
import uvicorn
from agent import Agent
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US, Row
from fastmcp import Client
from fastmcp.client.transports import StreamableHttpTransport
from planning import SPRING

from mcp_ads.connectors.facebook_marketing.creative.images import DOT
from mcp_ads.connectors.facebook_marketing.creative.videos import TINY
from mcp_ads.connectors.linkedin_ads.creatives import inline
from mcp_ads.sandbox.store import Store
from mcp_ads.server import build_server
from mcp_ads.serving import http_app
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
BUSINESS, CATALOG = "334455667788990", "556677889900001"
PAGE, CAMPAIGN = "2414183", "300000001"
DISPLAY = "180000000000001"
PARENTS = {"account_id": PROFILE, "campaign_id": "120000000000001", "ad_group_id": "130000000000001"}
NEGATIVES = "application/vnd.spNegativeKeyword.v3+json"
MARK = b"FILE-MARKER-5c2d-" * 8
FILES = {"shop.png": base64.b64decode(DOT) + MARK, "spring.mp4": base64.b64decode(TINY) + MARK}
CODED = tuple(base64.b64encode(MARK[start:])[:40].decode() for start in range(3))
MARKS = (*people.MARKS, *people.HASHES, MARK[:17].decode(), *CODED)
"""What must be nowhere: people as written and as hashed, a file's bytes, and these in base64."""


@dataclass
class House:
    """A server with an agent at it; `said` is every answer since the last test, `log` what was logged."""

    agent: Agent
    home: Path
    store: Store
    log: io.StringIO
    said: list[str] = field(default_factory=list)

    async def ask(self, tool: str, **arguments: Any) -> str:
        """An answer that is no error."""
        self.said.append(await self.agent.good(tool, **arguments))
        return self.said[-1]

    async def rows(self, connector: str, entity: str, action: str, **params: Any) -> list[Row]:
        """The rows of an answer, each value as text."""
        call = {"entity": entity, "action": action, "params": params, "format": "json"}
        data = json.loads(await self.ask(f"{connector}_execute", **call))["data"]
        return [
            {name: str(value) for name, value in row.items()}
            for row in (data if isinstance(data, list) else [data])
        ]

    def found(self) -> list[str]:
        """Where one of the marks is: said, logged, or in a file."""
        return people.found("\n".join(self.said) + self.log.getvalue(), self.home, MARKS)

    def having(self, kind: str, values: dict[str, Any]) -> int:
        """How many objects of the sandbox have these values."""
        return sum(row.items() >= values.items() for row in self.store.all(kind))

    def done(self) -> list[str]:
        """Every change that was carried out."""
        return [str(write["what"]) for write in self.store.writes()]


@contextmanager
def listening(app: Any) -> Iterator[str]:
    """The app on a port of this machine, in a thread of its own."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/mcp"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def heard() -> Iterator[io.StringIO]:
    """What the server logs at every level, FastMCP too; the client beside it logs what it sends."""
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    handler.addFilter(lambda record: not record.name.startswith("mcp.client"))
    loggers = [logging.getLogger(name) for name in ("", "fastmcp", "mcp_ads", "httpx")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.addHandler(handler)
    yield log
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
        logger.removeHandler(handler)


@pytest.fixture(scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, anyio_backend: str) -> AsyncIterator[House]:
    """One for all tests: none changes what another looks at."""
    home, files = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("files")
    for name, content in FILES.items():
        (files / name).write_bytes(content)
    variables = {"MCP_ADS_SANDBOX": "1", "MCP_ADS_HOME": str(home), "MCP_ADS_FILES": str(files)}
    settings = load(environ={**variables, "MCP_ADS_RAW_WRITES": "1"})
    with pytest.MonkeyPatch.context() as patch, heard() as log:
        patch.setattr(inline, "NOT_YET", 0.01)
        with listening(http_app(build_server(settings), "http", settings)) as url:
            async with Client(StreamableHttpTransport(url)) as client:
                store = Store(home / "sandbox" / "sandbox.sqlite")
                yield House(Agent(client), home, store, log)
                store.close()


READS: dict[str, tuple[str, str, str, dict[str, Any], dict[str, str]]] = {
    "audiences": (FACEBOOK, "custom_audiences", "list", {"account_id": US}, {"name": "Customers, all time"}),
    "an audience": (
        FACEBOOK, "custom_audiences", "get", {"audience_id": people.AUDIENCE},
        {"name": "Customers, all time"},
    ),
    "images": (FACEBOOK, "images", "list", {"account_id": US}, {"name": "tern-jacket.jpg"}),
    "catalogs": (FACEBOOK, "catalogs", "list", {"business_id": BUSINESS}, {"id": CATALOG}),
    "a catalog": (FACEBOOK, "catalogs", "get", {"catalog_id": CATALOG}, {"product_count": "412"}),
    "display campaigns": (
        AMAZON, "sponsored_display_campaigns", "list", {"account_id": PROFILE}, {"campaignId": DISPLAY},
    ),
    "a display campaign": (
        AMAZON, "sponsored_display_campaigns", "get", {"account_id": PROFILE, "campaign_id": DISPLAY},
        {"state": "ENABLED"},
    ),
    "graph": (FACEBOOK, "graph", "get", {"path": f"/{SPRING}", "query": {"fields": "id"}}, {"id": SPRING}),
    "rest": (
        LINKEDIN, "rest", "get", {"path": f"/adAccounts/{LINKEDIN_US}/adCampaigns/{CAMPAIGN}"},
        {"id": CAMPAIGN},
    ),
    "api": (
        AMAZON, "api", "get", {"account_id": PROFILE, "path": f"/sd/campaigns/{DISPLAY}"},
        {"campaignId": DISPLAY},
    ),
}  # fmt: skip
"""Each with cells of one of its rows."""


@pytest.mark.parametrize("name", READS)
async def test_it_is_read(house: House, name: str) -> None:
    """The row is there; nothing is carried out for it."""
    house.said.clear()
    connector, entity, action, params, cells = READS[name]
    before = house.done()
    rows = await house.rows(connector, entity, action, **params)
    assert [row for row in rows if row.items() >= cells.items()]
    assert house.done() == before
    assert house.found() == []


@dataclass(frozen=True)
class Change:
    """A write; what is carried out when it is applied; the values that one more object of a kind has then."""

    connector: str
    entity: str
    action: str
    params: dict[str, Any]
    done: list[str]
    kind: str
    has: dict[str, Any]
    waits: int = 0
    """How many files of ours keep what is to be sent, until it is."""
    keeps: int = 0
    """How many of these stay for the undo."""


BUYERS = {"name": "Buyers", "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
WORDS = [{"keyword_text": f"word {number}", "match_type": "NEGATIVE_EXACT"} for number in range(1000)]
RAW_WORD = {"campaignId": PARENTS["campaign_id"], "adGroupId": PARENTS["ad_group_id"], "keywordText": "raw",
            "matchType": "NEGATIVE_EXACT", "state": "ENABLED"}  # fmt: skip
CHANGES = {
    "an audience": Change(
        FACEBOOK, "custom_audiences", "create", {"account_id": US, **BUYERS}, ["create audience"],
        "facebook.audience", {"name": "Buyers"},
    ),
    "people": Change(
        FACEBOOK, "custom_audiences", "add_users", people.SHAPES["list"], ["add users"],
        "facebook.session", {"num_received": 1, "num_invalid_entries": 0}, 1, 1,
    ),
    "an image": Change(
        FACEBOOK, "images", "upload", {"account_id": US, "file": "shop.png"}, ["create image"],
        "facebook.image", {"name": "shop.png"}, 1,
    ),
    "a video": Change(
        FACEBOOK, "videos", "upload", {"account_id": US, "file": "spring.mp4", "title": "Spring"},
        ["create video", "send chunk", "finish video"],
        "facebook.video", {"title": "Spring", "_whole": True}, 1,
    ),
    "LinkedIn's image": Change(
        LINKEDIN, "images", "upload", {"account_id": LINKEDIN_US, "owner": PAGE, "file": "shop.png"},
        ["create image", "upload image"], "linkedin.image", {"status": "AVAILABLE"}, 1,
    ),
    "a creative and its image": Change(
        LINKEDIN, "creatives", "create_inline",
        {"account_id": LINKEDIN_US, "campaign_id": CAMPAIGN, "author": PAGE, "name": "Spring",
         "commentary": "Spring is here", "file": "shop.png"},
        ["create image", "upload image", "create creative"], "linkedin.creative", {"name": "Spring"}, 1,
    ),
    "a display campaign": Change(
        AMAZON, "sponsored_display_campaigns", "update",
        {"account_id": PROFILE, "campaign_id": DISPLAY, "name": "Renamed"}, ["update display campaign"],
        "amazon.sd.campaigns", {"name": "Renamed"},
    ),
    "a thousand negative keywords": Change(
        AMAZON, "sponsored_product_negative_keywords", "create", {**PARENTS, "items": WORDS},
        ["create negative keyword"] * 1000, "amazon.negativeKeywords", {"keywordText": "word 999"},
    ),
    "graph": Change(
        FACEBOOK, "graph", "post", {"path": f"/act_{US}/adlabels", "body": {"name": "Autumn"}},
        ["create label"], "facebook.label", {"name": "Autumn"},
    ),
    "rest": Change(
        LINKEDIN, "rest", "post",
        {"path": f"/adAccounts/{LINKEDIN_US}/adCampaigns/{CAMPAIGN}", "restli_method": "PARTIAL_UPDATE",
         "body": {"patch": {"$set": {"name": "By hand"}}}},
        ["update campaign"], "linkedin.campaign", {"name": "By hand"},
    ),
    "api": Change(
        AMAZON, "api", "post",
        {"account_id": PROFILE, "path": "/sp/negativeKeywords", "media_type": NEGATIVES,
         "body": {"negativeKeywords": [RAW_WORD]}},
        ["create negative keyword"], "amazon.negativeKeywords", {"keywordText": "raw"},
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
async def test_it_is_planned_applied_and_done(house: House, name: str) -> None:
    """Nothing before it is applied, all of it then and once; what was given is nowhere but where it waits."""
    house.said.clear()
    change, before, left = CHANGES[name], house.done(), house.found()
    there = house.having(change.kind, change.has)
    call = {"entity": change.entity, "action": change.action, "params": change.params}
    plan = (await house.ask(f"{change.connector}_execute", **call)).split("PLAN ")[1].split()[0]
    assert house.done() == before
    waiting = [place.rpartition("/")[0] for place in house.found() if place not in left]
    assert waiting == ["sandbox/blobs"] * change.waits
    text = await house.ask("ads_apply", plan_id=plan)
    assert f"APPLIED: {len(change.params.get('items', [0]))} of" in text
    assert house.done()[len(before) :] == change.done
    assert house.having(change.kind, change.has) == there + 1
    assert "carried out before" in await house.ask("ads_apply", plan_id=plan)
    house.said.append(await house.agent.read(f"ads://plans/{plan}"))
    assert house.done()[len(before) :] == change.done
    staying = [place.rpartition("/")[0] for place in house.found() if place not in left]
    assert staying == ["sandbox/blobs"] * change.keeps


async def test_what_was_heard(house: House) -> None:
    """The search would have found something: the log has FastMCP's lines, the home what the engine wrote."""
    house.said.clear()
    await house.ask("ads_describe")
    assert {"fastmcp", "httpx"} <= {
        line.split()[0].partition(".")[0] for line in house.log.getvalue().splitlines() if line
    }
    assert people.found("", house.home, ("Buyers",))
