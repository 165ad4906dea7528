"""Selections by conditions made at random: a plan touches exactly what the sandbox's own numbers say."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from conditions import SIGNS
from engine_client import FACEBOOK, JAPAN, LINKEDIN, EngineClient
from truth import month_before, parts, summed

pytestmark = pytest.mark.anyio
LINKEDIN_EU = "523456789"
Truth = bool | None
Row = dict[str, Any]
COUNTED = ("impressions", "clicks", "conversions", "spend")
RATIOS = {
    "ctr": ("clicks", "impressions", 100),
    "cpc": ("spend", "clicks", 1),
    "cpm": ("spend", "impressions", 1000),
}


@dataclass(frozen=True)
class Kind:
    """Objects that are looked through: their list, the columns of id and state, whose they are."""

    connector: str
    entity: str
    account: str
    label: str
    id: str
    state: str
    other: str
    """A state that none of them is in."""


ADS = Kind(FACEBOOK, "ads", JAPAN, f"facebook:{JAPAN}", "id", "effective_status", "DISAPPROVED")
CREATIVES = Kind(
    LINKEDIN, "creatives", LINKEDIN_EU, f"linkedin:{LINKEDIN_EU}", "creative_id", "intendedStatus", "CANCELED"
)
PUT_AWAY = ("ARCHIVED", "DELETED", "REMOVED", "CANCELED", "PENDING_DELETION")


async def rows_of(client: EngineClient, kind: Kind) -> list[Row]:
    """Every object with its name and state, and what it did last month by the sandbox's own numbers."""
    listed = await client.do(kind.connector, kind.entity, "list", account_id=kind.account, limit=1000)
    did = summed(parts(client.store, month_before, kind.label), lambda part: part.ad)
    return [
        {
            "id": str(row[kind.id]),
            "name": row["name"],
            kind.state: row[kind.state],
            **{name: Fraction(getattr(did[ad], name)) if ad in did else Fraction(0) for name in COUNTED},
        }
        for row in listed.data
        if (ad := str(row[kind.id]).rpartition(":")[2])
    ]


def value(row: Row, name: str) -> Fraction | None:
    """A count or an amount, or a quotient of two; None without a denominator."""
    if name not in RATIOS:
        found: Fraction = row[name]
        return found
    over, under, times = RATIOS[name]
    return row[over] * times / row[under] if row[under] else None


class Maker:
    """Makes conditions: their text, and what they are worth on a row."""

    def __init__(self, rng: random.Random, rows: list[Row], kind: Kind) -> None:
        self.rng, self.rows, self.state, self.other = rng, rows, kind.state, kind.other

    def any(self, depth: int) -> tuple[str, Callable[[Row], Truth]]:
        """A condition of at most so many levels."""
        if depth == 0:
            return self.rng.choice([self.number, self.number, self.number, self.text, self.status])()
        one, two = self.any(depth - 1), self.any(depth - 1)
        word = self.rng.choice(["and", "and", "or", "not"])
        if word == "not":
            return f"not ({one[0]})", lambda row: None if (truth := one[1](row)) is None else not truth
        decisive = word == "or"

        def worth(row: Row) -> Truth:
            found = {one[1](row), two[1](row)}
            return decisive if decisive in found else None if None in found else not decisive

        return f"({one[0]}) {word} ({two[0]})", worth

    def number(self) -> tuple[str, Callable[[Row], Truth]]:
        """A column beside a limit, which is often exactly what some object has."""
        name, sign = self.rng.choice([*COUNTED, *RATIOS]), self.rng.choice(["<", "<=", ">", ">=", "=", "!="])
        there = [found for row in self.rows if (found := value(row, name)) is not None]
        near = self.rng.choice(there)
        limit = (
            near if near.denominator in (1, 2, 4, 5, 10, 20, 25, 50, 100) else Fraction(round(float(near), 2))
        )
        limit = Fraction(str(round(float(limit), 2)))

        def worth(row: Row) -> Truth:
            left = value(row, name)
            return None if left is None else SIGNS[sign](left, limit)

        return f"{name} {sign} {float(limit):.2f}", worth

    def text(self) -> tuple[str, Callable[[Row], Truth]]:
        """A part of a name, in whatever case."""
        name = str(self.rng.choice(self.rows)["name"])
        start = self.rng.randrange(max(1, len(name) - 4))
        part = "".join(letter for letter in name[start : start + 4] if letter.isalnum()) or "a"
        how = self.rng.choice(["like '%{}%'", "~ '{}'"]).format(self.rng.choice([part, part.upper()]))
        return (
            f"name {how}",
            lambda row: part.casefold() in str(row["name"]).casefold() if row["name"] else None,
        )

    def status(self) -> tuple[str, Callable[[Row], Truth]]:
        """One of the states that are there, or another."""
        state = self.rng.choice([*{row[self.state] for row in self.rows}, self.other])
        sign = self.rng.choice(["=", "!="])
        return f"{self.state} {sign} {state.lower()}", lambda row: SIGNS[sign](row[self.state], state)


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind", [ADS, pytest.param(CREATIVES, marks=pytest.mark.slow)], ids=lambda kind: kind.entity
)
@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, 20))])
async def test_a_plan_touches_exactly_what_fits(looking: EngineClient, kind: Kind, seed: int) -> None:
    """Whatever the condition, steps and what is left out together are what fits and is not put away."""
    rng, rows = random.Random(seed), await rows_of(looking, kind)
    maker = Maker(rng, rows, kind)
    for _ in range(5):
        figure, worth_of_figure = maker.number()
        text, worth = maker.any(rng.randrange(3))
        joined = rng.random() < 0.5
        where = f"{figure} and ({text})" if joined else f"({text}) or {figure}"
        wanted = {
            row["id"].rpartition(":")[2]
            for row in rows
            if row[kind.state] not in PUT_AWAY
            and (all if joined else any)(truth is True for truth in (worth_of_figure(row), worth(row)))
        }
        ask = {"account_id": kind.account, "where": where, "over": "last_month"}
        answer = await looking.do(kind.connector, kind.entity, "pause", **ask)
        left_out = {entry["id"].rpartition(":")[2] for entry in answer.data["excluded"]}
        steps = set()
        if plan_id := answer.data.get("plan_id"):
            plan = looking.workspace.plans.get(plan_id)
            steps = {step.subject.rpartition(":")[2] for step in plan.steps}
            left_out = {entry["id"].rpartition(":")[2] for entry in plan.excluded}
        assert steps | left_out == wanted, where
        assert not steps & left_out
