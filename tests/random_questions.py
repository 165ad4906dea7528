"""Questions about performance made up at random, each against the same sums made by brute force."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import truth
from agent import Agent
from engine_client import Table

from mcp_ads.sandbox.store import Store

FIGURES = ("spend", "impressions", "clicks", "conversions", "conversion_value")
COUNTED = dict(zip(FIGURES, ("spend", "impressions", "clicks", "conversions", "value"), strict=True))
LEVELS = ("account", "campaign", "ad_group")
RANGES: dict[str, Callable[[date], truth.Days]] = {
    "last_week": truth.last_week,
    "yesterday": truth.yesterday,
    "last_3d": lambda today: (today - timedelta(days=3), today - timedelta(days=1)),
}
SPLITS = ("day", "week", "month", "platform", "account", "currency", "ad_product")
COLUMN = {"day": "date", "week": "week", "month": "month"}
MONEYED = (
    ("spend > 20 USD or spend > 2000 JPY or spend > 15 EUR", {"USD": 20, "JPY": 2000, "EUR": 15}),
    ("spend > 100 USD or spend > 9000 JPY or spend > 90 EUR", {"USD": 100, "JPY": 9000, "EUR": 90}),
)
Line = dict[str, Any]


def told(part: truth.Part, column: str) -> str:
    """What a column says of a part, as an answer has it."""
    match column:
        case "platform" | "currency":
            return str(getattr(part if column == "currency" else part.whose, column))
        case "account":
            return part.whose.id
        case "date":
            return str(part.day)
        case "week":
            return str(part.day - timedelta(days=part.day.weekday()))
        case "month":
            return f"{part.day:%Y-%m}"
        case "ad_product":
            return part.product
        case _:
            return str(getattr(part, column))


@dataclass
class Question:
    """One question, and what its answer has to be."""

    range: str
    level: str
    by: list[str]
    compare: bool
    where: str
    passes: Callable[[Line], bool]
    sort: str
    top: int
    params: Line = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        whose = {"": [], "account": ["platform", "account"]}.get(
            self.level, ["platform", "account", self.level]
        )
        more = [
            name
            for word in self.by
            for name in (["platform", "account"] if word == "account" else [COLUMN.get(word, word)])
        ]
        return list(dict.fromkeys([*whose, *more, "currency"]))

    @property
    def figures(self) -> list[str]:
        return [*FIGURES, *(f"{name}_before" for name in FIGURES if self.compare)]

    def asked(self) -> Line:
        given: Line = {"range": self.range, "fields": [*self.keys, *self.figures], "limit": 1000}
        given |= {"level": self.level} if self.level else {}
        given |= {"by": self.by} if self.by else {}
        given |= {"compare": "previous"} if self.compare else {}
        given |= {"where": self.where} if self.where else {}
        given |= {"sort": self.sort} if self.sort else {}
        return given | ({"top": self.top} if self.top else {})

    def lines(self, parts: list[truth.Part], before: list[truth.Part]) -> list[Line]:
        """Every row that fits, by brute force."""
        sums: dict[tuple[str, ...], dict[str, Decimal]] = defaultdict(
            lambda: dict.fromkeys(self.figures, Decimal())
        )
        for end, own in (("", parts), ("_before", before if self.compare else [])):
            for part in own:
                line = sums[tuple(told(part, key) for key in self.keys)]
                for name, of in COUNTED.items():
                    line[f"{name}{end}"] += Decimal(getattr(part, of))
        every = [dict(zip(self.keys, key, strict=True)) | line for key, line in sums.items()]
        return [line for line in every if self.passes(line)]


def questions(seed: int) -> Iterator[Question]:
    """Questions without end."""
    luck = random.Random(seed)
    while True:
        by = luck.sample(SPLITS, luck.choice((0, 0, 1, 2)))
        while len({"day", "week", "month"} & {*by}) > 1:
            by.pop()
        level = luck.choice(LEVELS if not by else ("", *LEVELS))
        in_time = {"day", "week", "month"} & {*by}
        condition, passes = luck.choice(CONDITIONS)()
        yield Question(
            luck.choice([*RANGES]), level, by, not in_time and luck.random() < 0.3, condition, passes,
            luck.choice(("", "-spend", "conversions", "-clicks")), luck.choice((0, 0, 1, 3)),
        )  # fmt: skip


def _money(luck: int) -> tuple[str, Callable[[Line], bool]]:
    text, least = MONEYED[luck]
    return text, lambda line: line["spend"] > least[line["currency"]]


CONDITIONS: tuple[Callable[[], tuple[str, Callable[[Line], bool]]], ...] = (
    lambda: ("", lambda _: True),
    lambda: ("spend > 0 and conversions = 0", lambda line: line["spend"] > 0 and not line["conversions"]),
    lambda: (
        "clicks >= 40 and not (conversions > 5)",
        lambda line: line["clicks"] >= 40 and not line["conversions"] > 5,
    ),
    lambda: (
        "roas < 1.5",
        lambda line: line["spend"] > 0 and line["conversion_value"] / line["spend"] < Decimal("1.5"),
    ),
    lambda: _money(0),
    lambda: _money(1),
)


async def pages(agent: Agent, params: Line) -> list[Table]:
    """An answer with all its pages."""
    found = [Table(await agent.good("ads_execute", entity="performance", action="list", params=params))]
    while found[-1].meta["more"]:
        onward = {**params, "cursor": found[-1].meta["cursor"]}
        text = await agent.good("ads_execute", entity="performance", action="list", params=onward)
        found.append(Table(text))
    return found


def check(question: Question, answers: list[Table], expected: list[Line]) -> None:
    """The rows, how many fit, what these come to, and the order within each currency."""
    ask, answer = question.asked(), answers[0]
    rows = [
        {key: row[key] for key in question.keys} | {name: Decimal(row[name]) for name in question.figures}
        for page in answers
        for row in page.rows
    ]
    assert answer.meta.get("total", len(rows)) == len(expected), ask
    assert all(row in expected for row in rows), (ask, [row for row in rows if row not in expected][:2])
    by_currency: dict[str, list[Line]] = defaultdict(list)
    for line in expected:
        by_currency[line["currency"]].append(line)
    name = question.sort.removeprefix("-")
    money = name == "spend" or not name
    if not question.top:
        assert len(rows) == len(expected), ask
    elif money:
        assert len(rows) == sum(min(question.top, len(lines)) for lines in by_currency.values()), ask
    if question.top and name:
        ranked = by_currency.values() if money else [expected]
        best = [
            line[name]
            for lines in ranked
            for line in sorted(lines, key=lambda line: line[name], reverse=question.sort[0] == "-")[
                : question.top
            ]
        ]
        assert sorted(row[name] for row in rows) == sorted(best), ask
    totals = answer.meta.get("totals") or {}
    for currency, lines in by_currency.items():
        if len(expected) > 1:
            sums = totals.get(currency, totals)
            for figure in question.figures:
                if figure in sums and (len(by_currency) > 1 or currency not in totals):
                    assert Decimal(str(sums[figure])) == sum(line[figure] for line in lines), (ask, figure)


async def hold(agent: Agent, store: Store, seed: int, count: int) -> None:
    """Ask so many questions, and hold each answer against brute force."""
    known: dict[tuple[str, bool], list[truth.Part]] = {}
    for _, question in zip(range(count), questions(seed), strict=False):
        answers = await pages(agent, question.asked())  # the first fills the sandbox
        for before in (False, True):
            key = question.range, before
            if key not in known and (question.compare or not before):
                known[key] = truth.parts(store, shifted(RANGES[question.range], back=before))
        now, earlier = known[question.range, False], known.get((question.range, True), [])
        check(question, answers, question.lines(now, earlier))


def shifted(when: Callable[[date], truth.Days], *, back: bool) -> Callable[[date], truth.Days]:
    """The days, or as many right before."""

    def days(today: date) -> truth.Days:
        since, until = when(today)
        length = until - since + timedelta(days=1)
        return (since - length, until - length) if back else (since, until)

    return days
