"""What is in the accounts at the beginning: two advertisers' years of campaigns."""

from __future__ import annotations

from typing import Any

from mcp_ads.sandbox.numbers import choice, noise, whole

from . import names
from .audiences import seed as audiences
from .creative import seed as images
from .leaves import ISSUE, Life, adset
from .measuring import seed as pixels
from .names import Hero
from .objects import owned_by
from .pages import seed as lead_forms
from .shops import BUSINESS, Shop, pages, shops
from .state import State
from .tables import table

Body = dict[str, Any]
CAMPAIGNS = 1_202_110 * 10**12
LIFETIME_DAYS = 60
ENDED = Life(460, 420)
"""The run of the campaigns that nobody paused when they had ended."""
DELETED = (7, 77, 177)
CATALOG = "556677889900001"
"""The one with products in it."""


def fill(state: State) -> None:
    """Put everything into an empty store."""
    for page in pages():
        state.put("page", page)
    state.put("business", BUSINESS)
    _planted(state, "business", BUSINESS)
    _planted(state, "catalog", {"id": CATALOG})
    for shop in shops():
        state.put("account", shop.account)
        audiences.fill(state, shop)
        images.fill(state, shop)
        pixels.fill(state, shop)
        lead_forms.facts(state, shop)
        _planted(state, "account", shop.account, shop)
        if shop.ended:
            _make(state, shop, 0, shop.ended, ENDED)
        for number in range(1, shop.total + 1):
            _campaign(state, shop, number)
        lead_forms.forms(state, shop)


def _planted(state: State, kind: str, owner: Body, shop: Shop | None = None) -> None:
    """What seeds.json has below an object."""
    key = "account_id" if kind == "account" else "id"
    for below, seed in table("seeds.json")[kind].items():
        for number, row in enumerate(seed["rows"], seed["first"] + (shop.first if shop else 0) + 1):
            own = {"id": str(number), owned_by(kind): owner[key], **seed["all"], **row}
            at = shop.ago(seed["ago"]) if shop else ""
            state.put(below, own | ({"created_time": at, "updated_time": at} if at else {}))


def _campaign(state: State, shop: Shop, number: int) -> None:
    """One campaign and all below it; the newest are the ones made by hand."""
    at = shop.total - number
    hero = shop.heroes[at] if at < len(shop.heroes) else _ordinary(shop, number)
    _make(state, shop, number, hero, _life(shop, hero, at))


def _make(state: State, shop: Shop, number: int, hero: Hero, life: Life) -> None:
    body = _body(shop, hero, life, str(CAMPAIGNS + shop.first + number))
    if hero.extra.get("issues"):
        body["issues_info"] = [{**ISSUE, "level": "CAMPAIGN"}]
    state.put("campaign", body)
    for index in range(hero.sets):
        adset(state, shop, hero, body, (shop.first + number) * 10 + index, life)


def _life(shop: Shop, hero: Hero, at: int) -> Life:
    """How many days ago a campaign began, and ended."""
    heroes = len(shop.heroes)
    age = 6 + at * 5 if at < heroes else 12 + 5 * heroes + (at - heroes) * 3
    if hero.budget == "lifetime":
        age = 20
    if hero.extra.get("issues"):
        return Life(age, 3)
    return Life(age, 0 if hero.status == "ACTIVE" else age - whole(9, 40, shop.first + at, "length"))


def _body(shop: Shop, hero: Hero, life: Life, id: str) -> Body:
    return {
        "id": id,
        "account_id": shop.account["account_id"],
        "name": hero.name,
        "objective": hero.objective,
        "status": hero.status,
        "buying_type": "AUCTION",
        "special_ad_categories": [],
        "smart_promotion_type": "GUIDED_CREATION",
        "source_campaign_id": "0",
        "pacing_type": ["standard"],
        "created_time": shop.ago(life.age + 0.2),
        "start_time": shop.ago(life.age),
        "updated_time": shop.ago(max(life.end, 1.5)),
        "is_adset_budget_sharing_enabled": False,
        **_money(shop, hero, life),
    }


def _money(shop: Shop, hero: Hero, life: Life) -> Body:
    if hero.budget == "adset":
        return {}
    strategy = {"bid_strategy": "LOWEST_COST_WITHOUT_CAP"}
    if hero.budget == "lifetime":
        amount = str(shop.money(hero.amount) * LIFETIME_DAYS)
        if hero.extra.get("ended"):
            return {**strategy, "lifetime_budget": amount, "stop_time": shop.ago(life.end)}
        return {**strategy, "lifetime_budget": amount, "stop_time": shop.ago(life.age - LIFETIME_DAYS)}
    ended = {"stop_time": shop.ago(life.end)} if hero.extra.get("ended") else {}
    return {**strategy, "daily_budget": str(shop.money(hero.amount)), **ended}


def _ordinary(shop: Shop, number: int) -> Hero:
    """One of the many: paused, or archived when it is old."""
    key = (shop.account["id"], number)
    season, product = choice(names.SEASONS, key, "season"), choice(names.PRODUCTS, key, "product")
    objective, goal, flavour = choice(names.GOALS, key, "goal")
    status = "ARCHIVED" if number < shop.total * 0.4 else "PAUSED"
    return Hero(
        name=f"{season} {product} | {choice(names.AUDIENCES, key, 'audience')} | {number:03}",
        objective=objective,
        goal=goal,
        flavour=flavour,
        budget="adset" if noise(key, "budget") < 0.4 else "campaign",
        amount=choice(names.AMOUNTS, key, "amount"),
        sets=1 if status != "PAUSED" else whole(1, 2, key, "sets"),
        ads=whole(1, 2, key, "ads"),
        status="DELETED" if number in DELETED else status,
    )
