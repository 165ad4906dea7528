"""An account's spend cap: what it is, takes away and lets be spent anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from mcp_ads.connectors.facebook_marketing.types import GraphWrite
from mcp_ads.core import Amount, Spend
from mcp_ads.core.money import offset, parse, plain
from mcp_ads.core.write import NONE

UNSET = (None, "", "0", 0)


@dataclass(frozen=True)
class AccountCap(Spend):
    """An account's spend cap: major units in a request, minor ones in the record, kept with its currency."""

    def spell(self, amount: Amount | None) -> Any:
        return None if amount is None else str(amount)

    def major(self, value: Any, currency: str) -> Decimal | None:
        written = isinstance(value, str) and value.endswith(currency) and currency
        return parse(value).number if written else super().major(value, currency)


def _with_currency(amount: Amount | None) -> Amount | None:
    if amount is not None and amount.kind == "bare":
        raise ValueError(
            f'write "{amount.number:f} USD", in the account\'s currency: Facebook takes this field in major '
            "units and shows it in minor ones"
        )
    return amount


class CapWrite(GraphWrite):
    """Changes an account's spend cap, among other things."""

    spend_cap: Annotated[
        Amount | None,
        AccountCap("lifetime", "minor", role="cap"),
        AfterValidator(_with_currency),
        Field(description='"5000 USD": all ads stop when so much is spent; "none" takes it away.'),
    ] = None
    spend_cap_action: Annotated[
        Literal["reset", "delete"] | None,
        Field(description="reset: what was spent counts from 0 again; delete: no spend cap any more."),
    ] = None

    cleared = ("spend_cap",)

    @model_validator(mode="before")
    @classmethod
    def _none_is_no_cap(cls, values: Any) -> Any:
        if isinstance(values, dict) and values.get("spend_cap") == NONE:
            rest = {name: value for name, value in values.items() if name != "spend_cap"}
            return {"spend_cap_action": "delete", **rest}
        return values

    @model_validator(mode="after")
    def _cap_is_one(self) -> Self:
        if self.spend_cap and self.spend_cap_action:
            raise ValueError("spend_cap_action: not with spend_cap; change one after the other")
        if self.effect() and self.sets():
            raise ValueError("spend_cap_action: a reset is a change of its own; leave the other fields out")
        if self.spend_cap and self.spend_cap.kind == "exact" and not self.spend_cap.number:
            raise ValueError('spend_cap: "none" takes it away; 0 is no amount')
        return self

    def to_body(self) -> Mapping[str, Any]:
        body = self.sent()
        if self.spend_cap and self.spend_cap.kind == "exact":
            body["spend_cap"] = Spend("lifetime", "major").spell(self.spend_cap)
        return body

    def sets(self) -> dict[str, Any]:
        """By the record's fields, where the spend cap is in minor units."""
        changes = {name: value for name, value in self.sent().items() if name != "spend_cap_action"}
        if self.spend_cap and self.spend_cap.kind == "exact":
            changes["spend_cap"] = int(self.spend_cap.number * offset(self.spend_cap.currency))
        return changes | ({"spend_cap": None} if self.spend_cap_action == "delete" else {})

    def effect(self) -> str:
        if self.spend_cap_action != "reset":
            return ""
        return (
            "resets what counts against the spend cap: the whole cap may be spent once more, and ads that it "
            "had stopped deliver again"
        )

    def spend_unknown(self) -> str:
        return "after a reset the whole spend cap may be spent once more" if self.effect() else ""

    def delivers(self) -> bool:
        """Ads that the cap had stopped begin again."""
        return bool(self.effect())

    def obstacle(self, live: Mapping[str, Any]) -> str:
        none = live.get("spend_cap") in UNSET
        return "it has no spend cap" if self.spend_cap_action and none else ""

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        currency, cap = str(live.get("currency") or ""), self.sets().get("spend_cap")
        spent, before = int(live.get("amount_spent") or 0), int(live.get("spend_cap") or 0)
        told = f"{plain(Decimal(spent) / offset(currency), currency)} {currency}"
        if self.effect():
            yield f"{told} were spent so far and would not count any more"
        elif isinstance(cap, int) and cap <= spent:
            yield f"{told} were spent already: all ads of the account stop at once"
        elif "spend_cap" in self.sets() and 0 < before <= spent:
            yield "the spend cap has stopped all ads of the account: those that are on deliver again"
