"""How an export is ordered, waited for and fetched."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, Self
from urllib.parse import quote

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.dialect import SCOPE, vendor
from mcp_ads.connectors.amazon_ads.filters import words
from mcp_ads.connectors.amazon_ads.types import AmazonRead, Json, ListedState
from mcp_ads.core import (
    GET,
    POST,
    Account,
    Column,
    Context,
    Flow,
    Note,
    Progress,
    Recall,
    Recalled,
    Request,
    Result,
    Wait,
)  # fmt: skip
from mcp_ads.core.days import moment_of
from mcp_ads.core.record_fields import ALL
from mcp_ads.core.synonyms import bare
from mcp_ads.errors import ApiError, InvalidParams, NotFound, PlatformDown, RateLimited, Rejected

from . import export_kinds
from .export_kinds import KINDS, SOME_TARGETS, Kind
from .export_params import (
    ALIKE,
    COLUMNS,
    INHERITED,
    OF_KIND,
    WORDS,
    Name,
    Product,
    TargetType,
    as_products,
)  # fmt: skip
from .steps import Steps

PAUSES = (2.0, 3.0, 5.0, 10.0, 15.0, 30.0)
ORDERED = "/s"
"""Where orders are remembered: whatever changes campaigns has a path that begins so, and they go then."""
MINE = "ordered exports"
"""Where all that this process ordered stay, also those that a change has made old."""
KEPT, HOUR = 24 * 3600, 3600
"""Seconds for which Amazon gives new addresses of a finished export."""
SLOW = "Amazon does not say how long an export takes; ad_product and state make one smaller"
GOES_ON = f"{SLOW}; this goes on without a new order: exports.run with"
GONE = "exports.run orders it again: Amazon keeps one for 24 hours, and for the profile it was ordered for"
TOO_MANY = (
    "Amazon builds 5 exports of a kind at once, for all profiles of these credentials: wait for one with "
    "exports.run and its export_id, or call again in a minute"
)


class ExportRead(AmazonRead):
    """What is the same for one that is ordered and one that was: its kind, how it is read, its rows."""

    kind: Annotated[Name | None, OF_KIND] = None

    @property
    def known_kind(self) -> Kind:
        """The kind that is named, or that the id tells. Raises InvalidParams where neither does."""
        export_id = getattr(self, "export_id", None)
        found = export_kinds.kind_of(export_id) if export_id else None
        if found is None and self.kind is None:
            why = "this export_id does not tell which it is" if export_id else "missing, required"
            raise InvalidParams(f"kind: {why}; write {', '.join(KINDS)}")
        return found or KINDS[str(self.kind)]

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        if self.known_kind.name != (self.kind or self.known_kind.name):
            raise ValueError(f"kind: this export_id is of {self.known_kind.name}")
        return self

    def status(self, export_id: str) -> Request:
        route = vendor(GET, f"/exports/{quote(export_id, safe='')}", self.known_kind.media_type)
        return Request("GET", route.path, headers={**route.headers, SCOPE: self.profile_id})

    def looked_at(self, export_id: str) -> Steps:
        """How far an export is, and where its file is."""
        try:
            return dict((yield self.status(export_id)))
        except NotFound as error:
            error.fix = GONE
            raise

    def finished(self, export_id: str) -> Steps:
        """Polls until the export is done, whatever Amazon calls what it is until then."""
        for poll in range(1000):
            export = yield from self.looked_at(export_id)
            if export["status"] in ("COMPLETED", "FAILED"):
                return export
            yield Progress(poll, poll + 2, f"export {export['status']}")
            yield Wait(PAUSES[min(poll, len(PAUSES) - 1)], {"export_id": export_id}, GOES_ON)
        raise AssertionError("a call's time ends before")

    def without_url(self, export: Json) -> Json:
        """An export as it is shown: its signed address is a credential."""
        rest = {name: value for name, value in export.items() if name not in ("url", "urlExpiresAt")}
        return {**rest, "kind": self.known_kind.name}


class ExportRows(ExportRead):
    """What reading the rows takes."""

    fields: Annotated[list[str] | None, Field(exclude=True, description=COLUMNS)] = None

    spooled, alike = True, ALIKE

    def names(self) -> tuple[str, ...]:
        return self.known_kind.known

    def columns(self) -> tuple[str, ...]:
        if self.fields in ALL:
            return ()
        return super().columns() if self.fields else self.known_kind.lean

    def kinds(self) -> Mapping[str, Column]:
        return export_kinds.kinds(self.known_kind)

    def to_row(self, record: Json, account: Account | None) -> Json:
        """A flat row; what has no amount of its own is in the profile's currency too."""
        row = export_kinds.row(self.known_kind, record)
        if account and "currency" in row:
            row["currency"] = row["currency"] or account.currency
        return row

    def rows(self, export: Json, again: str) -> Flow:
        """The rows of a finished export; its address is signed and stays in here."""
        check_done(export)
        try:
            found = yield Request("GET", str(export["url"]), into_file=True)
        except ApiError as error:
            raise PlatformDown(
                f"the export is ready but its file could not be fetched: {error}",
                status=error.status,
                fix=f"{again}: every call gets a fresh address",
            ) from None
        meta = Json(export_id=export["exportId"], kind=self.known_kind.name, warnings=[])
        if at := export.get("generatedAt"):
            meta |= {"built": str(at)}
        if "bid" in self.columns() and not getattr(self, "negative", None):
            meta["warnings"].append(INHERITED)
        return Result(replace(found, again=again), meta)


class ExportOrder(ExportRead):
    """What ordering an export takes."""

    ad_product: Annotated[
        list[Product], BeforeValidator(as_products), Field(alias="adProductFilter", min_length=1)
    ] = ["SPONSORED_PRODUCTS", "SPONSORED_BRANDS", "SPONSORED_DISPLAY"]
    state: Annotated[
        list[ListedState],
        BeforeValidator(words),
        Field(alias="stateFilter", min_length=1, description="Add ARCHIVED to have those too."),
    ] = ["ENABLED", "PAUSED"]
    target_type: Annotated[
        list[TargetType] | None, BeforeValidator(words), Field(alias="targetTypeFilter", min_length=1)
    ] = None
    target_level: Annotated[
        list[Literal["AD_GROUP", "CAMPAIGN"]] | None,
        BeforeValidator(words),
        Field(alias="targetLevelFilter", min_length=1),
    ] = None
    negative: Annotated[
        bool | None, Field(exclude=True, description="Of targets: true only negatives, false none.")
    ] = None

    aliases, repeatable = WORDS, False

    @model_validator(mode="before")
    @classmethod
    def _some_of_a_kind(cls, given: Any) -> Any:
        """Who asks for keywords wants no other targets, and negative ones only by that name."""
        word = given.get("kind") if isinstance(given, dict) else None
        types, negative = SOME_TARGETS.get(bare(word), ((), None)) if isinstance(word, str) else ((), None)
        if types and not {"target_type", "targetTypeFilter"} & given.keys():
            given = {**given, "target_type": [*types]}
        return given if negative is None else {"negative": negative, **given}

    def only_of_targets(self) -> list[str]:
        names = ("target_type", "target_level", "negative")
        return [name for name in names if getattr(self, name) is not None]

    @model_validator(mode="after")
    def _filters_fit(self) -> Self:
        wrong = self.only_of_targets()
        if wrong and self.kind != "targets" and not getattr(self, "export_id", None):
            raise ValueError(f"{wrong[0]}: only with kind targets")
        return self

    def left_out(self) -> str:
        """What the filters leave out, also those that are only in what the kind was called."""
        said = [] if "ARCHIVED" in self.state else ["ARCHIVED ones; state names others"]
        if self.target_type:
            said.append(f"targets that are not {' or '.join(self.target_type)}; target_type names others")
        if self.negative is not None:
            said.append(f"{'targets that are not negative' if self.negative else 'negatives'}")
        return "; ".join(said)

    def to_request(self) -> Request:
        route = vendor(POST, self.known_kind.path, self.known_kind.media_type)
        body = self.sent() | ({} if self.negative is None else {"negativeFilter": [self.negative]})
        headers = {**route.headers, SCOPE: self.profile_id}
        return Request("POST", route.path, body=body, headers=headers, repeatable=self.repeatable)

    def order(self, context: Context, most: float = 0) -> Steps:
        """The ordered export, or one like it that is being built or was built within so many seconds.

        What another process ordered is gone on with until it is built: what was changed since, nobody knows.
        """
        request = self.to_request()
        text = json.dumps([request.path, request.body, self.profile_id], sort_keys=True)
        name = f"export-{hashlib.sha256(text.encode()).hexdigest()}"
        known = context.names.get(ORDERED, name)
        if known is None:
            recalled = yield Recall(name)
            known, most = recalled.facts if isinstance(recalled, Recalled) else {}, 0.0
            if context.names.get(MINE, str(known.get("export_id"))):
                known = {}
        export_id = str(known.get("export_id") or "")
        found = (yield from self._still_good(export_id, most)) if export_id else None
        if found is not None:
            return found
        try:
            export = dict((yield request))
        except RateLimited as error:
            error.fix = "; ".join(filter(None, [TOO_MANY, error.fix]))
            raise
        facts = {"export_id": str(export["exportId"])}
        context.names.keep(ORDERED, name, facts, KEPT)
        context.names.keep(MINE, facts["export_id"], facts, KEPT)
        yield Note(name, facts, self.profile_id, (facts["export_id"],))
        return export

    def _still_good(self, export_id: str, most: float) -> Steps:
        """An export ordered before, unless it failed, is gone or was finished too long ago."""
        try:
            export = dict((yield self.status(export_id)))
        except (NotFound, Rejected):
            return None
        old = export["status"] == "COMPLETED" and age(export) >= most
        return None if old or export["status"] == "FAILED" else export


def check_done(export: Json) -> None:
    """Raise what to do when there is no file to fetch."""
    error = export.get("error") or {}
    if export["status"] == "FAILED":
        code, says = str(error.get("errorCode") or "FAILED"), str(error.get("message") or "")
        fix = "order it again; if that fails too, one ad_product or state at a time"
        raise Rejected("Amazon could not build the export", code=code, platform_text=says, fix=fix)
    if export["status"] != "COMPLETED":
        fix = f"call exports.run with this export_id: it waits for it; {SLOW}"
        raise Rejected("the export is not finished yet", code=str(export["status"]), fix=fix)


def age(export: Mapping[str, Any]) -> float:
    """Seconds since an export was built; 0 where Amazon does not say."""
    try:
        at = moment_of(export.get("generatedAt"))
    except ValueError:
        return 0.0
    return max(0.0, time.time() - at.timestamp()) if at.tzinfo else 0.0


def told_age(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds < 2 * HOUR else f"{seconds / HOUR:.0f} h"
