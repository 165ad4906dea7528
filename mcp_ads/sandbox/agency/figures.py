"""What an ad did on a day: whole numbers that follow from its campaign's budget, its rates and the day."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from mcp_ads.sandbox.numbers import noise

from .campaigns import Ad
from .clients import PACES, Account
from .stories import FATIGUE, KNOWN_SO_FAR, NOT_FINAL, OUTAGE, WASTE, told

KEPT_DAYS = 400
"""The days of the past that have figures, and every day since."""
SO_FAR = 0.4
"""How much of a day that is not over has happened."""
WEEK = (1.0, 0.98, 0.97, 1.0, 1.03, 1.04, 0.98)
"""Spend by weekday, Monday first; a whole week is a week of budgets."""


class Figure(NamedTuple):
    """Numbers that add up; money in the smallest unit.

    `repeats` are impressions to people who have seen the ad too often: what makes a frequency rise.
    """

    impressions: int = 0
    clicks: int = 0
    spend: int = 0
    conversions: int = 0
    value: int = 0
    repeats: int = 0


NOTHING = Figure()


def span(ad: Ad, since: int, until: int, today: int) -> range:
    """The days of a period on which an ad delivered; `today` is when the world began."""
    first, last = ad.campaign.start, ad.end or until
    if not ad.share:
        return range(0)
    return range(max(since, first, today - KEPT_DAYS), min(until, last) + 1)


def figure(ad: Ad, day: int, now: int, today: int) -> Figure:
    """An ad's numbers of one of those days, as they are told in its account on the day `now`."""
    one = ad.campaign
    seed = noise(*ad.key, day)
    first, second, third, fourth, fifth = (seed * prime % 1 for prime in (1, 61, 4093, 262_139, 16_777_213))
    rates, known = ad.rates, _known(one.account, day, now, today)
    usual = one.daily(day) * _delivers(one.account) * WEEK[date.fromordinal(day).weekday()] * ad.share
    spend = int(usual * (0.9 + 0.2 * first) * known + second)
    impressions = round(spend / (rates.cpm * (0.92 + 0.16 * third)) * 1000)
    left, repeated = _fatigue(ad, day, today)
    clicks = int(impressions * rates.ctr * left * (0.8 + 0.4 * second) + third)
    lost = _outage(one.account, day, today) or _wasted(ad, day, today)
    conversions = 0 if lost else int(clicks * rates.cvr + fourth)
    value = 0 if one.goal == "leads" else round(conversions * rates.worth * (0.75 + 0.5 * fifth))
    return Figure(impressions, clicks, spend, conversions, value, round(impressions * repeated))


def _delivers(account: Account) -> float:
    return PACES[account.client.pace][1]


def _known(account: Account, day: int, now: int, today: int) -> float:
    """How much of a day is told yet."""
    if told(account, NOT_FINAL) and day > today - 3:
        return KNOWN_SO_FAR.get(now - day, 1.0)
    return SO_FAR if day == now else 1.0


def _outage(account: Account, day: int, today: int) -> bool:
    story = told(account, OUTAGE)
    return bool(story and today - story.since <= day <= today - story.until)


def _wasted(ad: Ad, day: int, today: int) -> bool:
    story = told(ad.campaign.account, WASTE, ad.campaign.number)
    return bool(story and day >= today - story.since)


def _fatigue(ad: Ad, day: int, today: int) -> tuple[float, float]:
    """What is left of the click rate, and the share of impressions that are repeats."""
    story = told(ad.campaign.account, FATIGUE, ad.campaign.number)
    if not story:
        return 1.0, 0.0
    gone = min(1.0, max(0.0, (day - today + story.since) / story.since))
    return 1 - story.size * gone, 0.65 * gone
