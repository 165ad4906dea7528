"""The library of images and videos that ads are made of.

Facts: Amazon's Creative assets specification. Addresses of files are left out: they are signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.filters import id_list, several, words
from mcp_ads.connectors.amazon_ads.types import ACCOUNT, AmazonRead, Asin, Id, Json, id_like
from mcp_ads.core import GET, ID, POST, TEXT, Column, Context, Entity, Flow, Request, Result, dig
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.gaps import Gap
from mcp_ads.core.outline import Steps
from mcp_ads.core.page_records import records_in
from mcp_ads.core.runs import moment
from mcp_ads.errors import PlatformDown

PAGE, MOST_PAGES = 500, 20
FIGURES, TIMES = ("width", "height", "duration", "fileSize"), ("creationTime", "lastUpdatedTime")
LISTS = ("assetSubTypes", "specCheckApprovedPrograms", "tags")
LEAN = ("assetId", "version", "name", "assetType", "assetSubTypes", "status")
KNOWN = (*LEAN, *FIGURES, "extension", *TIMES, *LISTS[1:], "failedSpecChecks")
FILTERS = {
    "asset_type": "ASSET_TYPE", "asset_sub_type": "ASSET_SUB_TYPE", "program": "PROGRAM", "asin": "ASIN",
    "tag": "TAG", "campaign_id": "CAMPAIGN_ID",
}  # fmt: skip
SUB_TYPES = (
    "LOGO", "PRODUCT_IMAGE", "AUTHOR_IMAGE", "LIFESTYLE_IMAGE", "OTHER_IMAGE", "BACKGROUND_VIDEO",
)  # fmt: skip
ID_PATTERN = r"[A-Za-z0-9][A-Za-z0-9._:-]{2,199}"
AssetId = Annotated[
    str,
    Field(pattern=f"^{ID_PATTERN}$", examples=["amzn1.assetlibrary.asset1.0a1b2c3d4e5f"]),
    id_like(ID_PATTERN, "assets.list has them, by text"),
]
"""An asset, or one version of it, which stands after a colon."""


class AssetById(AmazonRead):
    """One asset with all of its versions."""

    asset_id: AssetId

    http = vendor(GET, "/assets", "creativeassetsgetresponse.v3")
    absent = {"assetVersionList": list[Json]()}


class AssetSearch(AmazonRead):
    """What a search takes: a filter is met by any of its values."""

    asset_id: Annotated[
        AssetId | None, Field(exclude=True, description="One with all its versions; no filter goes with it.")
    ] = None
    text: Annotated[
        str | None, Field(min_length=1, max_length=200, description="In its name, a tag or an ASIN.")
    ] = None
    asset_type: Annotated[
        list[Literal["IMAGE", "VIDEO"]] | None, BeforeValidator(words), Field(exclude=True, min_length=1)
    ] = None
    asset_sub_type: Annotated[
        list[str] | None,
        BeforeValidator(words),
        Field(exclude=True, min_length=1, description="LOGO, PRODUCT_IMAGE, LIFESTYLE_IMAGE, …"),
    ] = None
    program: Annotated[
        list[str] | None,
        BeforeValidator(words),
        Field(exclude=True, min_length=1, description="SB, STORES, SPONSORED_TV, AMAZON_DSP, …"),
    ] = None
    asin: Annotated[list[Asin] | None, BeforeValidator(several), Field(exclude=True, min_length=1)] = None
    tag: Annotated[list[str] | None, BeforeValidator(several), Field(exclude=True, min_length=1)] = None
    campaign_id: Annotated[
        list[Id] | None,
        BeforeValidator(id_list),
        Field(exclude=True, min_length=1, description="What these use."),
    ] = None

    @model_validator(mode="after")
    def _one_or_filtered(self) -> Self:
        if self.asset_id and (more := [name for name in ("text", *FILTERS) if getattr(self, name)]):
            raise ValueError(f"asset_id: give it alone, without {', '.join(more)}")
        return self

    def to_body(self) -> Json:
        """The newest first, so that these are seen of a library too large to read."""
        given = {named: getattr(self, name) for name, named in FILTERS.items()}
        filters = [{"valueField": named, "values": found} for named, found in given.items() if found]
        chosen = {"filterCriteria": {"valueFilters": filters}} if filters else {}
        return {**self.sent(), **chosen, "sortCriteria": {"field": "CREATED_TIME", "order": "DESC"}}

    def every_one(self) -> Steps[tuple[list[Json], bool]]:
        """The assets of all pages, and whether there are no more."""
        first, found, page = self.to_request(), list[Json](), Json(size=PAGE)
        for _ in range(MOST_PAGES):
            answer = yield first.with_body(pageCriteria=page)
            records = records_in(answer, "assetList")
            found += records
            if not (records and (token := dig(answer, "token"))):
                return found, True
            page = Json(size=PAGE, identifier={"token": token})
        return found, False

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        if self.asset_id:
            return self._of_one((yield asked_of(self.profile_id, self.asset_id)), self.asset_id)
        found, whole = yield from self.every_one()
        cut = f"only the newest {len(found):,} were read; text and the filters find others"
        strange = [one for one in self.asset_sub_type or () if one not in SUB_TYPES and not found]
        said = [
            f"asset_sub_type: {one} is none that Amazon documents: {', '.join(SUB_TYPES)}" for one in strange
        ]
        rows = found if isinstance(self, AsSent) else [flat(asset) for asset in found]
        return Result(rows, {"warnings": said if whole else [Gap(cut)]})

    def _of_one(self, answer: Any, asset: str) -> Result:
        """The version that an id names, or all; which there are, where it has none like that."""
        rows, (whole, _, version) = [*versions_of(answer, asset)], asset.partition(":")
        named = ", ".join(str(row["version"]) for row in versions_of(answer, whole))
        said = f"asset_id: no version {version!r} of it; there is {named or 'none'}"
        return Result(rows, {"warnings": [] if rows else [said]})


class ListAssets(AssetSearch):
    """List images and videos of the creative library, with the ids by which ads name them."""

    said = "creative library, logo, image, video, upload, brand logo asset id, custom image, media"

    http = POST("/assets/search", Accept="application/vnd.creativeassetssearchassetsresponse.v3+json")
    spooled, reused, lean, known = True, False, LEAN, KNOWN
    alike = {"id": "assetId", "type": "assetType", "sub_type": "assetSubTypes", "size": "fileSize"}
    aliases = {
        **ACCOUNT,
        "type": "asset_type",
        "sub_type": "asset_sub_type",
        "search": "text",
        "id": "asset_id",
    }

    def kinds(self) -> Mapping[str, Column]:
        figures = dict.fromkeys(FIGURES, Column("number"))
        return {
            **dict.fromkeys(KNOWN, TEXT),
            "assetId": ID,
            **figures,
            **dict.fromkeys(TIMES, Column("date")),
        }


def asked_of(profile: str, asset: str) -> Request:
    """The request for an asset, whichever version of it is named."""
    given = {"profile_id": profile, "asset_id": asset.partition(":")[0]}
    return AssetById.model_validate(given).to_request()


def versions_of(answer: Any, asset: str) -> Iterator[Json]:
    """A row for each version of an asset, or for the one that its id names. Raises PlatformDown."""
    versions, version = dig(answer, "assetVersionList"), asset.partition(":")[2]
    if not isinstance(versions, list) or not all(isinstance(one, dict) for one in versions):
        raise PlatformDown("the answer has something else where the versions of an asset should be")
    for one in versions:
        row = flat({**(dig(answer, "assetGlobal") or {}), **(one.get("assetIdentifier") or {}), **one})
        if version in ("", row.get("version")):
            yield row


def flat(asset: Mapping[str, Any]) -> Json:
    """An asset in one row: figures of its file, times as text, lists of words as text."""
    row: Json = {name: asset.get(name) for name in ("assetId", "version", "name", "assetType")}
    row["status"] = asset.get("status") or asset.get("assetStatus")
    row |= {name: dig(dict(asset), f"fileMetadata.{name}") for name in (*FIGURES, "extension")}
    row |= {name: _time(asset.get(name)) for name in TIMES}
    row |= {name: _joined(asset.get(name) or ()) for name in LISTS}
    checks = [
        f"{program.get('specProgramName')}: {spec.get('failureReason') or spec.get('stringId')}"
        for program in asset.get("failedSpecChecks") or ()
        for spec in program.get("specifications") or ()
        if spec.get("isPassed") is not True
    ]
    return row | {"failedSpecChecks": _joined(checks)}


def _joined(texts: Sequence[Any]) -> str | None:
    return "; ".join(dict.fromkeys(map(str, texts))) or None


def _time(epoch: Any) -> Any:
    found = moment(epoch, "UTC", last=False) if str(epoch or "").isdecimal() else None
    return found.isoformat(timespec="seconds") if found else epoch


UPLOADED = (
    "api.post with /assets/upload gives an address to put the file to, /assets/register makes it an asset"
)
assets = Entity(
    lacks=dict.fromkeys(("upload", "create"), UPLOADED),
    list=ListAssets,
)
