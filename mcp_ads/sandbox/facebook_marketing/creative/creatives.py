"""Creatives: what an ad shows, made on an edge of their own or with an ad."""

from __future__ import annotations

import json
import re

from mcp_ads.sandbox.facebook_marketing.calls import Call
from mcp_ads.sandbox.facebook_marketing.errors import absent, invalid, refused
from mcp_ads.sandbox.facebook_marketing.objects import shown, updating
from mcp_ads.sandbox.facebook_marketing.params import Body, checked
from mcp_ads.sandbox.facebook_marketing.tables import edge_params, node_fields
from mcp_ads.sandbox.facebook_marketing.writes import (
    DONE,
    check_name,
    check_transition,
    created,
    remove,
    require,
    validates,
)

SOURCES = (
    "object_story_spec",
    "object_story_id",
    "source_instagram_media_id",
    "product_set_id",
    "asset_feed_spec",
)
LINK = re.compile(r"https?://|\{\{", re.IGNORECASE)
CARDS = range(2, 11)
INSIDE = {
    "object_story_spec": "AdCreativeObjectStorySpec",
    "link_data": "AdCreativeLinkData",
    "template_data": "AdCreativeLinkData",
    "video_data": "AdCreativeVideoData",
    "photo_data": "AdCreativePhotoData",
    "child_attachments": "AdCreativeLinkDataChildAttachment",
    "call_to_action": "AdCreativeLinkDataCallToAction",
    "value": "AdCreativeLinkDataCallToActionValue",
    "asset_feed_spec": "AdAssetFeedSpec",
}
STORIES = ("link_data", "video_data", "photo_data", "text_data", "template_data")


def named(call: Call, account: Body, spec: Body) -> str:
    """The creative an ad names, or one made on the spot."""
    named = str(spec.get("creative_id") or spec.get("id") or "")
    if not named:
        checked("POST account/adcreatives", spec)
        _check_content(call, spec)
        return "0" if validates(call) else _make(call, account, spec)
    if call.owned("creative", named)["status"] == "DELETED":
        raise absent("POST", named)
    return named


def create(call: Call) -> Body:
    """POST /act_X/adcreatives; an equal creative is given back instead of a second one."""
    sent = checked(call.edge, call.params)
    check_name(sent, 100)
    _check_content(call, sent)
    content = _content(sent)
    for creative in call.state.owned("creative", "account_id", call.node["account_id"]):
        if creative.get("_content") == content:
            return DONE if validates(call) else {"id": creative["id"]}
    return created(call, "creative", _body(call.node, sent))


def _make(call: Call, account: Body, spec: Body) -> str:
    creative = {"id": call.state.new_id(), **_body(account, spec)}
    call.state.put("creative", creative)
    return str(creative["id"])


def _content(sent: Body) -> str:
    return json.dumps({name: sent[name] for name in sent if name != "execution_options"}, sort_keys=True)


def _body(account: Body, sent: Body) -> Body:
    story = sent.get("object_story_spec") or {}
    data: Body = next((story[kind] for kind in STORIES if kind in story), {})
    shown = {
        "body": data.get("message"),
        "title": data.get("name") or data.get("title"),
        "link_url": data.get("link"),
        "image_hash": data.get("image_hash"),
        "video_id": data.get("video_id"),
        "call_to_action_type": (data.get("call_to_action") or {}).get("type"),
        "actor_id": story.get("page_id"),
    }
    made = {name: value for name, value in {**shown, **sent}.items() if value not in (None, "")}
    made.pop("execution_options", None)
    return {
        "name": "Untitled creative",
        **made,
        "account_id": account["account_id"],
        "status": "ACTIVE",
        "object_type": "VIDEO" if "video_data" in story else "SHARE",
        "_content": _content(sent),
    }


def _check_content(call: Call, sent: Body) -> None:
    if "standard_enhancements" in json.dumps(sent.get("degrees_of_freedom_spec") or {}):
        text = "standard_enhancements is no longer accepted: opt in to single features."
        raise refused(3858504, "Creative feature not available", text, blame="degrees_of_freedom_spec")
    if not any(sent.get(source) for source in SOURCES):
        raise invalid(f"A creative needs one of {', '.join(SOURCES)}")
    for name in ("object_story_spec", "asset_feed_spec", "call_to_action"):
        if sent.get(name):
            _check_inside(call, name, name, sent[name])
    if story := sent.get("object_story_spec"):
        _check_story(call, story)


def _check_inside(call: Call, name: str, path: str, value: object) -> None:
    """Keys, pictures and links that Graph would not take."""
    if name == "child_attachments" and isinstance(value, list):
        for at, card in enumerate(value):
            _check_inside(call, name, f"{path}[{at}]", card)
    elif name in INSIDE:
        if not isinstance(value, dict):
            raise invalid(f"Param {path} must be an object.")
        if strange := sorted(value.keys() - node_fields(INSIDE[name])):
            raise invalid(f'Invalid keys "{", ".join(strange)}" were found in param "{path}".')
        for key, inner in value.items():
            _check_inside(call, key, f"{path}[{key}]", inner)
    elif name == "image_hash" and value and not _has_image(call, str(value)):
        raise invalid(f"Param {path}: {str(value)!r} is no image of this ad account")
    elif name == "link" and "[value]" not in path and not LINK.match(str(value)):
        raise invalid(f"Param {path} must be a valid URI")


def _has_image(call: Call, image: str) -> bool:
    account = call.node["account_id"]
    return call.state.get("image", f"{account}:{image}") is not None or any(
        row.get("image_hash") == image for row in call.state.owned("creative", "account_id", account)
    )


def _check_story(call: Call, story: Body) -> None:
    if not (page := story.get("page_id")):
        raise refused(
            1885833, "Ad must have a page", "Set object_story_spec.page_id.", blame="object_story_spec"
        )
    if not call.state.get("page", str(page)):
        raise absent("POST", str(page))
    data = next((story[kind] for kind in STORIES if kind in story), None)
    if data is None or ("link_data" in story and not data.get("link")):
        text = f"object_story_spec needs one of {', '.join(STORIES)}; link_data needs link."
        raise refused(1443048, "Object story spec ill formed", text, blame="object_story_spec")
    form = ((data.get("call_to_action") or {}).get("value") or {}).get("lead_gen_form_id")
    if form and (call.state.get("form", str(form)) or {}).get("page_id") != str(page):
        raise absent("POST", str(form))
    cards = data.get("child_attachments") if "link_data" in story else None
    if cards is not None and not (isinstance(cards, list) and len(cards) in CARDS):
        text = "child_attachments must have 2 to 10 elements"
        raise refused(1443048, "Object story spec ill formed", text, blame="object_story_spec")
    if "video_data" in story and not data.get("video_id"):
        raise refused(1443048, "Object story spec ill formed", "video_data needs video_id.")
    if "video_data" in story and not (data.get("image_hash") or data.get("image_url")):
        raise refused(1443226, "Video thumbnail needed", "Set video_data.image_hash or image_url.")


def update(call: Call) -> Body:
    """POST a creative: its name, labels or status; what it shows stays as it is."""
    content = set(edge_params("POST account/adcreatives") or {}) - set(edge_params(call.edge) or {})
    if fixed := (content & set(call.params)) - {"execution_options"}:
        text = f"The content of a creative cannot be edited ({', '.join(sorted(fixed))}): make a new one."
        raise refused(1815573, "Creative cannot be edited", text)
    return updating(lambda call, sent: check_transition(call.node, sent))(call)


def delete(call: Call) -> Body:
    """DELETE a creative that no ad uses."""
    used = call.state.owned("ad", "creative_id", call.node["id"])
    if living := [ad for ad in used if ad["status"] != "DELETED"]:
        raise invalid(f"The creative is in use by {len(living)} ads and cannot be deleted")
    return remove(call)


def by_labels(call: Call) -> Body:
    """GET /act_X/adcreativesbylabels: with any of the labels, or with all of them."""
    params = checked(call.edge, call.params)
    require(params, "ad_label_ids")
    wanted, whole = {*map(str, params["ad_label_ids"])}, params.get("operator") == "ALL"
    rows = call.state.owned("creative", "account_id", call.node["account_id"])
    known = [(row, wanted & {label["id"] for label in row.get("adlabels") or ()}) for row in rows]
    return shown(call, "creative", [row for row, has in known if (has == wanted if whole else has)][::-1])


def of_ad(call: Call) -> Body:
    """GET /{ad}/adcreatives."""
    checked(call.edge, call.params)
    creative = call.state.get("creative", call.node["creative_id"])
    return shown(call, "creative", [creative] if creative else [])
