"""Conditions made at random, as text and as what they are worth on a row, for tests of tables.

A condition is made as a tree, spelled in one of the ways people spell it, and read here from the tree: with
fractions, three truth values, and LIKE letter by letter. Of the package it uses the kinds of columns only.
"""

from __future__ import annotations

import operator
import random
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from mcp_ads.core.columns import CODE, COUNT, DAY, ID, MONEY, Column

Row = dict[str, Any]
Truth = bool | None
Made = tuple[str, Callable[[Row], Truth]]
EMPTY = (None, "")
COLUMNS = {
    "campaign_id": ID, "status": CODE, "name": Column("text"), "day": DAY, "spend": MONEY,
    "sales": MONEY, "clicks": COUNT, "impressions": COUNT,
    "ctr": Column("percent", of=("clicks", "impressions", 100)),
    "acos": Column("percent", of=("spend", "sales", 100)),
    "roas": Column("ratio", of=("sales", "spend", 1)),
}  # fmt: skip
NAMES = (
    "Summer Shoes", "summer shoes", "ÉTÉ à Genève", "été À genève", "Летняя распродажа", "夏のセール",
    "נעליים", "STRASSE", "straße", "O'Hare \"fast\" lane", "100% cotton", "a_b", "aXb", "ab", "and", "300",
    "300 USD", "-", "x or y",
)  # fmt: skip
STATES = ("ACTIVE", "PAUSED", "ARCHIVED")
MARKETS = ("US", "DE", "JP_2")
CODES = {"status": STATES, "market": MARKETS}
"""Columns of codes, whose case means nothing: one declared, one whose values say so."""
TIMES = {
    "ctr": ("clicks", "impressions", 100),
    "acos": ("spend", "sales", 100),
    "roas": ("sales", "spend", 1),
}
MONEYS, COUNTS, PERCENTS = ("spend", "sales"), ("clicks", "impressions"), ("ctr", "acos")


def rows_of(rng: random.Random, count: int) -> list[Row]:
    """Rows with gaps, zeroes, numbers as text and as numbers, ids beyond what a float holds."""

    def maybe(value: Any) -> Any:
        return rng.choice(EMPTY) if rng.random() < 0.12 else value

    def money() -> Any:
        amount = Decimal(rng.randrange(0, 120_000)) / 100
        return maybe(rng.choice([0, float(amount), str(amount), amount, rng.randrange(0, 5) * 100]))

    return [
        {
            "campaign_id": str(120210000000000000 + rng.randrange(6)),
            "status": maybe(rng.choice((*STATES, "Paused"))), "market": maybe(rng.choice(MARKETS)),
            "name": maybe(rng.choice(NAMES)),
            "day": maybe(f"2026-{rng.randrange(9, 12):02}-{rng.randrange(1, 29):02}"),
            "spend": money(), "sales": money(), "clicks": maybe(rng.choice([0, rng.randrange(90), "7"])),
            "impressions": maybe(rng.choice([0, rng.randrange(3000)])),
            "score": maybe(rng.randrange(-40, 40) / 4),
            "note": maybe(rng.choice(["x", "10", "y"])),
        }
        for _ in range(count)
    ]  # fmt: skip


def number(row: Row, column: str) -> Fraction | None:
    """What a cell comes to; None without a value or a denominator."""
    if column in TIMES:
        over, under, times = TIMES[column]
        above, below = number(row, over), number(row, under)
        return None if above is None or not below else above * times / below
    value = row[column]
    return None if value in EMPTY else Fraction(str(value))


SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip


def both(left: Any, sign: str, right: Any) -> Truth:
    """A comparison of two values; unknown without one of them."""
    return None if left is None or right is None else SIGNS[sign](left, right)


class Maker:
    """Makes conditions: their text, and what they are worth on a row."""

    def __init__(self, rng: random.Random, rows: list[Row]) -> None:
        self.rng, self.rows = rng, rows

    def any(self, depth: int) -> Made:
        if depth == 0 or self.rng.random() < 0.3:
            return self.rng.choice(
                [self.numeric, self.numeric, self.columns, self.text, self.like, self.among, self.between,
                 self.emptiness, self.days, self.ids]
            )()  # fmt: skip
        kind = self.rng.choice(["and", "or", "not", "("])
        one = self.any(depth - 1)
        if kind == "(":
            return f"({one[0]})", one[1]
        if kind == "not":
            word = self.rng.choice(["not", "NOT", "!"])
            return f"{word} ({one[0]})", lambda row: None if (t := one[1](row)) is None else not t
        two = self.any(depth - 1)
        return self.joined(kind, one, two)

    def joined(self, kind: str, one: Made, two: Made) -> Made:
        decisive = kind == "or"
        sign = self.rng.choice([kind, kind.upper(), "||" if decisive else "&&"])

        def worth(row: Row) -> Truth:
            found = {one[1](row), two[1](row)}
            return decisive if decisive in found else None if None in found else not decisive

        return f"({one[0]}) {sign} ({two[0]})", worth

    def literal(self, column: str) -> tuple[str, Fraction]:
        """A number as it may be written beside a column, often one that is in a row."""
        there = [n for row in self.rows if (n := number(row, column)) is not None]
        exact = (
            self.rng.choice(there)
            if there and self.rng.random() < 0.5
            else Fraction(self.rng.randrange(2000))
        )
        value = Decimal(exact.numerator) / Decimal(exact.denominator)
        if Fraction(value) != exact or value.as_tuple().exponent not in range(-6, 1):
            value = round(value, 2)
        plain, grouped = f"{value:f}", f"{value:,f}"
        forms = [plain, grouped, f"'{plain}'"]
        if column in MONEYS:
            forms += [f"{plain} USD", f"{grouped}USD", f"${grouped}", f"$ {plain}", f"'{plain} usd'"]
        if column in PERCENTS:
            forms += [f"{plain}%", f"{grouped} %", f"'{plain}%'"]
        written, worth = self.rng.choice(forms), Fraction(value)
        if column == "roas" and self.rng.random() < 0.3:
            return f"{plain}%", worth / 100
        return written, worth

    def sign(self) -> tuple[str, str]:
        meant = self.rng.choice(["=", "!=", "<", "<=", ">", ">="])
        spelled = {
            "=": ["=", "=="],
            "!=": ["!=", "<>", "≠"],
            "<=": ["<=", "=<", "≤"],
            ">=": [">=", "=>", "≥"],
        }
        gap = self.rng.choice(["", " "])
        return f"{gap}{self.rng.choice(spelled.get(meant, [meant]))}{gap}", meant

    def numeric(self) -> Made:
        column = self.rng.choice([*MONEYS, *COUNTS, *PERCENTS, "roas", "score"])
        (written, value), (sign, meant) = self.literal(column), self.sign()
        if self.rng.random() < 0.15:
            return f"{written}{sign}{column}", lambda row: both(value, meant, number(row, column))
        return f"{column}{sign}{written}", lambda row: both(number(row, column), meant, value)

    def columns(self) -> Made:
        left, right = self.rng.sample(self.rng.choice([MONEYS, COUNTS, PERCENTS, ("score", "clicks")]), 2)
        sign, meant = self.sign()
        return f"{left}{sign}{right}", lambda row: both(number(row, left), meant, number(row, right))

    def between(self) -> Made:
        column = self.rng.choice([*MONEYS, *COUNTS, *PERCENTS])
        pairs = sorted([self.literal(column), self.literal(column)], key=lambda pair: pair[1])
        (low, least), (high, most) = pairs
        denied = self.rng.random() < 0.3

        def worth(row: Row) -> Truth:
            value = number(row, column)
            return None if value is None else (least <= value <= most) != denied

        return f"{column} {'not ' if denied else ''}between {low} and {high}", worth

    def quoted(self, text: str) -> str:
        if text.upper() in STATES and self.rng.random() < 0.5:
            return text
        mark = self.rng.choice("'\"")
        return mark + text.replace(mark, mark * 2) + mark

    def text(self) -> Made:
        column = self.rng.choice(["name", "status", "market", "note"])
        sign, meant = self.rng.choice([("=", "="), ("!=", "!="), (" <> ", "!="), (" == ", "=")])
        if column in CODES:
            code = self.cased(self.rng.choice(CODES[column]))
            return f"{column}{sign}{self.quoted(code)}", lambda row: both(
                low(row[column]), meant, code.lower()
            )
        wanted = self.rng.choice(NAMES if column == "name" else ("x", "10", "zz"))
        return f"{column}{sign}{self.quoted(wanted)}", lambda row: both(row[column] or None, meant, wanted)

    def cased(self, code: str) -> str:
        """A code as it may be written."""
        return self.rng.choice([code, code.lower(), code.capitalize()])

    def like(self) -> Made:
        pattern = self.rng.choice(
            [
                "%shoes",
                "summer%",
                "ÉTÉ%",
                "%распродажа",
                "%セ%",
                "a_b",
                "100\\% %",
                "strasse",
                "_",
                "%",
                "%'%",
                "300%",
            ]
        )
        word, contains = self.rng.choice(["like", "LIKE", "ilike"]), self.rng.random() < 0.4
        denied = self.rng.random() < 0.3
        said = "not " if denied else ""
        piece = self.rng.choice(["SHOES", "genève", "РАСПРОДАЖА", "セール", "ss", "%", " ", "o'h", "300"])
        text = f"name {said}{word} {self.quoted(pattern)}"
        if contains:
            text = f"name {said}contains {self.quoted(piece)}" if denied else f"name ~ {self.quoted(piece)}"

        def worth(row: Row) -> Truth:
            if not row["name"]:
                return None
            cell = row["name"].casefold()
            found = piece.casefold() in cell if contains else fits(cell, pattern.casefold())
            return found != denied

        return text, worth

    def among(self) -> Made:
        denied = self.rng.random() < 0.4
        said = "not in" if denied else "in"
        if self.rng.random() < 0.5:
            values = [self.literal("clicks")[1] for _ in range(3)]
            text = ", ".join(f"{float(value):g}" for value in values)
            wanted = [Fraction(f"{float(value):g}") for value in values]
            return (
                f"clicks {said} ({text})",
                lambda row: None if (n := number(row, "clicks")) is None else (n in wanted) != denied,
            )
        column = self.rng.choice([*CODES])
        codes = self.rng.sample(CODES[column], 2)
        text = ",".join(self.quoted(self.cased(code)) for code in codes)
        return (
            f"{column} {said} [{text}]",
            lambda row: (row[column].upper() in codes) != denied if row[column] else None,
        )

    def emptiness(self) -> Made:
        column = self.rng.choice(["name", "spend", "ctr", "acos", "roas", "day"])
        denied = self.rng.random() < 0.5
        word = self.rng.choice(["empty", "null", "EMPTY"])

        def worth(row: Row) -> Truth:
            value = number(row, column) if column in TIMES or column == "spend" else row[column] or None
            return (value is None) != denied

        return f"{column} is {'not ' if denied else ''}{word}", worth

    def days(self) -> Made:
        day = f"2026-{self.rng.randrange(9, 12):02}-{self.rng.randrange(1, 29):02}"
        sign, meant = self.sign()
        written = self.rng.choice([day, f"'{day}'"])
        return f"day{sign}{written}", lambda row: both(row["day"] or None, meant, day)

    def ids(self) -> Made:
        wanted = self.rng.choice(self.rows)["campaign_id"]
        if self.rng.random() < 0.5:
            return f"campaign_id in ({wanted},'{wanted}')", lambda row: row["campaign_id"] == wanted
        sign, meant = self.rng.choice([("=", "="), ("!=", "!=")])
        return f"campaign_id{sign}{wanted}", lambda row: both(row["campaign_id"], meant, wanted)


def low(cell: str | None) -> str | None:
    """A cell without case; None where it is empty."""
    return cell.lower() if cell else None


def fits(text: str, pattern: str) -> bool:
    """LIKE, letter by letter."""
    if not pattern:
        return not text
    if pattern[0] == "%":
        return any(fits(text[at:], pattern[1:]) for at in range(len(text) + 1))
    if pattern[0] == "\\":
        return text[:1] == pattern[1] and fits(text[1:], pattern[2:])
    return bool(text) and pattern[0] in ("_", text[0]) and fits(text[1:], pattern[1:])
