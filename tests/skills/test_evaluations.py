"""Each skill followed to the letter by a client in the sandbox reaches what the job is for.

What is right is told by the sandbox's own numbers and records. docs/skills.md has how many calls and tokens
each takes; MCP_ADS_UPDATE_SNAPSHOTS=1 writes them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import agency_truth
import pytest
import terms_truth
import truth
from engine_client import AMAZON, PROFILE, US, Table
from skill_calls import Answer, Session, weighed

from mcp_ads.sandbox.agency.stories import CUT
from mcp_ads.sandbox.store import Store

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
DOCUMENT = Path(__file__).parents[2] / "docs" / "skills.md"
GERMANY = "4412345678901234"
LINKEDIN_US = "512345678"
MIDDLE = date.today().replace(day=1) - timedelta(days=15)  # noqa: DTZ011
"""A day in the middle of a month."""
Start = Callable[..., Awaitable[Session]]


def rows(answer: Answer) -> list[dict[str, str]]:
    return Table(answer.text).rows


def last_days(count: int) -> Callable[[date], truth.Days]:
    """So many whole days before an account's today."""
    return lambda today: (today - timedelta(days=count), today - timedelta(days=1))


def spent(store: Store, when: Callable[[date], truth.Days]) -> dict[str, Decimal]:
    """What all accounts spent, by currency."""
    found = truth.summed(truth.parts(store, when), lambda part: part.currency)
    return {currency: sums.spend for currency, sums in found.items()}


def without(store: Store, connector: str, account: str) -> set[tuple[str, str]]:
    """What spent over 50 in 30 days for nothing, each with its campaign: LinkedIn's campaigns, else ads."""
    parts = truth.parts(store, last_days(30), f"{connector}:{account}")
    key: Callable[[truth.Part], Any] = lambda part: (  # noqa: E731
        part.ad_group if connector == "linkedin" else part.ad, part.campaign,
    )  # fmt: skip
    return {one for one, sums in truth.summed(parts, key).items() if sums.spend > 50 and not sums.conversions}


def measured(name: str, session: Session) -> None:
    """Hold the skill's row in the document against what following it took."""
    calls, weight = len(session.answers), weighed(session.answers)
    if not weight:
        return
    written = DOCUMENT.read_text("utf-8")
    row = re.search(rf"^\| `{name}` \| (\d+) \| ([\d,]+) \|$", written, re.MULTILINE)
    assert row, f"docs/skills.md has no row of {name}"
    if os.environ.get("MCP_ADS_UPDATE_SNAPSHOTS"):
        now = f"| `{name}` | {calls} | {round(weight, -2):,} |"
        DOCUMENT.write_text(written.replace(row[0], now), "utf-8")
    else:
        assert int(row[1]) == calls
        assert abs(int(row[2].replace(",", "")) - weight) <= max(400, weight / 5), weight


async def test_weekly_report(start: Start) -> None:
    """Spend of both weeks by currency is the accounts' own, and nothing is changed."""
    session = await start()
    accounts, campaigns, pacing, issues = await session.follow("weekly-report")
    for currency, amount in spent(session.store, truth.last_week).items():
        assert Decimal(str(accounts.meta["totals"][currency]["spend"])) == amount
        assert accounts.meta["totals"].keys() == campaigns.meta["totals"].keys()
    assert {row["status"] for row in rows(pacing)} <= {"over", "under", "on", "no days yet"}
    assert issues.meta["more"]
    assert issues.meta["total"] > len(rows(issues))
    assert session.changes() == []
    measured("weekly-report", session)


async def test_wasted_spend(start: Start) -> None:
    """Campaigns, and ads, that cost and brought nothing, to the cent."""
    session = await start()
    campaigns, dear, ads, terms = await session.follow("wasted-spend")
    parts = truth.parts(session.store, last_days(30))
    for answer, level in ((campaigns, "campaign"), (ads, "ad")):
        sums = truth.summed(parts, lambda part: (part.currency, getattr(part, level)))  # noqa: B023
        waste: dict[str, Decimal] = {}
        for (currency, _), did in sums.items():
            if did.spend and not did.conversions:
                waste[currency] = waste.get(currency, Decimal()) + did.spend
        found = answer.meta["totals"]
        assert {code: Decimal(str(found[code]["spend"])) for code in found} == waste
    assert all(Decimal(row["cost_per_conversion"]) > 60 for row in rows(dear))
    assert {row["currency"] for row in rows(dear)} == {"USD"}
    assert "an_order_takes" in terms.meta
    assert session.changes() == []
    measured("wasted-spend", session)


async def test_pause_wasters(start: Start) -> None:
    """What spent over 50 USD for nothing is off, but what has brand in its name or campaign; one yes."""
    session = await start()
    await session.agent.good("ads_describe")
    store = session.store
    spared = next(ad for ad, _ in sorted(without(store, "facebook", US)) if _on(store, ad))
    record = store.get("facebook.ad", spared) or {}
    store.put("facebook.ad", spared, record | {"name": "BRAND | boots"})
    meant = {ad for ad, _ in without(store, "facebook", US) if _on(store, ad)} - {spared}
    names = {
        key: (store.get("facebook.campaign", key) or {})["name"] for _, key in without(store, "facebook", US)
    }
    meant = {
        ad for ad, key in without(store, "facebook", US) if ad in meant and "brand" not in names[key].lower()
    }
    groups = {
        key for key, _ in without(store, "linkedin", LINKEDIN_US)
        if (found := store.get("linkedin.campaign", key)) and found["status"] == "ACTIVE"
    }  # fmt: skip
    look, plan, every, applied = await session.follow("pause-wasters")
    off = {ad for ad, _ in without(store, "facebook", US) if not _on(store, ad)}
    assert meant
    assert meant <= off
    assert _on(store, spared)
    assert look.meta["total"] >= len(meant)
    assert groups
    assert all((store.get("linkedin.campaign", key) or {})["status"] == "PAUSED" for key in groups)
    assert f"pause {len(meant)} ads" in plan
    assert all(key in plan or key in every for key in groups)
    assert "undo: ads_apply(" in applied
    measured("pause-wasters", session)


def _on(store: Store, ad: str) -> bool:
    return bool((store.get("facebook.ad", ad) or {})["status"] == "ACTIVE")


async def test_pacing(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that is far over gets lower budgets, none by more than a fifth at once, after one yes."""
    monkeypatch.setattr("mcp_ads.engine.wire.connection.today_in", lambda _: MIDDLE)
    text = f'[clients.tern]\naccounts = ["facebook:{US}"]\nmonthly_budget = "3000 USD"\n'
    session = await start(clients=text)
    await session.agent.good("ads_describe")
    before = _budgets(session.store)
    answers = await session.follow("pacing")
    stands, proposed, shown, applied = answers
    (mine,) = (row for row in rows(stands) if row["client"] == "tern")
    assert (mine["status"], mine["budget_from"]) == ("over", "file")
    assert "budgets" in next(row for row in rows(proposed) if row["client"] == "tern")["proposal"]
    assert proposed.meta["plan"] in shown
    assert "APPLIED: " in applied
    after = _budgets(session.store)
    changed = {key for key in before if before[key] != after[key]}
    assert changed
    assert all(before[key] * Decimal("0.8") <= after[key] < before[key] for key in changed)
    measured("pacing", session)


def _budgets(store: Store) -> dict[str, Decimal]:
    kinds = ("facebook.campaign", "facebook.adset")
    return {
        row["id"]: Decimal(row["daily_budget"])
        for kind in kinds
        for row in store.all(kind)
        if row.get("daily_budget")
    }


async def test_why_spend_dropped(start: Start) -> None:
    """Of an agency's client: the campaign whose budget somebody cut comes first, the log says who did it."""
    story = agency_truth.stories(CUT, "facebook")[0]
    account, campaign = agency_truth.objects(story).values()
    mine = [one for one in agency_truth.accounts() if one.client.key == story.client]
    amazon = next(one.id for one in mine if one.platform == "amazon")
    session = await start("agency")
    named = ",".join(f"{one.platform}:{one.id}" for one in mine)
    answers = await session.follow(
        "why-spend-dropped", named, _1234567890=account, _3312345678901234=amazon
    )  # fmt: skip
    *_, found = (answer for answer in answers if ",campaign_name," in answer)
    assert "coverage" not in found.meta
    assert rows(found)[0]["campaign"] == campaign
    (log,) = (answer for answer in answers if answer.call.arguments["entity"] == "activities")
    (cut,) = (row for row in rows(log) if row["object_id"] == campaign)
    assert (cut["actor_name"], cut["translated_event_type"]) == ("Dana Fields", "Campaign budget updated")
    (days,) = (answer for answer in answers if answer.call.arguments["params"].get("by") == "day")
    assert len(rows(days)) == 14
    assert session.changes() == []
    measured("why-spend-dropped", session)


async def test_disapproved_ads(start: Start) -> None:
    """Every ad that a platform declined, by its reason, and nothing is changed."""
    session = await start()
    every, reasons, *_ = await session.follow("disapproved-ads")
    store = session.store
    declined = {ad["id"] for ad in store.all("facebook.ad") if ad.get("_review") == "DISAPPROVED"}
    assert declined
    assert {row["id"] for row in rows(every) if row["platform"] == "facebook"} == declined
    assert sum(int(row["count"]) for row in rows(reasons)) == every.meta["total"] == len(rows(every))
    assert session.changes() == []
    measured("disapproved-ads", session)


async def test_search_terms(start: Start) -> None:
    """What sells under the target is a paused exact keyword then, what only costs a negative."""
    session = await start()
    await session.agent.table(AMAZON, "profiles", "list")
    assert terms_truth.waste(session.store, GERMANY, "beach towel")
    keywords, negatives = (_texts(session.store, kind) for kind in ("keywords", "negativeKeywords"))
    harvest, waste, *_ = await session.follow("search-terms")
    added = _texts(session.store, "keywords") - keywords
    assert added == {(row["term"], "PAUSED") for row in rows(harvest) if row["kind"] == "keyword"}
    assert added
    known = terms_truth.terms(session.store, GERMANY)
    assert all(known[term].spend <= known[term].sales * Decimal("0.3") for term, _ in added)
    assert {term for term, _ in _texts(session.store, "negativeKeywords") - negatives} == {
        row["term"] for row in rows(waste) if row["kind"] == "keyword"
    }
    measured("search-terms", session)


def _texts(store: Store, kind: str) -> set[tuple[str, str]]:
    mine = (row for row in store.all(f"amazon.{kind}") if row["_profile"] == GERMANY)
    return {(row["keywordText"].lower(), row["state"]) for row in mine}


async def test_bids_to_target(start: Start) -> None:
    """Bids of keywords over 40 % ACOS fell, none by more than 15 %, and the others stayed."""
    session = await start()
    await session.agent.table(AMAZON, "sponsored_product_keywords", "list", profile_id=PROFILE, limit=1)
    before = {
        row["keywordId"]: row for row in session.store.all("amazon.keywords") if row["_profile"] == PROFILE
    }
    plan, *_, applied = await session.follow("bids-to-target")
    moved = 0
    for key, row in before.items():
        now = Decimal(str((session.store.get("amazon.keywords", key) or {}).get("bid", 0)))
        if now != (was := Decimal(str(row.get("bid", 0)))):
            moved += 1
            assert not was or was * Decimal("0.849") <= now < was
    assert f"lower-bid-of-{moved}-keywords" in plan
    assert "undo: " in applied
    measured("bids-to-target", session)


async def test_launch_campaign(start: Start) -> None:
    """Image, creative, campaign, ad set and ad are there, each in the other, and all of it is paused."""
    session = await start()
    answers = await session.follow("launch-campaign")
    store = session.store
    (campaign,) = (row for row in store.all("facebook.campaign") if row["name"] == "Winter boots")
    (group,) = (row for row in store.all("facebook.adset") if row["campaign_id"] == campaign["id"])
    (ad,) = (row for row in store.all("facebook.ad") if row["adset_id"] == group["id"])
    assert {row["status"] for row in (campaign, group, ad)} == {"PAUSED"}
    assert campaign["daily_budget"] == "4000"
    (plan,) = (answer for answer in answers if answer.call.arguments.get("entity") == "plans")
    assert "https://example.com/boots" in plan
    assert "+40.00 USD a day once active" in plan
    measured("launch-campaign", session)


async def test_account_audit(start: Start) -> None:
    """Every account is there, each figure is the sandbox's own, and nothing is changed."""
    session = await start()
    _, accounts, results, waste, *_, pixels, conversions = await session.follow("account-audit")
    assert {row["account"] for row in rows(accounts)} == {one.id for one in truth.accounts(session.store)}
    found = results.meta["totals"]
    assert {code: Decimal(str(found[code]["spend"])) for code in found} == spent(session.store, last_days(30))
    assert sum(int(row["count"]) for row in rows(waste)) == waste.meta["rows_grouped"]
    assert {row["account"] for row in rows(pixels)} < {row["account"] for row in rows(accounts)}
    assert "104003" in {row["id"] for row in rows(conversions) if row["campaign_count"] == "0"}
    assert session.changes() == []
    measured("account-audit", session)


def test_every_skill_is_evaluated() -> None:
    """None is without a test here."""
    from mcp_ads.skills import skills

    assert {f"test_{name.replace('-', '_')}" for name in skills()} <= globals().keys()
