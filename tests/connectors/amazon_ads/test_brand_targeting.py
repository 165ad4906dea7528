"""Sponsored Brands targets and themes: what in an answer is evidence, and what is none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from amazon_calls import write

from mcp_ads.connectors.amazon_ads.dialect import AmazonDialect
from mcp_ads.core import Reply, Write
from mcp_ads.errors import ApiError, Rejected

PLACE: dict[str, Any] = {"ad_group_id": "3", "campaign_id": "2"}
NEW = {
    "targets": write("sponsored_brands_targets", "create", **PLACE, asin="B0TERN0001", bid=1),
    "negative": write("sponsored_brands_negative_targets", "create", **PLACE, asin="B0TERN0001"),
    "themes": write("sponsored_brands_themes", "create", **PLACE, theme_type="brand", bid=1),
}
GONE = write("sponsored_brands_targets", "delete", target_id="7")
THEME = write("sponsored_brands_themes", "delete", **PLACE, theme_id="7")


def outcome(call: Write, answer: Any) -> str:
    """What is doubtful about the answer, or the name of the error that it is."""
    content = json.dumps(answer).encode()
    try:
        return call.doubt(AmazonDialect().decode(Reply(200, {}, content, asked=call.to_request())))
    except ApiError as error:
        return type(error).__name__


def test_what_was_made_is_named_in_the_list_of_successes() -> None:
    """Each family's own names for its lists and its index."""
    target = {"createTargetSuccessResults": [{"targetId": 7, "targetRequestIndex": 0}]}
    assert outcome(NEW["targets"], target) == ""
    assert outcome(NEW["negative"], target) == ""
    assert outcome(NEW["themes"], {"success": [{"themeId": "7", "index": 0}], "error": []}) == ""
    assert outcome(GONE, {"targetId": 7, "code": "SUCCESS"}) == ""
    assert outcome(THEME, {"success": [{"themeId": "7", "index": 0}]}) == ""


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (NEW["targets"], {}),
        (NEW["targets"], []),
        (NEW["targets"], {"createTargetSuccessResults": [], "createTargetErrorResults": []}),
        (NEW["targets"], {"createTargetSuccessResults": [{"targetId": 7}]}),
        (NEW["targets"], {"createTargetSuccessResults": [{"targetRequestIndex": 0}]}),
        (NEW["negative"], {"createTargetSuccessResults": [{"targetId": 7, "targetRequestIndex": 1}]}),
        (NEW["themes"], {"success": [{"themeId": "", "index": 0}]}),
        (GONE, {"targetId": 8, "code": "SUCCESS"}),
        (GONE, {"targetId": 7}),
        (THEME, {"success": [{"themeId": "8", "index": 0}]}),
    ],
)
def test_anything_else_is_no_evidence(call: Write, answer: Any) -> None:
    """An empty answer, another id, no index: nobody knows what became of it."""
    assert outcome(call, answer) not in ("", Rejected.__name__)


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (NEW["targets"], {"createTargetErrorResults": [{"code": "422", "targetRequestIndex": 0}]}),
        (NEW["negative"], {"createTargetErrorResults": [{"code": "400", "negativeTargetRequestIndex": 0}]}),
        (NEW["themes"], {"success": [], "error": [{"code": "INVALID_ARGUMENT", "index": 0}]}),
        (GONE, {"targetId": 7, "code": "INVALID_ARGUMENT"}),
    ],
)
def test_an_error_under_200_is_a_refusal(call: Write, answer: Any) -> None:
    """It was not done, and that is known."""
    assert outcome(call, answer) == Rejected.__name__
