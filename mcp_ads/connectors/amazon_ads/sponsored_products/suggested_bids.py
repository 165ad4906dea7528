"""Suggested bids: what was asked about, and what Amazon answered of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mcp_ads.connectors.amazon_ads.types import Json
from mcp_ads.core import Result
from mcp_ads.errors import ApiError

USUAL_THEME = "CONVERSION_OPPORTUNITIES"
NOTHING = "Amazon suggests nothing for these products: look whether they are its ASINs in this marketplace"
AUTO = ("CLOSE_MATCH", "LOOSE_MATCH", "SUBSTITUTES", "COMPLEMENTS")


@dataclass(frozen=True)
class Wanted:
    """One thing to suggest a bid for; `record` is the keyword or target where it is there already."""

    index: int
    kind: str
    value: str
    said: str
    record: Mapping[str, Any] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """Amazon takes one family in a request: keywords, products, automatic, keyword groups."""
        if self.kind in AUTO:
            return "auto"
        return self.kind if self.kind == "KEYWORD_GROUP" else self.kind.partition("_")[0]

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.value.lower()

    def sent(self) -> Json:
        return {"type": self.kind, "value": self.value} if self.value else {"type": self.kind}


class Told:
    """What Amazon suggested, by what it was asked about, and what it refused."""

    def __init__(self, groups: Mapping[str, Json]) -> None:
        self.groups, self.errors = groups, dict[int, ApiError]()
        self.found: dict[int, list[tuple[str, Mapping[str, Any]]]] = {}

    def heard(self, answer: Any, part: Sequence[Wanted]) -> None:
        """An answer: themes, the usual one first, each with what was asked about in any order."""
        themes = sorted(answer["bidRecommendations"], key=lambda theme: theme["theme"] != USUAL_THEME)
        for theme in themes:
            entries = theme["bidRecommendationsForTargetingExpressions"]
            by_key = {_key(entry["targetingExpression"]): entry for entry in entries}
            for one in part:
                if (entry := by_key.get(one.key)) is not None:
                    self.found.setdefault(one.index, []).append((theme["theme"], entry))

    def refused(self, error: ApiError, part: Sequence[Wanted]) -> None:
        self.errors |= {one.index: error for one in part}

    def result(self, asked: Sequence[Wanted]) -> Result:
        """A row for each thing and theme, in the order they were asked about. Raises what refused all."""
        if self.errors and len(self.errors) == len(asked):
            raise next(iter(self.errors.values()))
        rows = [row for one in asked for row in self._rows(one)]
        errors = [
            {"index": one.index, "code": "Rejected", "message": why, "fix": ""}
            for one in asked
            if (why := self._why(one))
        ]
        inherits = [one for one in asked if one.record and one.record.get("bid") is None]
        warnings = (
            [f"bid: {len(inherits)} of these have none of their own: it is the ad group's default"]
            if inherits
            else []
        )
        if blank := sum(row["suggested"] is None for row in rows):
            warnings.append(f"Amazon suggests nothing for {blank} of these")
        return Result(rows, {"warnings": warnings} if warnings else {}, errors)

    def _why(self, one: Wanted) -> str:
        if not one.kind:
            return f"{one.said}: Amazon suggests bids for single products and whole categories only"
        return f"{one.said}: {self.errors[one.index]}" if one.index in self.errors else ""

    def _rows(self, one: Wanted) -> Iterator[Json]:
        if not one.kind or one.index in self.errors:
            return
        group = self.groups.get(str(one.record.get("adGroupId")), {})
        bid = one.record.get("bid") or (group.get("defaultBid") if one.record else None)
        known = {"targeting": one.said, "bid": bid, **one.record}
        for theme, entry in self.found.get(one.index) or [("", {})]:
            amounts = sorted(value["suggestedBid"] for value in entry.get("bidValues") or ())
            low, high = (amounts[0], amounts[-1]) if len(amounts) > 1 else (None, None)
            seen = entry.get("suggestedBidImpactMetrics") or {}
            yield {
                **known,
                "bid": bid,
                "low": low,
                "suggested": amounts[len(amounts) // 2] if amounts else None,
                "high": high,
                "theme": theme,
                "impressionsLow": seen.get("estimatedImpressionLower"),
                "impressionsHigh": seen.get("estimatedImpressionUpper"),
            }


def _key(expression: Mapping[str, Any]) -> tuple[str, str]:
    return str(expression.get("type")), str(expression.get("value") or "").lower()
