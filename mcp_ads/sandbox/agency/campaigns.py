"""The campaigns of an account and what is below them: 400 each, of which a few run."""

from __future__ import annotations

import functools
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from mcp_ads.sandbox.numbers import between, choice, noise, whole

from .clients import LINKEDIN, PACES, USUAL_SHARE, Account, accounts
from .rates import Rates, rates_of
from .stories import CUT, DISAPPROVAL, PAUSED, by_account, told

CAMPAIGNS = 400
SCHEDULED, RECENT = 2, 12
YOUNG = {398: 5, 397: 12, 396: 25}
"""The newest campaigns that run, and their age in days."""
SETTLED = 62
"""Days for which the others have run at least: this month and the one before are theirs alone."""
OLDEST = 760
AT_ONCE = 27
"""Of the campaigns that are over, about so many ran at a time."""
THEMES = ("prospecting", "retargeting", "brand", "lookalike", "seasonal", "competitor", "always-on")
AUDIENCES = ("women 25-44", "men 25-44", "parents", "visitors 30d", "buyers 180d", "interests", "broad")
FORMS = ("video", "carousel", "still")
LIVE, PLANNED, STOPPED, ENDED, ARCHIVED = "live", "scheduled", "paused", "ended", "archived"
REJECTED = "disapproved"
GOALS = {"facebook": ("sales", "sales", "leads", "traffic"), "linkedin": ("leads", "leads", "traffic")}


class Campaign(NamedTuple):
    """One campaign; days are ordinals, amounts the smallest unit of the account's currency.

    It was made on `made`, and delivers from `start` to `end`, 0 while it goes on. `budget` is for a day;
    until the day before `cut` it was `before`. `series` is which of a dozen things above campaigns it belongs
    to (campaign groups, portfolios). `groups` says how many ads each ad set or ad group has. Where it is not
    `shared`, the budget is for the platform to divide between them.
    """

    account: Account
    number: int
    name: str
    theme: str
    goods: str
    goal: str
    state: str
    made: int
    start: int
    end: int
    budget: int
    before: int
    cut: int
    series: int
    groups: tuple[int, ...]
    shared: bool

    def daily(self, day: int) -> int:
        """The budget it had on a day."""
        return self.before if day < self.cut else self.budget


class Group(NamedTuple):
    """An ad set or ad group; `end` is the last day it may deliver, 0 while it goes on."""

    campaign: Campaign
    place: int
    name: str
    state: str
    end: int


class Ad(NamedTuple):
    """An ad: what it gets of its campaign's budget, and when it delivers; without a share it never does."""

    group: Group
    place: int
    name: str
    state: str
    end: int
    share: float
    rates: Rates

    @property
    def campaign(self) -> Campaign:
        return self.group.campaign

    @property
    def key(self) -> tuple[int, int, int, int]:
        """Account, campaign, group and ad by their numbers."""
        return self.campaign.account.number, self.campaign.number, self.group.place, self.place


def live_count(account: Account) -> int:
    """How many campaigns of an account run: between five and ten of a hundred."""
    return 22 + account.number % 13


@functools.lru_cache(maxsize=4_000)
def campaign(today: int, account_number: int, number: int) -> Campaign:
    """One campaign of the world that began on that day."""
    account = accounts()[account_number - 1]
    key, newest = (account_number, number), CAMPAIGNS - SCHEDULED
    first_live = newest - live_count(account) + 1
    state, start, end = _life(account, number, today, first_live)
    running = state in (LIVE, PLANNED)
    goods = choice(account.client.goods.split(), key, "goods")
    theme = choice(THEMES, key, "theme")
    cut = told(account, CUT, number)
    before = _budget(account, number, today, first_live)
    return Campaign(
        account=account,
        number=number,
        name=_name(account, theme, goods, number),
        theme=theme,
        goods=goods,
        goal="sales" if _is_story(account, number) and account.platform != LINKEDIN else _goal(account, key),
        state=state,
        made=min(start, today) - 1,
        start=start,
        end=end,
        budget=_rounded(account, before * cut.size) if cut else before,
        before=before,
        cut=today - cut.since if cut else 0,
        series=whole(0, 11, key, "series"),
        groups=(1,) if state == ARCHIVED else _groups(account, number, running),
        shared=number % 3 != 0 or _is_story(account, number),
    )


def campaigns(today: int, account: Account) -> Iterator[Campaign]:
    """All campaigns of an account, the oldest first."""
    return (campaign(today, account.number, number) for number in range(1, CAMPAIGNS + 1))


@functools.lru_cache(maxsize=4_000)
def ads(today: int, account_number: int, number: int) -> tuple[Ad, ...]:
    """The ads of a campaign, group by group; the shares of those that deliver are the whole budget."""
    one = campaign(today, account_number, number)
    made = [
        (group, place) for group in groups(today, one) for place in range(1, one.groups[group.place - 1] + 1)
    ]
    states = [_state_of(group, place, today) for group, place in made]
    weights = [
        0.0 if silent else 0.5 + noise(account_number, number, group.place, place, "share")
        for (group, place), (_, _, silent) in zip(made, states, strict=True)
    ]
    if (account_number, number) in _heavy():
        weights[0] = 4 * sum(weights[1:])
    total = sum(weights)
    return tuple(
        Ad(
            group,
            place,
            _ad_name(group, place),
            state,
            end,
            weight / total,
            rates_of(one.account, (account_number, number, group.place, place), one.theme, one.goal),
        )
        for (group, place), (state, end, _), weight in zip(made, states, weights, strict=True)
    )


def groups(today: int, one: Campaign) -> Iterator[Group]:
    """The ad sets or ad groups of a campaign."""
    paused = told(one.account, PAUSED, one.number)
    for place in range(1, len(one.groups) + 1):
        stopped = paused and paused.group == place
        end = today - paused.since - 1 if paused and stopped else one.end
        key = (one.account.number, one.number, place)
        yield Group(
            one, place, f"{choice(AUDIENCES, key, 'audience')} {place}", STOPPED if stopped else LIVE, end
        )


def _state_of(group: Group, place: int, today: int) -> tuple[str, int, bool]:
    """An ad's state, the last day it delivers (0: none yet), and whether it never does."""
    one = group.campaign
    declined = told(one.account, DISAPPROVAL, one.number)
    if declined and (declined.group, declined.ad) == (group.place, place):
        return REJECTED, today - declined.since - 1, False
    if one.state == LIVE and place > 1 and not _is_story(one.account, one.number):
        luck = noise(one.account.number, one.number, group.place, place, "review")
        if luck < 0.01:
            return REJECTED, 0, True
        if place == 3 and luck > 0.7:
            return STOPPED, 0, True
    return LIVE, group.end, False


@functools.cache
def _heavy() -> frozenset[tuple[int, int]]:
    """Campaigns whose first ad gets most of the budget: the one that is declined, or whose set is paused."""
    return frozenset(
        (number, story.campaign)
        for number, found in by_account().items()
        for story in found
        if story.kind in (DISAPPROVAL, PAUSED)
    )


def _is_story(account: Account, number: int) -> bool:
    return any(story.campaign == number for story in by_account().get(account.number, ()))


def _life(account: Account, number: int, today: int, first_live: int) -> tuple[str, int, int]:
    """State, first day, and last day of a campaign."""
    key = (account.number, number)
    if number > CAMPAIGNS - SCHEDULED:
        return PLANNED, today + whole(4, 30, key, "start"), 0
    if number in YOUNG:
        return LIVE, today - YOUNG[number], 0
    if number >= first_live:
        return LIVE, today - SETTLED - whole(3, 78, key, "start"), 0
    if number >= first_live - RECENT:
        return STOPPED, today - whole(90, 200, key, "start"), today - whole(3, 58, key, "end")
    over = first_live - RECENT - 1
    age = OLDEST - round((OLDEST - 110) * number / over)
    end = max(age - whole(30, 70, key, "length"), SETTLED + 3)
    if number < over * 0.45:
        return ARCHIVED, today - age, today - end
    return (ENDED if noise(key, "ended") < 0.2 else STOPPED), today - age, today - end


def _budget(account: Account, number: int, today: int, first_live: int) -> int:
    """For a day: those that run share what the month allows, at the client's pace."""
    day = date.fromordinal(today)
    live, spent = PACES[account.client.pace]
    allowed = account.monthly / monthrange(day.year, day.month)[1] / max(spent, USUAL_SHARE) * live
    if number >= first_live:
        share = _weight(account, number) / _weights(account)
        return _rounded(account, allowed * (share if number <= CAMPAIGNS - SCHEDULED else 0.02))
    if number >= first_live - RECENT:
        return _rounded(account, allowed * 0.004)
    start, end = _life(account, number, today, first_live)[1:]
    among_live = min(1.0, max(0.1, (today - (start + end) / 2 - SETTLED) / 78))
    return _rounded(
        account, allowed * between(0.5, 1.5, account.number, number, "weight") / AT_ONCE * among_live
    )


def _weight(account: Account, number: int) -> float:
    if number in YOUNG:
        return 0.1
    usual = between(0.6, 1.4, account.number, number, "weight")
    return 10.0 if _is_story(account, number) else usual


@functools.cache
def _weights(account: Account) -> float:
    newest = CAMPAIGNS - SCHEDULED
    return sum(_weight(account, number) for number in range(newest - live_count(account) + 1, newest + 1))


def _rounded(account: Account, amount: float) -> int:
    """An amount as people set it, and never below what platforms take."""
    step = 1000 if account.currency == "SEK" else 100
    return max(round(amount / step), 5 if account.currency == "JPY" else 10) * step


def _groups(account: Account, number: int, running: bool) -> tuple[int, ...]:
    key, most = (account.number, number), 3 if running else 2
    if _is_story(account, number):
        return (3, 2)
    return tuple(whole(1, most, key, group, "ads") for group in range(whole(1, most, key, "groups")))


def _goal(account: Account, key: tuple[int, int]) -> str:
    return choice(GOALS.get(account.platform, ("sales",)), key, "goal")


def _name(account: Account, theme: str, goods: str, number: int) -> str:
    """As the client's pattern has it, but for a few that somebody copied."""
    if noise(account.number, number, "named") < 0.03:
        return f"Copy of {goods} {theme} ({number:04})"
    return f"{account.client.key}_{account.market.code.lower()}_{theme}_{goods}_{number:04}"


def _ad_name(group: Group, place: int) -> str:
    one = group.campaign
    key = (one.account.number, one.number, group.place, place)
    brand = f"{one.account.client.key}-brand_" if noise(key, "brand") < 0.12 else ""
    return f"{brand}{one.goods}_{choice(FORMS, key, 'form')}_{group.place}{place}"
