"""What a study compares: objects of one account, which a plan reads to know whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from mcp_ads.connectors.facebook_marketing.types import AdAccountId, GraphRead, GraphWrite, Id, Object
from mcp_ads.core import GET, PARAMETER, Action

from .ad_study_rules import objects_of

MOST_NAME = 60


ONLY_OF = {"campaigns": "objective", "adsets": "optimization_goal", "ads": "adset_id"}
"""A field that no other kind of object has: asking for it tells a campaign from an ad set."""


class ReadInside(GraphRead):
    """Reads an object of a cell: whose it is, and its name."""

    object_id: Id

    http, lean = GET("/{object_id}"), ("id", "name", "account_id")


class Comparison(GraphWrite):
    """Makes a study of objects that are one account's."""

    account_id: Annotated[AdAccountId, Field(exclude=True, description="Whose objects are compared.")]
    cells: Annotated[
        list[Object],
        Field(
            examples=[
                [
                    {"name": "A", "treatment_percentage": 50, "adsets": ["120210000000000001"]},
                    {"name": "B", "treatment_percentage": 50, "adsets": ["120210000000000002"]},
                ]
            ],
            description="name, treatment_percentage (10 or more, at most 100 in all), and campaigns, adsets "
            "or adaccounts (of a test of ads: ads), a list of ids.",
        ),
    ]

    whose, does = PARAMETER, "makes"

    def effect(self) -> str:
        parts = (
            f"{cell['name']} ({cell['treatment_percentage']} %: {', '.join(map(str, objects_of(cell)))})"
            for cell in self.cells
        )
        return f"divides the audience among {len(self.cells)} cells{self.spends()}: {'; '.join(parts)}"

    def spends(self) -> str:
        """What the test itself spends, for the plan to say; empty for nothing."""
        return ""

    def _kind(self) -> str:
        """The list in which all cells have what they compare; empty where that is whole accounts."""
        return next((kind for kind in ONLY_OF if any(cell.get(kind) for cell in self.cells)), "")

    def asides(self, account: str) -> Mapping[str, Action]:  # noqa: ARG002 - each says whose it is
        fields = [*ReadInside.lean, ONLY_OF.get(self._kind(), "id")]
        kept = {one for cell in self.cells for one in objects_of(cell) if self._kind()}
        return {one: ReadInside(object_id=one, fields=fields) for one in sorted(kept)}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        inside = [one for cell in self.cells for one in objects_of(cell)]
        if whole := [one for cell in self.cells if cell.get("adaccounts") for one in objects_of(cell)]:
            others = [one for one in whole if one != self.account_id]
            return f"cells: {others[0]} is another ad account than {self.account_id}" if others else ""
        records = {one: live[one] for one in inside if one in live}
        lost = [one for one, record in records.items() if not isinstance(record, Mapping)]
        foreign = [one for one, record in records.items() if _account(record) != self.account_id]
        if lost:
            return (
                f"cells: {lost[0]} cannot be read as one of {self._kind()}: it is none, or nobody knows whose"
            )
        return f"cells: {foreign[0]} is not of ad account {self.account_id}" if foreign else ""

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        known = {one: record for one, record in live.items() if isinstance(record, Mapping)}
        names = [f'{one} "{str(record.get("name"))[:MOST_NAME]}"' for one, record in known.items()]
        if names:
            yield f"while it runs, changing what it compares spoils it: {', '.join(names)}"


def _account(record: Any) -> str:
    return str(record.get("account_id")) if isinstance(record, Mapping) else ""
