"""What Facebook demands of a new creative, checked before anything is sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from . import specs

SOURCES = (
    "object_story_spec", "object_story_id", "source_instagram_media_id", "asset_feed_spec", "product_set_id",
)  # fmt: skip
STORIES = ("link_data", "video_data", "photo_data", "text_data", "template_data")
LEAST_CARDS, MOST_CARDS = 2, 10
LEAD_BUTTONS = ("APPLY_NOW", "DOWNLOAD", "GET_QUOTE", "LEARN_MORE", "SIGN_UP", "SUBSCRIBE")
LEAD_LINKS = ("https://fb.me/", "http://fb.me/")
Spec = Mapping[str, Any]


def source(given: Spec) -> Iterable[str]:
    """Mistakes in what a new creative is made of."""
    if not any(given.get(name) for name in SOURCES):
        yield f"object_story_spec: missing; give one of {', '.join(SOURCES)}"
    if given.get("source_instagram_media_id") and not given.get("instagram_user_id"):
        yield "instagram_user_id: source_instagram_media_id needs it, the account whose post that is"
    if "standard_enhancements" in json.dumps(given.get("degrees_of_freedom_spec") or {}):
        yield (
            "degrees_of_freedom_spec: Facebook takes the bundle standard_enhancements no more; set single "
            'features, such as {"creative_features_spec": {"image_touchups": {"enroll_status": "OPT_OUT"}}}'
        )
    if (spec := given.get("object_story_spec")) is not None:
        yield from _story(spec)
    yield from specs.parts(given)


def _story(spec: Spec) -> Iterable[str]:
    if not spec.get("page_id"):
        yield "object_story_spec: needs page_id, the page that says it"
    if not any(isinstance(spec.get(kind), Mapping) for kind in STORIES):
        yield f"object_story_spec: needs one of {', '.join(STORIES)}, an object"
        return
    link, video = (spec.get(kind) for kind in STORIES[:2])
    if isinstance(link, Mapping):
        yield from _link(link)
    if isinstance(video, Mapping):
        if not video.get("video_id"):
            yield "object_story_spec.video_data: needs video_id; videos upload makes one"
        if not (video.get("image_hash") or video.get("image_url")):
            yield "object_story_spec.video_data: needs image_hash or image_url, the picture before it plays"


def _link(link: Spec) -> Iterable[str]:
    if not link.get("link"):
        yield "object_story_spec.link_data: needs link, where a click leads"
    cards = link.get("child_attachments")
    if cards is not None and not (isinstance(cards, list) and LEAST_CARDS <= len(cards) <= MOST_CARDS):
        yield (
            f"object_story_spec.link_data.child_attachments: a carousel has {LEAST_CARDS} to {MOST_CARDS} "
            "cards, a list of objects"
        )


def doubts(given: Spec) -> Iterable[str]:
    """What is probably wrong with a creative, although Facebook may take it."""
    story = given.get("object_story_spec") or {}
    for data in (story[kind] for kind in STORIES if isinstance(story.get(kind), Mapping)):
        button = _object(data.get("call_to_action"))
        value = _object(button.get("value"))
        if value.get("lead_gen_form_id"):
            yield from _lead(button, str(data.get("link") or LEAD_LINKS[0]))
        if button and button.get("type") == "CALL_NOW" and not str(value.get("link")).startswith("tel:"):
            yield "CALL_NOW calls the number in call_to_action.value.link, such as tel:+15550100199"
        if data.get("picture"):
            yield "picture: Facebook fetches it from that address; an image_hash of the account is safer"


def _object(value: Any) -> Spec:
    return value if isinstance(value, Mapping) else {}


def _lead(button: Spec, link: str) -> Iterable[str]:
    if button.get("type") not in LEAD_BUTTONS:
        yield f"an ad with a form has one of these buttons: {', '.join(LEAD_BUTTONS)}"
    if not link.startswith(LEAD_LINKS):
        yield f"the link of an ad with a form is {LEAD_LINKS[0]}"
