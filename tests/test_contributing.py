"""The worked examples of CONTRIBUTING.md are true: they run, and make the requests of their wire cases."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from mcp_ads.connectors import connector
from mcp_ads.core import Action, Write, validate

ROOT = Path(__file__).parents[1]
PACKAGE = "mcp_ads.connectors.facebook_marketing"
OURS = {
    "id_in",
    "risk",
    "shown",
    "to_request",
    "sent",
    "validates",
    "model_config",
    "model_fields",
    "model_computed_fields",
}
"""What an action is asked, and never says itself."""
ACTIONS = {"ad_creatives": "DeleteAdCreative", "ad_labels": "ListAdLabels"}


def _blocks(language: str) -> list[str]:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_examples_make_their_requests() -> None:
    """Each class, run where its file would be, makes the request of its wire case."""
    names: dict[str, Any] = {"__name__": f"{PACKAGE}.example", "__package__": PACKAGE}
    for each in _blocks("python"):
        exec(compile(each, "CONTRIBUTING.md", "exec", dont_inherit=True), names)
    cases = [json.loads(each) for each in _blocks("json")]
    assert {case["entity"] for case in cases} == ACTIONS.keys()
    for case in cases:
        call = validate.call(case["entity"], case["action"], names[ACTIONS[case["entity"]]], case["params"])
        wire = connector("facebook-marketing").dialect.encode(call.to_request())
        assert (wire.method, wire.url) == (case["method"], case["url"])
        assert {name: wire.headers[name] for name in case["headers"]} == case["headers"]


def test_every_hook_is_named() -> None:
    """Whoever declares an action need not read the classes to know what it may say."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    hooks = {name for kind in (Action, Write) for name in vars(kind) | kind.__annotations__}
    missing = [each for each in hooks - OURS if not each.startswith("_") and f"`{each}`" not in text]
    assert missing == []
