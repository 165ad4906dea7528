"""What kind of value a column has: how it compares with what an agent writes, and whether it adds up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "code", "id", "date", "money", "count", "number", "percent", "ratio"]


_EXPANSION = re.compile(r"\{|\.\w+\(", re.ASCII)


def unexpanded(field: str) -> str:
    """The column a field is shown as: owner of owner{id,name}, parts of parts.limit(2){id}."""
    return _EXPANSION.split(field, maxsplit=1)[0]


@dataclass(frozen=True)
class Column:
    """One column's kind.

    `code` is one of a platform's own words, such as PENDING, whose case means nothing. `money` is in major
    units of the row's currency, `percent` is 1.5 for 1.5 %, `ratio` a plain quotient (a return on ad spend,
    money per click, a frequency), `count` whole and `number` any other number. `adds` says that a sum over
    rows means something. `of` is what a percent or a ratio is made of: the column above,
    the one below, and what their quotient is multiplied with; it is computed in full from these and rounded
    only when it is shown.
    """

    kind: Kind = "text"
    adds: bool = False
    of: tuple[str, str, int] | None = None
    unit: str = ""
    """What a ratio is counted in where its name does not say: "money" for money per something; "list" where
    a text is one.
    """
    words: tuple[tuple[str, str], ...] = ()
    """What people write for a value, in lower case, and what the platform has for it."""

    def value(self, written: str) -> str:
        """A value as the platform has it, also by what people call it."""
        return dict(self.words).get(written.strip().lower(), written)


TEXT, CODE, ID, DAY = Column("text"), Column("code"), Column("id"), Column("date")
LIST = Column("text", unit="list")
MONEY, COUNT = Column("money", adds=True), Column("count", adds=True)
