"""Conditions on rows: `cost > 300 USD and (acos > 40% or sales7d = 0)` as a tree of typed comparisons.

    condition  = condition "and" condition | condition "or" condition | "not" condition | "(" condition ")"
               | column sign value or column            signs: = != < <= > >= ~ (contains)
               | column ["not"] "in" "(" value, … ")" | column ["not"] "between" value "and" value
               | column ["not"] "like" 'pattern with % and _' | column "is" ["not"] "empty"
    value      = 300 | 1,000.50 | 300 USD | $300 | 40% | 2026-11-01 | 'text' | "text" | WORD

Text is compared as it is, a platform's codes (status = active) in whatever case, and of an object the one
column inside that is meant. Nothing here looks at a row: a name that is no column, a value that does not fit
its column's kind and every word that is not understood are refused with their place, so that no condition
means something else.
"""

from __future__ import annotations

from collections.abc import Mapping

from mcp_ads.errors import InvalidParams

from .column_names import Names
from .where_tokens import KEYWORDS, NOTHING, Misfit, Mistake, Token, tokens
from .where_tree import Among, And, By, Col, Compare, Contains, Empty, Expr, Like, Not, Number, Or, Sign, Text
from .where_values import NUMERIC, TEXTUAL, Value, kind_of, meant, read

GRAMMAR = (
    "write such as: cost > 300 USD and (acos > 40% or sales7d = 0); name ~ 'shoes'; name not like 'Brand%'; "
    "name in ('Spring', 'Summer'); clicks between 1 and 1,000; cost > sales7d; acos is empty"
)
MOST_TEXT, MOST_DEPTH = 8_000, 50
ORDERED = ("<", "<=", ">", ">=")
WHOLE = ("is", "like", "ilike", "contains", "~", "!~")
FLIPPED: Mapping[str, Sign] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
SHOWN = 30


def parse(text: str, names: Names, currency: str = "") -> Expr:
    """The condition as a tree. Raises InvalidParams with the place of the mistake.

    `currency` is that of all rows' money; "" where rows say their own.
    """
    if len(text) > MOST_TEXT:
        raise InvalidParams(f"where: at most {MOST_TEXT} characters")
    try:
        return _Parser(tokens(text), names, currency).whole()
    except Mistake as mistake:
        here = text[mistake.at : mistake.at + SHOWN]
        place = f"at character {mistake.at + 1}, {here!r}" if here.strip() else "at the end"
        example = "" if isinstance(mistake, Misfit) else f"; {GRAMMAR.replace('USD', currency or 'USD')}"
        raise InvalidParams(f"where: {place}: {mistake}{example}") from None


class _Parser:
    """Recursive descent over the tokens of one condition."""

    def __init__(self, words: list[Token], names: Names, currency: str) -> None:
        self._words, self._at, self._depth = words, 0, 0
        self._names, self._currency = names, currency

    @property
    def _next(self) -> Token:
        return self._words[self._at]

    def _take(self) -> Token:
        token = self._next
        self._at += token.kind != "end"
        return token

    def _takes(self, *words: str) -> bool:
        """Whether the next token is one of these words; if so it is used up."""
        found = self._next.is_word(*words)
        self._at += found
        return found

    def _needs(self, kind: str, what: str) -> None:
        if self._next.kind != kind:
            raise Mistake(self._next.at, f"expected {what}, not {self._next.said}")
        self._take()

    def whole(self) -> Expr:
        expr = self._any()
        if self._next.kind != "end":
            raise Mistake(self._next.at, f"expected and, or, or the end, not {self._next.said}{self._hint()}")
        return expr

    def _hint(self) -> str:
        words = self._next.kind in ("word", "text") and not self._next.is_word(*KEYWORDS)
        return ": text of several words stands in quotes" if words else ""

    def _any(self) -> Expr:
        parts = [self._all()]
        while self._takes("or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Expr:
        parts = [self._negated()]
        while self._takes("and"):
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _negated(self) -> Expr:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise Mistake(self._next.at, f"conditions are nested at most {MOST_DEPTH} deep")
        try:
            if self._takes("not"):
                return Not(self._negated())
            if self._next.kind != "(":
                return self._condition()
            self._take()
            inner = self._any()
            self._needs(")", "and, or, or )")
            return inner
        finally:
            self._depth -= 1

    def _condition(self) -> Expr:
        start = self._next
        if start.kind == "word" and not start.is_word(*KEYWORDS):
            return self._of_column(self._column())
        found = self._value_here()
        if found is None:
            raise Mistake(start.at, f"expected a column, not {start.said}")
        sign = self._next
        if sign.kind != "sign" or sign.text not in FLIPPED:
            raise Mistake(start.at, "a condition begins with a column, which stands without quotes")
        self._take()
        if self._next.kind != "word" or self._next.is_word(*KEYWORDS):
            raise Mistake(start.at, f"one side of {sign.text} must be a column, which stands without quotes")
        return self._with_value(self._column(), FLIPPED[sign.text], found)

    def _column(self) -> Col:
        token = self._take()
        if self._next.kind == "(" and not token.is_word(*KEYWORDS):
            raise Mistake(token.at, f"there are no functions such as {token.text}()")
        name = self._names.column(token.text, whole=self._of_whole())
        if name is None:
            raise Misfit(token.at, self._names.no_such(token.text))
        return Col(name, self._names.kind(name))

    def _of_whole(self) -> bool:
        """Whether what follows looks at all there is in an object: at its text, or whether it has any."""
        words = [word for word in self._words[self._at :][:2] if not word.is_word("not")]
        return bool(words) and words[0].is_word(*WHOLE)

    def _of_column(self, left: Col) -> Expr:
        token = self._take()
        if token.is_word("is"):
            return self._emptiness(left)
        denied = token.is_word("not")
        if denied:
            token = self._take()
        found = self._by_word(token, left)
        if found is None and token.kind == "sign" and not denied:
            found = self._compared(token, left)
        if found is None:
            raise Mistake(token.at, f"expected a comparison of {left.name}, not {token.said}")
        return Not(found) if denied else found

    def _by_word(self, token: Token, left: Col) -> Expr | None:
        if token.kind != "word":
            return None
        match token.text.lower():
            case "in":
                return self._among(left)
            case "between":
                return self._between(left)
            case "like" | "ilike":
                return Like(left, self._pattern(left, "like"))
            case "contains":
                return Contains(left, self._pattern(left, "contains"))
        return None

    def _compared(self, token: Token, left: Col) -> Expr | None:
        if token.text == "~":
            return Contains(left, self._pattern(left, "~"))
        if token.text == "!~":
            return Not(Contains(left, self._pattern(left, "!~")))
        if token.text not in FLIPPED:
            return None
        sign: Sign = FLIPPED[FLIPPED[token.text]]
        if self._column_follows(left):
            at, right = self._next.at, self._column()
            return Compare(left, sign, right, _both(left, right, sign, at))
        return self._with_value(left, sign, self._value(left))

    def _column_follows(self, left: Col) -> bool:
        """Whether the next word is a column; beside text only by its full name, since it may be text."""
        if self._next.kind != "word":
            return False
        textual = left.column is not None and left.column.kind in TEXTUAL
        found = self._names.exactly(self._next.text)
        return found == self._next.text if textual else found is not None

    def _with_value(self, left: Col, sign: Sign, value: Value) -> Expr:
        right, by = meant(value, left.name, left.column, self._currency)
        kind = left.column.kind if left.column else ""
        if sign in ORDERED and kind == "id":
            raise Misfit(value.at, f"{left.name} is an id: ids are equal or not, never more or less")
        if sign in ORDERED and by in ("text", "code") and value.kind == "number":
            raise Misfit(value.at, f"{left.name} is text, and no number is more or less than text")
        return Compare(left, sign, right, by)

    def _value(self, left: Col) -> Value:
        found = self._value_here()
        if found is None:
            raise Mistake(self._next.at, f"expected a value for {left.name}, not {self._next.said}")
        return found

    def _value_here(self, *, listed: bool = False) -> Value | None:
        start = self._next
        if start.kind == "word":
            if start.text.lower() in NOTHING:
                raise Mistake(start.at, f"write is empty, or {start.text!r} in quotes for the text")
            if start.is_word(*KEYWORDS):
                return None
            if self._words[self._at + 1].kind == "(":
                raise Mistake(start.at, f"there are no functions such as {start.text}()")
        found = read(self._words[self._at :][:2], listed=listed)
        if found is None:
            return None
        self._at += found[1]
        return found[0]

    def _emptiness(self, left: Col) -> Expr:
        denied = self._takes("not")
        if not self._takes(*NOTHING):
            raise Mistake(self._next.at, f"expected empty, not {self._next.said}")
        return Not(Empty(left)) if denied else Empty(left)

    def _among(self, left: Col) -> Expr:
        self._needs("(", "( and a list of values")
        values = list[Number | Text]()
        while True:
            value = self._value_here(listed=True)
            if value is None:
                raise Mistake(self._next.at, f"expected a value for {left.name}, not {self._next.said}")
            right, how = meant(value, left.name, left.column, self._currency)
            values.append(right)
            if self._next.kind != ",":
                break
            self._take()
        self._needs(")", ", or )")
        if len({type(value) for value in values}) > 1:
            raise Mistake(self._next.at, "numbers and text in one list: put all of them in quotes")
        return Among(left, tuple(values), how)

    def _between(self, left: Col) -> Expr:
        start = self._next.at
        low = self._with_value(left, ">=", self._value(left))
        if not self._takes("and"):
            raise Mistake(self._next.at, f"expected and with the largest value, not {self._next.said}")
        high = self._with_value(left, "<=", self._value(left))
        assert isinstance(low, Compare)
        assert isinstance(high, Compare)
        if _backwards(low, high):
            raise Misfit(start, "the smaller value of between comes first")
        return And((low, high))

    def _pattern(self, left: Col, how: str) -> str:
        kind = left.column.kind if left.column else "text"
        token = self._next
        if kind not in TEXTUAL | {"date"}:
            raise Misfit(token.at, f"{left.name} {kind_of(left.column)}, and {how} is for text")
        if token.kind not in ("text", "word", "number", "date") or token.is_word(*KEYWORDS):
            raise Mistake(token.at, f"expected text in quotes, not {token.said}")
        if token.text == "":
            raise Misfit(token.at, f"empty text is in every text: write {left.name} is not empty")
        return self._take().text


def _backwards(low: Compare, high: Compare) -> bool:
    one, two = low.right, high.right
    if isinstance(one, Number) and isinstance(two, Number):
        return one.currencies == two.currencies and one.value > two.value
    return isinstance(one, Text) and isinstance(two, Text) and one.value > two.value


def _both(left: Col, right: Col, sign: Sign, at: int) -> By:
    kinds = {side.column.kind for side in (left, right) if side.column}
    if kinds <= NUMERIC and ("percent" not in kinds or kinds <= {"percent", "number"}):
        return "number"
    if kinds == {"date"}:
        return "date"
    if kinds <= TEXTUAL and not ("id" in kinds and sign in ORDERED):
        return "code" if kinds == {"code"} else "text"
    raise Misfit(
        at,
        f"{left.name} {kind_of(left.column)} and {right.name} {kind_of(right.column)}: they cannot be "
        "compared; put a text in quotes",
    )
