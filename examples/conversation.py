"""What the model of each example says: a script in a model's place, so that no key is needed.

It asks with a misspelt parameter, is told so and asks again, reads a report, plans a change, and applies the
plan once a person agreed. Everything happens in the sandbox: invented data, no account is touched.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Call:
    """A tool and its arguments."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Platform:
    """What the conversation is about: the tools' names, an account, and the calls for the same things."""

    tools: str
    account: dict[str, str]
    campaigns: str
    campaign_id: str
    report: tuple[str, str, dict[str, Any]]


FACEBOOK = Platform(
    "facebook_marketing",
    {"account_id": "1234567890"},
    "campaigns",
    "id",
    ("ads_insights", "list", {"level": "campaign", "time_range": "last_7d", "limit": 2}),
)
LINKEDIN = Platform(
    "linkedin_ads",
    {"account_id": "512345678"},
    "campaigns",
    "id",
    ("analytics", "list", {"pivot": "CAMPAIGN", "time_range": "last_7d", "limit": 2}),
)
AMAZON = Platform(
    "amazon_ads",
    {"profile_id": "3312345678901234"},
    "sponsored_product_campaigns",
    "campaignId",
    ("reports", "run", {"report_type": "spCampaigns", "time_range": "last_7d", "limit": 2}),
)


def sandbox() -> None:
    """Have everything from now on happen in a sandbox that nobody else uses."""
    os.environ["MCP_ADS_SANDBOX"] = "1"
    home = tempfile.mkdtemp(prefix="mcp-ads-example-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["MCP_ADS_HOME"] = home


def script(platform: Platform) -> Generator[Call, str, str]:
    """The calls of the model, each sent the answer to the one before."""

    def execute(entity: str, action: str, **params: Any) -> Call:
        arguments = {"entity": entity, "action": action, "params": params}
        return Call(f"{platform.tools}_execute", arguments)

    misspelt = {f"{name[:2]}{name[3:]}": value for name, value in platform.account.items()}
    yield execute(platform.campaigns, "list", **misspelt)
    found = json.loads((yield execute(platform.campaigns, "list", **platform.account, limit=2)))
    campaign = str(found["data"][0][platform.campaign_id])
    entity, action, params = platform.report
    report = json.loads((yield execute(entity, action, **platform.account, **params)))
    change = {**platform.account, "campaign_id": campaign, "name": "Renamed by an example"}
    plan = json.loads((yield execute(platform.campaigns, "update", **change)))
    yield Call(f"{platform.tools}_apply", {"plan_id": plan["plan_id"]})
    return f"I read {len(report['data'])} rows of the report and renamed campaign {campaign}."


class Scripted:
    """A model that follows the script, and prints what it calls and what it is answered."""

    def __init__(self, platform: Platform) -> None:
        self._script = script(platform)
        self._began = False

    def says(self, answer: str) -> Call | str:
        """The next call, given the answer to the last one; at the end, the text for the person."""
        if self._began:
            print(f"  tool:  {shortly(answer)}")
            print("".join(f"    | {line}\n" for line in for_a_person(answer)), end="")
        try:
            call = self._script.send(answer) if self._began else next(self._script)
        except StopIteration as end:
            print(f"model: {end.value}")
            return str(end.value)
        self._began = True
        print(f"model: {call.tool}({shortly(json.dumps(call.arguments))})")
        return call


def shortly(text: str) -> str:
    """A text on one line, cut."""
    line = " | ".join(text.splitlines())
    return line if len(line) <= 300 else f"{line[:300]}…"


def for_a_person(answer: str) -> list[str]:
    """The lines of a plan, or of what was done, as a person reads them; none of any other answer."""
    found = json.loads(answer) if answer.startswith("{") else {}
    return str(found.get("plan") or found.get("text") or "").splitlines()
