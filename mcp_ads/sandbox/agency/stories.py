"""What went wrong in the agency's world: where, since when, and by how much."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import NamedTuple

from .clients import AMAZON, FACEBOOK, LINKEDIN, Account, accounts

DISAPPROVAL, CUT, PAUSED = "disapproval", "budget cut", "paused ad set"
NOT_FINAL, WASTE, FATIGUE, OUTAGE = "data not final", "waste", "fatigue", "tracking outage"
PERSON = "Dana Fields"
"""Who cut the budgets and paused the ad sets, as change logs name her."""
KNOWN_SO_FAR: Mapping[int, float] = {0: 0.45, 1: 0.55, 2: 0.8}
"""Of days that are not final: their age -> how much of them is reported yet."""


class Story(NamedTuple):
    """One thing that went wrong in an account; days are days ago when the world began.

    `campaign` is its number in the account, 0 where all are meant; `group` and `ad` are places below it, from
    1. `since` is the first day, `until` the last, 0 while it goes on. `size`: of a cut, what is left of
    the budget; of fatigue, by how much of itself the click rate has fallen.
    """

    kind: str
    client: str
    platform: str
    market: str
    campaign: int
    since: int
    until: int = 0
    size: float = 0.0
    group: int = 0
    ad: int = 0


STORIES = (
    Story(DISAPPROVAL, "bryn", FACEBOOK, "UK", 395, 6, group=1, ad=1),
    Story(DISAPPROVAL, "cobalt", LINKEDIN, "US", 395, 5, group=1, ad=1),
    Story(DISAPPROVAL, "kestrel", AMAZON, "US", 395, 6, group=1, ad=1),
    Story(CUT, "juno", FACEBOOK, "US", 394, 5, size=0.3),
    Story(CUT, "quill", AMAZON, "US", 394, 4, size=0.25),
    Story(CUT, "harrow", LINKEDIN, "UK", 394, 5, size=0.3),
    Story(PAUSED, "petra", FACEBOOK, "UK", 393, 4, group=1),
    Story(PAUSED, "rowan", AMAZON, "SE", 393, 5, group=1),
    Story(NOT_FINAL, "lumen", FACEBOOK, "DE", 0, 2),
    Story(NOT_FINAL, "tamar", LINKEDIN, "DE", 0, 2),
    Story(NOT_FINAL, "nori", AMAZON, "JP", 0, 2),
    Story(WASTE, "dahlia", FACEBOOK, "DE", 392, 45),
    Story(WASTE, "fjord", FACEBOOK, "SE", 391, 45),
    Story(WASTE, "kestrel", FACEBOOK, "US", 390, 45),
    Story(WASTE, "ginko", FACEBOOK, "JP", 392, 45),
    Story(WASTE, "petra", LINKEDIN, "UK", 391, 45),
    Story(WASTE, "nori", LINKEDIN, "JP", 390, 45),
    Story(WASTE, "alder", AMAZON, "US", 392, 45),
    Story(WASTE, "sable", AMAZON, "FR", 391, 45),
    Story(FATIGUE, "egret", FACEBOOK, "DE", 389, 40, size=0.7),
    Story(FATIGUE, "tamar", LINKEDIN, "DE", 389, 40, size=0.6),
    Story(OUTAGE, "quill", FACEBOOK, "US", 0, 9, until=6),
    Story(OUTAGE, "rowan", LINKEDIN, "SE", 0, 8, until=6),
)


@functools.cache
def by_account() -> Mapping[int, tuple[Story, ...]]:
    """The stories of an account, by its number; accounts without any are not in it."""
    found: dict[int, tuple[Story, ...]] = {}
    for story in STORIES:
        number = account_of(story).number
        found[number] = (*found.get(number, ()), story)
    return found


def account_of(story: Story) -> Account:
    """Where it happened."""
    wanted = (story.client, story.platform, story.market)
    return next(one for one in accounts() if (one.client.key, one.platform, one.market.code) == wanted)


def told(account: Account, kind: str, campaign: int = 0) -> Story | None:
    """The story of a kind about an account, or about one of its campaigns."""
    found = by_account().get(account.number, ())
    return next((story for story in found if (story.kind, story.campaign) == (kind, campaign)), None)
