"""Sponsored Display creatives: what the ads of an ad group show besides the product itself.

Source: Amazon's OpenAPI file of Sponsored Display. Images and videos are assets of its asset library.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic.alias_generators import to_camel

from mcp_ads.connectors.amazon_ads.fixes import ITEM_FIXES
from mcp_ads.connectors.amazon_ads.sponsored_products.bids import MADE_HERE
from mcp_ads.connectors.amazon_ads.stores.asset_checks import Named, ShowsAssets
from mcp_ads.connectors.amazon_ads.types import LIVE_STATES, AdGroupId, Json, ObjectId, SomeIds, upper
from mcp_ads.core import GET, POST, PUT, Account, Action, Context, Entity, Flow, Result, dig
from mcp_ads.core.beside import Record
from mcp_ads.core.synonyms import cut
from mcp_ads.errors import NotFound

from . import inside, rules
from .base import AD_GROUPS, PAGES, AdGroupIds, DisplayGet, DisplayRead, DisplayWrite, IdList

PATH = "/sd/creatives"
NO_END = "Amazon removes no creative: it ends with its ad group, and update replaces what it shows"
LEAN = ("creativeId", "adGroupId", "creativeType", "moderationStatus", "headline")
KNOWN = (*LEAN, "properties.*")
VIDEOS = ("video", "squareVideos", "horizontalVideos", "verticalVideos")
SHAPE = '"amzn1.assetlibrary.asset1.0123abcd:version_v1" (asset and version)'
ORIGINAL = "original"
"""What the names begin with of what Amazon has translated."""
CROPPED = ("top", "left", "width", "height")


def asset(value: Any) -> Json:
    """An asset as Amazon has it, also of a text with its version after a colon. Raises ValueError."""
    given = value
    if isinstance(value, str) and (found := re.fullmatch(r"\s*([\w.-]+):([\w.-]+)\s*", value, re.ASCII)):
        given = {"assetId": found[1], "assetVersion": found[2]}
    names = {"assetId", "assetVersion", "croppingCoordinates"}
    if not isinstance(given, dict) or given.keys() - names or not {"assetId", "assetVersion"} <= given.keys():
        raise ValueError(f"{cut(value)!r}: write {SHAPE}, or Amazon's object with assetId and assetVersion")
    if not all(isinstance(given[name], str) and given[name].strip() for name in ("assetId", "assetVersion")):
        raise ValueError("assetId and assetVersion are texts of the asset library")
    crop = given.get("croppingCoordinates", dict.fromkeys(CROPPED, 0))
    sides = [*crop.values()] if isinstance(crop, dict) and {*crop} == {*CROPPED} else [None]
    if not all(type(side) is int and side >= 0 for side in sides):
        raise ValueError(f"croppingCoordinates: whole pixels for each of {', '.join(CROPPED)}")
    return dict(given)


def as_given(value: Any) -> Any:
    """A property as it was given: without what Amazon notes of it before it was translated."""
    if isinstance(value, list):
        return [*map(as_given, value)]
    own = value.items() if isinstance(value, Mapping) else ()
    return {name: part for name, part in own if not name.startswith(ORIGINAL)} if own else value


def assets(value: Any) -> list[Json]:
    """One asset or several. Raises ValueError."""
    return [asset(one) for one in (value if isinstance(value, list) else [value])]


def color(value: Any) -> Json:
    """A background as Amazon has it, also of a color such as #3cb371. Raises ValueError."""
    text = value.get("color") if isinstance(value, dict) and value.keys() == {"color"} else value
    if not isinstance(text, str) or not re.fullmatch(r"#[0-9a-fA-F]{6}", text.strip()):
        raise ValueError(f"{cut(value)!r} is no color; write #3cb371")
    return {"color": text.strip()}


def colors(value: Any) -> list[Json]:
    """One background or several. Raises ValueError."""
    return [color(one) for one in (value if isinstance(value, list) else [value])]


Asset = Annotated[Json | None, BeforeValidator(asset), Field(exclude=True, description=f"{SHAPE}.")]
Images = Annotated[list[Json] | None, BeforeValidator(assets), Field(exclude=True, min_length=1)]
OneVideo = Annotated[list[Json] | None, BeforeValidator(assets), Field(exclude=True, max_length=1)]
Backgrounds = Annotated[
    list[Json] | None,
    BeforeValidator(colors),
    Field(exclude=True, min_length=1, description="Colors such as #3cb371, for ads that lead off Amazon."),
]
CreativeType = Annotated[Literal["IMAGE", "VIDEO"] | None, BeforeValidator(upper)]


class CreativeRead(DisplayRead):
    """Creatives have no state: a review decides whether they are shown, and moderationStatus tells of it."""

    known = KNOWN
    alike = {
        "id": "creativeId", "type": "creativeType", "name": "headline", "status": "moderationStatus",
        "review": "moderationStatus",
    }  # fmt: skip

    def to_path(self) -> str:
        return self.http.path

    def to_row(self, record: Json, account: Account | None) -> Json:
        return {**super().to_row(record, account), "headline": dig(record, "properties.headline")}


class ListCreatives(CreativeRead):
    """List Sponsored Display creatives, of some ad groups or by their ids, with what the review said.

    Why one was rejected: moderation_results.list by ad_id, or api.get of /sd/moderation/creatives with
    query={"language": "en-US"}.
    """

    ad_group_id: AdGroupIds = None
    creative_id: Annotated[IdList | None, Field(alias="creativeIdFilter")] = None

    http, pages, lean = GET(PATH), PAGES, LEAN
    said = "display creative, headline, logo, custom image, rejected creative, creative review"

    @model_validator(mode="after")
    def _one_filter(self) -> Self:
        if self.ad_group_id and self.creative_id:
            raise ValueError("creative_id: Amazon takes it or ad_group_id, and not both")
        return self


class GetCreative(CreativeRead, DisplayGet):
    """Read one Sponsored Display creative with its properties, or several with a list of ids."""

    creative_id: Annotated[SomeIds, Field(alias="creativeIdFilter", examples=["230000000000001"])]

    http, subject, lean = GET(PATH), "creative_id", (*LEAN[:-1], "properties")

    def flow(self, context: Context) -> Flow:
        """One is found by the filter too: no path names it."""
        if isinstance(self.creative_id, list):
            return (yield from super().flow(context))
        one = self.model_copy(update={"creative_id": [self.creative_id]})
        found = yield from one.flow(context)
        if not found.data:
            raise NotFound(f"creative_id: no object {self.creative_id}", fix=ITEM_FIXES["NOT_FOUND"])
        return Result(found.data[0])


class Properties(ShowsAssets, DisplayWrite):
    """What a creative shows, by flat parameters; what is sent is Amazon's properties."""

    headline: Annotated[str | None, Field(exclude=True, min_length=1, max_length=50)] = None
    brand_logo: Asset = None
    rect_custom_image: Annotated[Asset, Field(description="1.91:1; the same asset as the square one.")] = None
    square_custom_image: Annotated[Asset, Field(description="1:1.")] = None
    square_images: Images = None
    horizontal_images: Images = None
    vertical_images: Images = None
    video: Asset = None
    square_videos: OneVideo = None
    horizontal_videos: OneVideo = None
    vertical_videos: OneVideo = None
    backgrounds: Backgrounds = None
    has_terms_and_conditions: Annotated[
        bool | None, Field(exclude=True, description="For free offers of ads that lead off Amazon.")
    ] = None
    creative_type: CreativeType = None

    name_at, prominent, watch = "headline", ("headline",), ("adGroupId", "creativeType")
    sample = {"headline": "Towels that dry fast"}
    flat: ClassVar[tuple[str, ...]] = (
        "headline", "brand_logo", "rect_custom_image", "square_custom_image", "square_images",
        "horizontal_images", "vertical_images", "video", "square_videos", "horizontal_videos",
        "vertical_videos", "backgrounds", "has_terms_and_conditions",
    )  # fmt: skip

    @classmethod
    def name_in(cls, record: Record) -> str:
        """A creative has no name: its headline, else what it is made of."""
        properties = record.get("properties")
        known = properties if isinstance(properties, Mapping) else {}
        return str(known.get("headline") or ", ".join(sorted(known)))

    @model_validator(mode="after")
    def _shows_something(self) -> Self:
        given = self.properties()
        if not given:
            raise ValueError(f"headline: give it, or another property: {', '.join(self.flat)}")
        if self.video and given.keys() & {*VIDEOS[1:]}:
            raise ValueError("video: give it, or the videos by their shape, and not both")
        has_video = bool(given.keys() & {*VIDEOS})
        if self.creative_type and has_video != (self.creative_type == "VIDEO"):
            raise ValueError(
                f"creative_type: {'VIDEO where there is a video' if has_video else 'a VIDEO needs a video'}"
            )
        return self

    def properties(self) -> Json:
        """What is shown, as Amazon has it."""
        given = ((to_camel(name), getattr(self, name)) for name in self.flat)
        return {name: value for name, value in given if value is not None}

    def kind(self) -> str:
        """IMAGE, or VIDEO where there is one."""
        return self.creative_type or ("VIDEO" if self.properties().keys() & {*VIDEOS} else "IMAGE")

    def item(self) -> Json:
        return {**super().item(), "properties": self.properties()}

    def named_assets(self) -> Iterable[Named]:
        given = {name: value for name in self.flat[1:-2] if (value := getattr(self, name))}
        for name, value in given.items():
            for number, part in enumerate(value if isinstance(value, list) else [value]):
                asset = f"{part['assetId']}:{part['assetVersion']}"
                yield f"{name}[{number}]" if number else name, "VIDEO" if "video" in name else "IMAGE", asset

    def beside(self, account: str, live: Mapping[str, Any]) -> Mapping[str, Action]:
        group = str(getattr(self, "ad_group_id", None) or live.get("adGroupId") or MADE_HERE)
        library = super().beside(account, live)
        if group.startswith(MADE_HERE):
            return library
        where = {"profile_id": self.profile_id, "ad_group_id": [group], "state": LIVE_STATES}
        return {
            **library,
            inside.ADS: inside.ProductAds.model_validate(where | {"fields": ["landingPageType"]}),
        }

    def obstacle(self, live: Mapping[str, Any]) -> str:
        return super().obstacle(live) or rules.lacking(live.get(inside.ADS) or (), self.properties())

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        images = [self.properties().get(name) for name in rules.TOGETHER[2:]]
        if all(images) and len({(image["assetId"], image["assetVersion"]) for image in images if image}) > 1:
            yield "Amazon asks for one asset in both rect_custom_image and square_custom_image"


class CreateCreative(Properties, inside.Made):
    """Give an ad group's ads a headline, a logo, images or a video. Amazon reviews it before it is shown.

    Ads that lead to a Store or off Amazon need headline, brand_logo, rect_custom_image and
    square_custom_image together. Nothing removes a creative: update replaces it.
    """

    ad_group_id: Annotated[AdGroupId, Field(examples=["190000000000002"])]
    consent_to_translate: Annotated[
        bool | None,
        Field(exclude=True, description="Amazon translates headline and video where they are not in the "
              "marketplace's language."),
    ] = None  # fmt: skip

    http, does, new_id_at, made = POST(PATH), "makes", "creativeId", inside.CREATIVES
    made_at = ()
    found_by, parents = ("ad_group_id",), {"ad_group_id": AD_GROUPS}
    parent_fields = (*DisplayWrite.parent_fields, "creativeType")

    def lookup(self) -> Mapping[str, Any]:
        return {name: value for name, value in super().lookup().items() if name != "state"}

    def item(self) -> Json:
        consent = self.consent_to_translate
        more = {} if consent is None else {"consentToTranslate": consent}
        return {**super().item(), "creativeType": self.kind(), **more}

    def problems(self, parents: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
        yield from super().problems(parents)
        group = parents.get("ad_group_id", {})
        wanted = str(group.get("creativeType") or "IMAGE").upper()
        if group and wanted != self.kind():
            yield f"ad_group_id: its creatives are {wanted}, as it was made; this is {self.kind()}"


class UpdateCreative(Properties):
    """Replace all that a creative shows: what the call leaves out is gone. Amazon reviews it anew."""

    creative_id: Annotated[ObjectId, Field(examples=["230000000000001"])]

    http, subject = PUT(PATH), "creative_id"

    @classmethod
    def set_back(cls, wire: str, before: Any, params: Mapping[str, Any]) -> Mapping[str, Any]:  # noqa: ARG003
        """What it showed before, by the flat parameters; nothing where it had more than these can say."""
        known = before if wire == "properties" and isinstance(before, Mapping) else {}
        names = {to_camel(name): name for name in cls.flat}
        own = {name: as_given(value) for name, value in known.items() if not name.startswith(ORIGINAL)}
        return {names[name]: value for name, value in own.items()} if own.keys() <= names.keys() else {}

    def obstacle(self, live: Mapping[str, Any]) -> str:
        was = str(live.get("creativeType") or self.kind())
        other = f"it is {was}, and stays so: this is {self.kind()}" if was != self.kind() else ""
        return super().obstacle(live) or other

    def warnings(self, live: Mapping[str, Any]) -> Iterable[str]:
        yield from super().warnings(live)
        yield "Amazon replaces all that a creative shows at once, and reviews it anew"


sponsored_display_creatives = Entity(
    noun="creative",
    lacks=dict.fromkeys(("delete", "archive"), NO_END),
    list=ListCreatives,
    get=GetCreative,
    create=CreateCreative,
    update=UpdateCreative,
)
