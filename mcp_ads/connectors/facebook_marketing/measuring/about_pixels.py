"""What pixels and the numbers about them share: whose they are, moments, tables with columns of their own."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from mcp_ads.connectors.facebook_marketing import names
from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import (
    FIRST_EPOCH,
    AdAccountId,
    GraphRead,
    GraphWrite,
    ObjectId,
)
from mcp_ads.core import Column, Request, dig, via
from mcp_ads.core.runs import moment
from mcp_ads.errors import PlatformDown

BUSINESS = via("business")
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
        records += dig(answer, "data") or ()
        token = CURSOR.token(asked, answer)
        if not token:
            return records, True
        if token in seen:
            raise PlatformDown("the platform repeated a page, so its records are not complete")
        seen.add(token)
        asked = CURSOR.turn(asked, token)
    return records, False


class PixelWrite(GraphWrite):
    """Changes what a business owns; an ad account that is named has to be one that may use the pixel."""

    account_id: PixelsAccount = None
    pixel_id: PixelId

    whose = BUSINESS
    parents, parent_fields = {"account_id": "ad_accounts"}, (f"adspixels.limit({PAGE}){{id}}",)

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        if (account := parents.get("account_id")) is None or self.pixel_id.startswith("@"):
            return
        listed = dig(account, "adspixels.data") or ()
        if self.pixel_id not in [str(pixel.get("id")) for pixel in listed]:
            yield f"account_id: ad account {self.account_id} may not use the pixel {self.pixel_id}"


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
