"""What pixels and the numbers about them share: whose they are, moments, tables with columns of their own."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.facebook_marketing import names
from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import (
    BUSINESS,
    FIRST_EPOCH,
    AdAccountId,
    GraphRead,
    GraphWrite,
    ObjectId,
)
from mcp_ads.core import Column, Context, Request, dig
from mcp_ads.core.page_records import records_in
from mcp_ads.core.runs import moment
from mcp_ads.errors import InvalidParams, PlatformDown

PAGE, MOST_PAGES = 500, 40
PixelId = Annotated[
    ObjectId, Field(examples=["887766554433221"], description="`pixels list` shows an account's.")
]

PixelsAccount = Annotated[
    AdAccountId | None,
    Field(
        exclude=True,
        description="An ad account that may use the pixel: for changes where only some are allowed.",
    ),
]


def epoch(value: Any, *, last: bool) -> int:
    """Unix seconds from an ISO time, a day or Unix seconds; of a day its first, or the one after its last.

    Raises ValueError.
    """
    text, found = str(value).strip(), None
    small = text.isascii() and text.isdigit() and int(text[:20]) < FIRST_EPOCH
    if not (small or isinstance(value, bool)):
        with suppress(ValueError, OverflowError, OSError):
            found = moment(text, "UTC", last=last)
    if found is None:
        raise ValueError("write 2026-11-20, 2026-11-20T09:00:00+0000 or Unix seconds")
    return int(found.timestamp())


WHEN = Field(description="ISO 8601, a day (UTC), or Unix seconds.")
Since = Annotated[int | None, BeforeValidator(partial(epoch, last=False)), WHEN]
Until = Annotated[int | None, BeforeValidator(partial(epoch, last=True)), WHEN]


def every_record(request: Request) -> Generator[Request, Any, tuple[list[dict[str, Any]], bool]]:
    """The records of all pages, and whether these are all. Raises PlatformDown for a repeated page."""
    asked, records, seen = CURSOR.sized(request, PAGE), list[dict[str, Any]](), set[str]()
    while len(seen) < MOST_PAGES:
        answer = yield asked
        records += records_in(answer, "data")
        token = CURSOR.token(asked, answer)
        if not token:
            return records, True
        if token in seen:
            raise PlatformDown("the platform repeated a page, so its records are not complete")
        seen.add(token)
        asked = CURSOR.turn(asked, token)
    return records, False


PIXELS_OF = ("account_id", f"adspixels.limit({PAGE}){{id}}")


def foreign_pixels(param: str, pixels: Iterable[str], account: Mapping[str, Any] | None) -> Iterable[str]:
    """Which of the pixels an ad account may not use, as its record read with PIXELS_OF lists them."""
    if account is None:
        return
    listed = [str(pixel.get("id")) for pixel in dig(account, "adspixels.data") or ()]
    for pixel_id in dict.fromkeys(pixels):
        if pixel_id not in listed and not pixel_id.startswith("@"):
            whose = account.get("account_id", "")
            yield f"{param}: ad account {whose} may not use the pixel {pixel_id}"


class PixelWrite(GraphWrite):
    """Changes what a business owns; an ad account that is named has to be one that may use the pixel."""

    account_id: PixelsAccount = None
    pixel_id: PixelId

    whose = BUSINESS
    parents, parent_fields = {"account_id": "ad_accounts"}, PIXELS_OF

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        return foreign_pixels("account_id", [self.pixel_id], parents.get("account_id"))


class OwnColumns(GraphRead):
    """A table whose columns are ours: `usual` unless `fields` names others, of which `declared` has all."""

    declared: ClassVar[Mapping[str, Column]] = {}
    usual: ClassVar[tuple[str, ...]] = ()

    def mistakes(self) -> Iterable[str]:
        yield from names.mistakes(self.fields or (), self.declared.keys())

    def columns(self) -> tuple[str, ...]:
        return tuple(self.fields or self.usual or self.declared)

    def kinds(self) -> Mapping[str, Column]:
        return self.declared

    def to_query(self) -> Mapping[str, Any]:
        return self.sent()


class UsesPixels(GraphWrite):
    """Makes something in an ad account out of pixels, which parameter `made_of` names: it may use each."""

    made_of: ClassVar[str]

    def named_pixels(self) -> Sequence[str]:
        """The pixels it is made of."""
        return ()

    def consults(self) -> tuple[str, str, tuple[str, ...]] | None:
        return (
            ("ad_accounts", self.account_id, PIXELS_OF) if self.account_id and self.named_pixels() else None
        )

    def settled(self, context: Context, live: Mapping[str, Any] | None = None) -> Self:
        """Raises InvalidParams for a pixel of others."""
        asked = live if self.consults() else None
        if mistakes := list(foreign_pixels(self.made_of, self.named_pixels(), asked or None)):
            raise InvalidParams("\n".join(mistakes))
        return super().settled(context, live)
