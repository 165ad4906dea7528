"""The guides from nothing to the first answer: what the platforms' pages say is in them, with what to do."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from mcp_ads.cli import app

ROOT = Path(__file__).parents[1]
GUIDES = {
    "facebook_marketing": "setup-facebook.md",
    "linkedin_ads": "setup-linkedin.md",
    "amazon_ads": "setup-amazon.md",
}
ROW = re.compile(r"^\| (?P<said>.+?) \| (?P<fix>.+?) \|$", re.MULTILINE)


def guide(platform: str) -> str:
    return (ROOT / "docs" / GUIDES[platform]).read_text("utf-8")


def said(case: dict[str, Any]) -> list[str]:
    """What a person or a log sees of a refusal: the page's text, the error's message, its codes."""
    answer = case["answer"]
    body = answer.get("body") or answer.get("query") or {}
    error = answer.get("error", {})
    words = [answer.get("page"), error.get("message"), body.get("error_description"), body.get("error")]
    return [str(text) for text in (*words, error.get("error_subcode")) if text]


def refusals(platform: str) -> list[str]:
    cases = json.loads((ROOT / "tests/wire" / platform / "signing_in.json").read_text("utf-8"))
    return sorted({text for case in cases for text in said(case)})


def without_names(text: str) -> list[str]:
    """A text in the pieces around what differs from app to app."""
    return [
        piece.strip()
        for piece in re.split(r"ads_everything|rw_dmp_segments|\d{16}\.?", text)
        if piece.strip()
    ]


@pytest.mark.parametrize("platform", GUIDES)
def test_each_refusal_is_in_the_guide_with_what_to_do(platform: str) -> None:
    """Every text and code of the consent page and the token endpoint stands in a table, beside a remedy."""
    rows = [match["said"] for match in ROW.finditer(guide(platform)) if match["fix"].strip("-| ")]
    missing = [
        text
        for text in refusals(platform)
        if not any(all(piece in row for piece in without_names(text)) for row in rows)
    ]
    assert len(refusals(platform)) > 5
    assert missing == []


@pytest.mark.parametrize("platform", GUIDES)
def test_each_guide_can_be_tried_without_an_account(platform: str) -> None:
    """With the sandbox in the platform's place; the first answer and the examples name what is there."""
    text = guide(platform)
    trial = text[text.index("\n## Try it without an account") :]
    assert f"mcp-ads login {platform.replace('_', '-')}" in trial
    assert 'eval "$(mcp-ads sandbox &)"' in trial
    assert "mcp-ads doctor" in text
    assert GUIDES[platform] in (ROOT / "docs" / "real-accounts.md").read_text("utf-8")


@pytest.mark.parametrize("platform", GUIDES)
def test_each_command_of_the_guides_is_understood(platform: str) -> None:
    """Commands stand in shell blocks and in tables; each exists, with its options."""
    text = guide(platform)
    blocks = "\n".join(re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    written = [line for line in blocks.splitlines() if line.startswith("mcp-ads ")]
    written += re.findall(r"`(mcp-ads [a-z]+ [^`…]+)`", text)
    assert len(written) > 10
    for command in written:
        words = shlex.split(command, comments=True)[1:]
        called, *_ = app.parse_args(words, exit_on_error=False, print_error=False)
        assert called.__name__ == words[0]
