"""The objects inside a creative: which fields each has, and what pictures and links look like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from mcp_ads.connectors.facebook_marketing.names import fields_of
from mcp_ads.connectors.facebook_marketing.types import Object
from mcp_ads.core.synonyms import closest_of

NODES = {
    "object_story_spec": "AdCreativeObjectStorySpec",
    "link_data": "AdCreativeLinkData",
    "template_data": "AdCreativeLinkData",
    "video_data": "AdCreativeVideoData",
    "photo_data": "AdCreativePhotoData",
    "child_attachments": "AdCreativeLinkDataChildAttachment",
    "call_to_action": "AdCreativeLinkDataCallToAction",
    "asset_feed_spec": "AdAssetFeedSpec",
}
"""By the names they stand under, in the words of Meta's SDK."""
BUTTON, BUTTON_VALUE = "AdCreativeLinkDataCallToAction", "AdCreativeLinkDataCallToActionValue"
SPEC, LISTS = "AdCreativeSpec", ("child_attachments",)
ALIKE = {"image": "image_hash", "hash": "image_hash", "headline": "name", "text": "message", "url": "link"}
"""What is often written for a field that is called otherwise."""
SHOWN = 60
_HASH = re.compile(r"[0-9a-fA-F]{32}|@\d+\.\w+")
"""An image's hash, or that of an image which a step of the plan makes."""
_LINK = re.compile(r"https?://\S+|\{\{.*", re.IGNORECASE)
"""An address, or a field of a catalog that has one."""


def parts(given: Mapping[str, Any]) -> Iterable[str]:
    """Mistakes inside the objects of a creative; of its own fields only these objects are looked at."""
    for name in ("object_story_spec", "call_to_action", "asset_feed_spec"):
        if given.get(name) is not None:
            yield from _inside(name, NODES[name], given[name])


def _inline(spec: Mapping[str, Any]) -> Iterable[str]:
    known = fields_of(SPEC)
    for name in sorted(spec.keys() - known):
        hint = "; did you mean creative_id?" if name == "id" else closest_of(name, known)
        yield f"{name[:SHOWN]}: a creative has no such field{hint}"
    if "creative_id" in spec and not str(spec["creative_id"] or "").strip():
        yield 'creative_id: empty; write {"creative_id": "…"}, `ad_creatives list` has them'
    yield from parts(spec)


def _inside(path: str, node: str, value: Any) -> Iterable[str]:
    if not isinstance(value, Mapping):
        yield f"{path}: an object is wanted"
        return
    known = fields_of(node)
    for name in sorted(value.keys() - known):
        near = f"; did you mean {ALIKE[name]}?" if ALIKE.get(name) in known else closest_of(name, known)
        yield f"{path}.{name[:SHOWN]}: Facebook knows no such field{near}"
    for name, inner in value.items():
        place = f"{path}.{name}"
        if name == "image_hash" and inner and not _HASH.fullmatch(str(inner)):
            yield f"{place}: {str(inner)[:SHOWN]!r} is no hash of an image; `images list` has them"
        elif name == "link" and node != BUTTON_VALUE and inner and not _LINK.fullmatch(str(inner)):
            yield f"{place}: {str(inner)[:SHOWN]!r} is no address; write https://…"
        elif name in LISTS and isinstance(inner, list):
            for at, item in enumerate(inner):
                yield from _inside(f"{place}[{at}]", NODES[name], item)
        elif node == BUTTON and name == "value":
            yield from _inside(place, BUTTON_VALUE, inner)
        elif name in NODES and name not in LISTS and inner is not None:
            yield from _inside(place, NODES[name], inner)


def _named(value: Any) -> Any:
    if isinstance(value, str | int):
        raise ValueError(  # noqa: TRY004 - pydantic hears only this one
            f'write {{"creative_id": "{str(value)[:SHOWN]}"}}, or a whole spec'
        )
    return value


def _checked(value: dict[str, Any]) -> dict[str, Any]:
    if mistakes := list(_inline(value)):
        raise ValueError("\n".join(mistakes))
    return value


Creative = Annotated[
    Object,
    BeforeValidator(_named),
    AfterValidator(_checked),
    Field(
        examples=[{"creative_id": "120210000000000001"}],
        description='{"creative_id": "…"}, or a whole spec: {"object_story_spec": {…}}.',
    ),
]
"""What an ad shows: a creative that is there, by its id, or a whole spec."""
CreativeFields = Annotated[Object, AfterValidator(_checked)]
"""Some fields of a creative."""
