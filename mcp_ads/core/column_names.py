"""Columns by name: which one a word means, and what an undeclared one is by the name it has everywhere."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache

from .columns import CODE, COUNT, DAY, ID, MONEY, TEXT, Column

PRICE, AMOUNT, PERCENT, RATIO = (
    Column("ratio", unit="money"), Column("money"), Column("percent"), Column("ratio"),
)  # fmt: skip
CONVENTIONS: tuple[tuple[str, Column], ...] = (
    (r"id|ids|\w+_id|\w+Ids?|asin\w*|\w+Asins?|\w+Sku|sku|hash|key|\w*[pP]hone\w*|zip\w*|post_?[cC]ode", ID),
    (r"name|\w+_name|\w+Name|keyword|searchTerm|targeting|\w+Text|text|title|headline|body|message", TEXT),
    (r"\w*[sS]tatus|state|\w+State|type|\w+_type|\w+Type|objective|\w+_goal|tactic|gender", CODE),
    (r"(\w+_)?strategy|\w+Strategy|currency|\w+Currency|currencyCode|country|countryCode", CODE),
    (r"date|date_start|date_stop|date_end|startDate|endDate", DAY),
    (r"\w+_time|time_start|time_end|\w+DateTime|[a-z]\w+edAt|\w+CallbackAt|created|lastModified", DAY),
    (r"(\w+\.)+time|runSchedule\.(start|end)", DAY),
    (r"acos\w*|ctr|\w+_ctr|engagement_rate|lead_form_completion_rate", PERCENT),
    (
        r"cost|spend|totalCost|costIn\w+|sales([0-9]+d)?|sales(Clicks|Views|Promoted|OtherSku|SameSku)\w*",
        MONEY,
    ),
    (r"attributedSales\w*|purchase_value|conversion_value|conversionValueInLocalCurrency|revenue", MONEY),
    (r"bid|\w+Bid|default_bid|\w+BudgetAmount|\w+_budget_major", AMOUNT),
    (r"budget|(daily|total|lifetime|effective)Budget|\w+\.amount", AMOUNT),
    (r"cpc|cpm|costPer\w+|cost_per_\w+", PRICE),
    (r"\w*roas\w*|frequency\w*", RATIO),
    (r"reach|\w+Reach|audiencePenetration", Column("count")),
    (r"\w*[iI]mpressions|\w*[cC]licks|\w+ClickThroughs|leads|oneClickLeads|conversions", COUNT),
    (r"(purchases|unitsSold|orders)(Clicks|Views|Promoted|OtherSku|SameSku)*([0-9]+d)?", COUNT),
    (r"externalWebsiteConversions|totalEngagements|videoViews|\w+Opens|sends|opens", COUNT),
)
"""The first pattern that fits the whole name, or the last part of a dotted one; only where the platforms
agree on what it means."""
QUOTIENTS: tuple[tuple[str, str, tuple[str, str, int]], ...] = (
    (r"acosClicks([0-9]+d)", "percent", ("cost", r"sales\1", 100)),
    (r"roasClicks([0-9]+d)", "ratio", (r"sales\1", "cost", 1)),
    (r"clickThroughRate", "percent", ("clicks", "impressions", 100)),
    (r"costPerClick", "money", ("cost", "clicks", 1)),
)
"""Amazon's ratios, by its definition: ACOS = cost / sales, ROAS = sales / cost."""
EVERYDAY: tuple[tuple[str, ...], ...] = (
    ("cost", "spend", "costInLocalCurrency", "totalCost"),
    ("ctr", "clickThroughRate"),
    ("cpc", "costPerClick"),
    ("cpm", "costPerThousandImpressions"),
    ("acos", "acosClicks7d", "acosClicks14d"),
    ("roas", "purchase_roas", "roasClicks7d", "roasClicks14d", "totalROAS"),
    ("sales", "revenue", "purchase_value", "sales7d", "sales14d", "totalSales"),
    ("purchases", "orders", "purchases7d", "purchases14d", "totalPurchases"),
    ("units", "unitsSold", "unitsSoldClicks7d", "unitsSoldClicks14d"),
    ("name", "campaign_name", "campaignName"),
    ("campaign", "campaign_name", "campaignName"),
    ("ad_group", "adset_name", "adGroupName"),
    ("adset", "adset_name", "adGroupName"),
    ("ad_set", "adset_name", "adGroupName"),
    ("ad", "ad_name", "adName"),
)
"""Names of one thing; a word means the one of its group that is there."""
WIDER: Mapping[str, tuple[str, ...]] = {
    "budget": ("daily_budget_major", "lifetime_budget_major", "dailyBudget.amount", "totalBudget.amount"),
}
"""Words that mean any of several things; where there is more than one of these, it has to be named."""
OBJECTS = ("campaign", "adgroup", "adset", "ad")
"""Words for objects, which are told apart by their ids, as several may have one name."""
PARTS = (
    "campaign",
    "adgroupid",
    "adgroup",
    "adsetid",
    "adset",
    "adid",
    "creativeid",
    "keywordid",
    "targetid",
)
"""Columns, in plain spelling, that only what is in a campaign has."""
CLOSE, MOST_NAMED, MOST_INSIDE = 0.55, 40, 8


@cache
def conventional(name: str) -> Column | None:
    """What a column of this name is on every platform; None where that is not certain."""
    for pattern, kind, (over, under, times) in QUOTIENTS:
        if found := re.fullmatch(pattern, name):
            parts = found.expand(over), found.expand(under), times
            unit = "money" if kind == "money" else ""
            return Column("percent" if kind == "percent" else "ratio", of=parts, unit=unit)
    names = dict.fromkeys([name, name.rpartition(".")[2]])
    fits = (column for named in names for pattern, column in CONVENTIONS if re.fullmatch(pattern, named))
    return next(fits, None)


def everyday(word: str) -> tuple[str, ...]:
    """Other names of what a word means, the likeliest first."""
    groups = [group for group in EVERYDAY if word.lower() in map(str.lower, group)]
    groups.append(WIDER.get(word.lower(), ()))
    return tuple(dict.fromkeys(name for group in groups for name in group if name != word))


def alike_in(word: str, names: Iterable[str]) -> tuple[str, ...]:
    """Other names of what a word means in rows with these columns: what is in a campaign has a name of its
    own, which is not the campaign's, and a column that is called like an object has no names.
    """
    plain = {_plain(name) for name in names}
    inside = plain & {*PARTS} or plain >= {"id", "campaignid"}
    theirs = _plain(word) in ("campaignname", "campaign") and inside
    others = {"name"} if theirs else set[str]()
    if _plain(word).endswith("name"):
        others |= {"campaign", "ad_group", "adset", "ad_set", "ad"}
    return tuple(name for name in everyday(word) if name not in others)


class Names:
    """The columns rows have: their kinds, and the words that mean them.

    `kinds` has None for a column without values; `alike` are an action's own other names, and `inside` the
    dotted names of what is known to be in objects besides. With `known` False any word is a column: nothing
    is known of the rows. `read` tells what was understood as a column of another name, once it was.
    """

    def __init__(
        self,
        kinds: Mapping[str, Column | None],
        alike: Mapping[str, str] | None = None,
        *,
        inside: Iterable[str] = (),
        known: bool = True,
    ) -> None:
        self._kinds, self._known = kinds, known
        self._alike = {word.lower(): name for word, name in (alike or {}).items()}
        self._inside = objects_in([*kinds, *inside])
        self._plain = _unique((_plain(name), name) for name in {**kinds, **self._inside})
        self.read: dict[str, str] = {}

    def apart(self, columns: Mapping[str, Column]) -> Names:
        """The same names, with these as columns of their own, whatever else they mean."""
        inside = [name for names in self._inside.values() for name in names]
        return Names({**self._kinds, **columns}, self._alike, inside=inside, known=self._known)

    def kind(self, name: str) -> Column | None:
        return self._kinds.get(name)

    def exactly(self, word: str) -> str | None:
        """The column a word names as it stands or by another name, without regard to spelling."""
        found = self._named(word)
        return self._in(found) if found else None

    def column(self, word: str, *, whole: bool = False) -> str | None:
        """The column a word means, also in another spelling (campaign_id for campaignId).

        Of an object it is the one inside that is meant, and none where that is not certain, unless the
        `whole` of it is looked at.
        """
        found = self._named(word) or self._plain.get(_plain(word)) or (None if self._known else word)
        if found is None or (whole and found in self._kinds):
            return found
        meant = self._in(found)
        if meant and (meant != found or meant == f"{word}_major" or word.lower() in WIDER) and meant != word:
            self.read[word] = meant
        return meant

    def _named(self, word: str) -> str | None:
        if word in self._kinds:
            return word
        other = self._alike.get(word.lower(), "")
        if other in self._kinds:
            return other
        found = [name for name in alike_in(word, self._kinds) if name in self._kinds]
        return found[0] if len(found) == 1 else None

    def _in(self, name: str) -> str | None:
        """The column itself, or the one that is meant inside an object."""
        meant = meant_in(name, self._inside[name]) if name in self._inside else name
        return meant if meant in self._kinds or not self._known else None

    def no_such(self, word: str) -> str:
        """What to say of a word that is no column."""
        several = [name for name in alike_in(word, self._kinds) if name in self._kinds]
        if several:
            return f"{word} could be {' or '.join(several)}: name one"
        found = self._named(word) or self._plain.get(_plain(word))
        if found and found in self._inside:
            return several_in(word, self._inside[found])
        return f"{word!r} is no column{closest(word, self._kinds)}"


def objects_in(names: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """The objects that dotted names are inside of, each with these names."""
    found: dict[str, dict[str, None]] = {}
    for name in names:
        parts = name.split(".")
        for depth in range(1, len(parts)):
            if parts[-1] != "*":
                found.setdefault(".".join(parts[:depth]), {})[name] = None
    return {outer: [name for name in inner if name not in found] for outer, inner in found.items()}


def meant_in(name: str, inner: Sequence[str]) -> str | None:
    """What an object is compared by: what is called like it, its amount, or all there is; else None."""
    own = (f"{name}.{name.rpartition('.')[2]}", f"{name}.amount")
    return next((column for column in own if column in inner), inner[0] if len(inner) == 1 else None)


def several_in(word: str, inner: Sequence[str]) -> str:
    """What to say of an object of which it is not certain what is meant."""
    return f"{word} is an object: name what is meant, {' or '.join(inner[:MOST_INSIDE])}"


def closest(word: str, names: Collection[str]) -> str:
    """The names that resemble a word, and all there are."""
    by_lower = {name.lower(): name for name in names}
    near = [name for name in names if word.lower() in name.lower()][:3]
    near = near or [by_lower[match] for match in difflib.get_close_matches(word.lower(), by_lower, 3, CLOSE)]
    hint = f": did you mean {' or '.join(near)}?" if near else ""
    more = ", …" if len(names) > MOST_NAMED else ""
    return f"{hint}; there are {', '.join([*names][:MOST_NAMED])}{more}" if names else hint


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Spellings that stand for exactly one column."""
    found: dict[str, list[str]] = {}
    for plain, name in pairs:
        found.setdefault(plain, []).append(name)
    return {plain: names[0] for plain, names in found.items() if len(names) == 1}
