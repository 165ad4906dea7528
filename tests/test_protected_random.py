"""Whatever is protected, and whatever is asked for: nothing is sent that changes it, and all else is done."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from budget import scale
from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US
from protecting import Server, protect

from mcp_ads.connectors import connector
from mcp_ads.errors import AdsError, PolicyError
from mcp_ads.sandbox.store import Store

pytestmark = pytest.mark.anyio
ACTIONS = ("pause", "activate", "archive", "delete")
KINDS = {
    (FACEBOOK, "campaigns"): ("facebook.campaign", "id"),
    (FACEBOOK, "ad_sets"): ("facebook.adset", "id"),
    (FACEBOOK, "ads"): ("facebook.ad", "id"),
    (LINKEDIN, "campaign_groups"): ("linkedin.group", "id"),
    (LINKEDIN, "campaigns"): ("linkedin.campaign", "id"),
    (LINKEDIN, "creatives"): ("linkedin.creative", "id"),
    (AMAZON, "sponsored_product_campaigns"): ("amazon.campaigns", "campaignId"),
    (AMAZON, "sponsored_product_ad_groups"): ("amazon.adGroups", "adGroupId"),
    (AMAZON, "sponsored_product_keywords"): ("amazon.keywords", "keywordId"),
    (AMAZON, "sponsored_product_targets"): ("amazon.targetingClauses", "targetId"),
    (AMAZON, "sponsored_product_product_ads"): ("amazon.productAds", "adId"),
    (AMAZON, "sponsored_product_negative_keywords"): ("amazon.negativeKeywords", "keywordId"),
    (AMAZON, "sponsored_product_campaign_negative_targets"): (
        "amazon.campaignNegativeTargetingClauses", "targetId",
    ),
    (AMAZON, "sponsored_display_campaigns"): ("amazon.sd.campaigns", "campaignId"),
    (AMAZON, "sponsored_display_ad_groups"): ("amazon.sd.adGroups", "adGroupId"),
    (AMAZON, "sponsored_display_targets"): ("amazon.sd.targets", "targetId"),
    (AMAZON, "sponsored_display_negative_targets"): ("amazon.sd.negativeTargets", "targetId"),
    (AMAZON, "sponsored_brands_campaigns"): ("amazon.sb.campaigns", "campaignId"),
    (AMAZON, "sponsored_brands_keywords"): ("amazon.sb.keywords", "keywordId"),
    (AMAZON, "sponsored_brands_themes"): ("amazon.sb.themes", "themeId"),
    (AMAZON, "sponsored_tv_targets"): ("amazon.st.targetingClauses", "targetId"),
}  # fmt: skip
ACCOUNTS = {
    FACEBOOK: {"account_id": US},
    LINKEDIN: {"account_id": LINKEDIN_US},
    AMAZON: {"profile_id": PROFILE},
}
NAMED = ("facebook.campaign", "linkedin.group", "linkedin.campaign",
         *(f"amazon.{product}campaigns" for product in ("", "sd.", "sb.", "st.")))  # fmt: skip


@dataclass(frozen=True)
class Thing:
    """An object of one of the accounts, and the campaigns a change of it touches: their ids and names.

    `holds` says that these are in it.
    """

    id: str
    campaigns: Mapping[str, str]
    holds: bool = False


def tail(value: Any) -> str:
    return str(value).rpartition(":")[2]


def things(store: Store, platform: str, kind: str, key: str, names: Mapping[str, str]) -> Iterator[Thing]:
    """The objects of a kind, by what the sandbox itself says of them."""
    groups = {tail(row["id"]): tail(row["campaignGroup"]) for row in store.all("linkedin.campaign")}
    for row in store.all(kind):
        if platform == FACEBOOK and row["account_id"] != US:
            continue
        own = tail(row[key])
        if kind == "linkedin.group":
            ids = [own, *(one for one, group in groups.items() if group == own)]
        else:
            ids = [tail(row.get("campaign_id") or row.get("campaign") or row.get("campaignId") or own)]
            ids += [groups[one] for one in ids if one in groups and platform == LINKEDIN]
        yield Thing(own, {one: names[one] for one in ids}, kind == "linkedin.group")


class World:
    """A server in its sandbox, what there is, and calls at random."""

    def __init__(self, home: Path, server: Server, seed: int) -> None:
        self.home, self.server, self.at_random = home, server, random.Random(seed)
        self.store = Store(home / "sandbox" / "sandbox.sqlite")
        rows = [
            (tail(row.get("campaignId", row.get("id"))), row["name"])
            for kind in NAMED
            for row in self.store.all(kind)
        ]
        names = {id_: str(name) for id_, name in rows}
        self.words = sorted(
            {
                word
                for name in names.values()
                for word in name.split()
                if word.isascii() and word.isalpha() and len(word) > 2
            }
        )
        self.things = {
            place: [*things(self.store, place[0], kind, key, names)] for place, (kind, key) in KINDS.items()
        }
        self.touched, self.free = 0, 0

    async def one(self) -> None:
        """Protect something, ask for a change of something, and see what was carried out."""
        place = self.at_random.choice([*KINDS])
        chosen = self.at_random.sample(
            self.things[place], k=min(len(self.things[place]), self.at_random.randint(1, 3))
        )
        patterns = self.patterns(chosen)
        protect(self.home, *patterns)
        actions = connector(place[0]).entity(place[1]).actions
        action = self.at_random.choice([name for name in ACTIONS if name in actions])
        params = {**ACCOUNTS[place[0]], actions[action].subject: [thing.id for thing in chosen]}
        if place[0] == FACEBOOK:
            params.pop("account_id")
        touched = {thing.id for thing in chosen if self.is_protected(thing, patterns)}
        before, said = len(self.store.writes()), ""
        try:
            await self.server.desk.execute(*place, action, params)
        except PolicyError as error:
            said = str(error)
        except AdsError:
            said = "otherwise"
        done = {tail(write["id"]) for write in self.store.writes()[before:]}
        told = f"{place} {action} {params} {patterns}: {said}, {done}"
        assert not done & touched, told
        assert bool(touched) or "protected" not in said, told
        self.touched += bool(touched) and "is protected" in said
        self.free += bool(done)

    def patterns(self, chosen: list[Thing]) -> list[str]:
        """What is protected: half of the time something that the chosen ones are in."""
        near = [*self.at_random.choice(chosen).campaigns.items()]
        id_, name = self.at_random.choice(near)
        words = [word for word in name.split() if word in self.words] or self.words
        own = [f"*{self.at_random.choice(words).upper()}*", id_]
        other = f"*{self.at_random.choice(self.words).lower()}*"
        return [other, *self.at_random.sample(own, k=self.at_random.randint(0, 1))]

    def is_protected(self, thing: Thing, patterns: list[str]) -> bool:
        """Whether one of its campaigns is protected that is there: what was deleted before is in no group."""
        return any(
            pattern.strip("*").lower() in name.lower() or pattern == id_
            for pattern in patterns
            for id_, name in thing.campaigns.items()
            if id_ == thing.id or not (thing.holds and self._is_gone(id_))
        )

    def _is_gone(self, campaign_id: str) -> bool:
        found = self.store.get("linkedin.campaign", campaign_id)
        return bool(found and found["status"] in ("PENDING_DELETION", "REMOVED"))


async def hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, rounds: int) -> None:
    protect(tmp_path)
    monkeypatch.setenv("MCP_ADS_WRITES", "direct")
    server = Server(tmp_path, monkeypatch)
    await server.desk.execute(FACEBOOK, "campaigns", "list", {"account_id": US, "limit": 1})
    await server.desk.execute(LINKEDIN, "campaigns", "list", {"account_id": LINKEDIN_US, "limit": 1})
    await server.desk.execute(AMAZON, "sponsored_tv_campaigns", "list", {"profile_id": PROFILE, "limit": 1})
    world = World(tmp_path, server, seed)
    for _ in range(rounds):
        await world.one()
    assert world.touched >= rounds // 8
    assert world.free >= rounds // 8
    world.store.close()
    await server.desk.close()


@pytest.mark.slow
async def test_changes_at_random_touch_nothing_protected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as MCP_ADS_TEST_SCALE allows, in percent of 1,500, of objects on all platforms."""
    await hold(tmp_path, monkeypatch, 1, scale(1500, 30))
