"""Levels of objects by the words people have for them, on any platform."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from mcp_ads.core.facts import Level, Listing
from mcp_ads.core.synonyms import bare

SAID = {
    **dict.fromkeys(("campaign", "campaigngroup"), "campaign"),
    **dict.fromkeys(("adset", "adgroup"), "ad_group"),
    **dict.fromkeys(("ad", "creative", "productad"), "ad"),
}


def meant(said: Mapping[str, str]) -> BeforeValidator:
    """Lists as text with commas, and other words by those they stand for."""

    def understood(value: Any) -> Any:
        words = value.split(",") if isinstance(value, str) else value
        if not isinstance(words, list):
            return value
        return [said.get(bare(word), word.strip()) if isinstance(word, str) else word for word in words]

    return BeforeValidator(understood)


CALLED = Field(
    description="Only these. campaign: LinkedIn's campaign groups; ad_group: ad sets, LinkedIn's campaigns."
)
Levels = Annotated[list[Level], meant(SAID), CALLED]
BelowAccount = Annotated[list[Literal["campaign", "ad_group", "ad"]], meant(SAID), CALLED]


def of_levels(listings: Iterable[Listing], levels: Collection[str]) -> Iterable[Listing]:
    """The listings that may have objects of these levels; without any, all of them."""
    return (listing for listing in listings if not levels or listing.kind in ("", *levels))
