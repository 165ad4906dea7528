"""Clients that defer tools search descriptions by words: people's questions find ours among many others."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastmcp import Client

from mcp_ads import server
from mcp_ads.connectors import NAMES
from mcp_ads.connectors import connector as connector_named
from mcp_ads.server import build_server
from mcp_ads.settings import load

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]
FOREIGN = ROOT / "tests" / "data" / "foreign_tools.txt"
PLANNED = ROOT / "benchmarks" / "entity_names.json"
FACEBOOK, LINKEDIN, AMAZON = (f"{name}_execute" for name in NAMES)
TOP = 3
OVER_ALL = "ads_execute"
STOP = frozenset(
    ["a", "an", "and", "as", "by", "for", "in", "is", "my", "of", "on", "the", "this", "to", "with"]
)
TODAY = [
    ("ROAS report for Meta last week", FACEBOOK),
    ("pause an ad on Instagram", FACEBOOK),
    ("which Facebook ads show creative fatigue", FACEBOOK),
    ("move budget between ad sets", FACEBOOK),
    ("budget pacing this month", FACEBOOK),
    ("target job titles on LinkedIn", LINKEDIN),
    ("performance of sponsored content on LinkedIn", LINKEDIN),
    ("B2B campaigns with the highest cost per lead", LINKEDIN),
    ("which search terms convert in Sponsored Products", AMAZON),
    ("lower ACOS", AMAZON),
    ("raise a keyword bid on Amazon", AMAZON),
    ("negative keywords for Sponsored Products", AMAZON),
    ("which campaigns wasted money last week", OVER_ALL),
    ("total spend over all ad accounts", OVER_ALL),
    ("compare ROAS of all platforms with last week", OVER_ALL),
    ("weekly report for all accounts", OVER_ALL),
    ("CPA by platform", OVER_ALL),
    ("which ads are disapproved", OVER_ALL),
    ("find a campaign by name", OVER_ALL),
    ("which ad accounts can I use", "ads_describe"),
    ("carry out the plan the user agreed to", "ads_apply"),
]
LATER = [
    ("upload a custom audience", FACEBOOK),
    ("is the pixel firing", FACEBOOK),
    ("leads of a Facebook lead form", FACEBOOK),
    ("lead gen form responses", LINKEDIN),
]
"""What needs entities that are planned: no words promise them before they are there."""


class Bm25:
    """Okapi BM25 with the usual constants over words in the singular."""

    def __init__(self, texts: Mapping[str, str], k: float = 1.5, b: float = 0.75) -> None:
        self.k, self.b = k, b
        self.words = {name: Counter(words_of(text)) for name, text in texts.items()}
        self.long = sum(found.total() for found in self.words.values()) / len(self.words)
        self.having = Counter(word for found in self.words.values() for word in found)

    def worth(self, name: str, question: str) -> float:
        found = self.words[name]
        norm = self.k * (1 - self.b + self.b * found.total() / self.long)
        return sum(
            self.rarity(word) * found[word] * (self.k + 1) / (found[word] + norm)
            for word in words_of(question)
        )

    def rarity(self, word: str) -> float:
        count = self.having[word]
        return math.log(1 + (len(self.words) - count + 0.5) / (count + 0.5))

    def best(self, question: str) -> list[str]:
        return sorted(self.words, key=lambda name: -self.worth(name, question))


def words_of(text: str) -> list[str]:
    found = re.findall(r"[a-z0-9]+", text.lower())
    return [word.removesuffix("s") for word in found if word not in STOP]


def searched(tool: Mapping[str, Any]) -> str:
    """What such clients search: name, title, description, names and descriptions of the parameters."""
    schema = tool["inputSchema"]["properties"]
    params = " ".join(f"{name} {param.get('description', '')}" for name, param in schema.items())
    return f"{tool['name']} {tool['title']} {tool['description']} {params}"


async def index(tmp_path: Path) -> Bm25:
    built = build_server(load(environ={"MCP_ADS_HOME": str(tmp_path), "MCP_ADS_SANDBOX": "1"}))
    async with Client(built) as client:
        tools = [tool.model_dump(mode="json", by_alias=True) for tool in await client.list_tools()]
    foreign = dict(line.split(": ", 1) for line in FOREIGN.read_text("utf-8").splitlines())
    assert len(foreign) == 100
    ours = {tool["name"]: searched(tool) for tool in tools}
    return Bm25({**{name: f"{name} {text}" for name, text in foreign.items()}, **ours})


async def test_todays_questions(tmp_path: Path) -> None:
    """What can be done today is found by the words people say for it."""
    found = await index(tmp_path)
    missed = {question: best for question, tool in TODAY if tool not in (best := found.best(question)[:TOP])}
    assert missed == {}


async def test_every_question_with_every_entity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all entities that are planned, every question finds the right tool."""
    planned = json.loads(PLANNED.read_text())
    grown = {
        name: replace(known, entities=tuple((entity, "", entity) for entity in planned[name]))
        for name in NAMES
        if (known := connector_named(name))
    }
    monkeypatch.setattr(server, "connector_named", lambda name: grown[name])
    found = await index(tmp_path)
    questions = [*TODAY, *LATER]
    assert len(questions) == 25
    missed = {
        question: best for question, tool in questions if tool not in (best := found.best(question)[:TOP])
    }
    assert missed == {}


async def test_nothing_is_promised_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A description has the words of an entity only while the connector has the entity."""
    found = await index(tmp_path)
    assert "form" in found.words[LINKEDIN]
    assert "pixel" in found.words[FACEBOOK]
    whole = connector_named("linkedin_ads")
    less = replace(whole, entities=tuple(line for line in whole.entities if not line[0].startswith("lead_")))
    monkeypatch.setattr(
        server, "connector_named", lambda name: less if name == whole.name else connector_named(name)
    )
    assert "form" not in (await index(tmp_path)).words[LINKEDIN]
