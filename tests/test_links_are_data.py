"""What an advertiser wrote and only looks secret is shown as it is, planned whole, and never written cut."""

from __future__ import annotations

import json

import httpx
import pytest
from between import between
from engine_client import FACEBOOK, US, EngineClient
from planning import SPRING, applied, planned

from mcp_ads.engine.wire.redaction import Secrets
from mcp_ads.errors import InvalidParams

pytestmark = pytest.mark.anyio
LINKS = [
    "https://ternandtide.example/shop?utm_source=fb&utm_campaign=signature-collection&size=L",
    "https://evil.example/?go=elsewhere&signature=1",
    "https://shop.example/?design_token=blue&sig=1&token=welcome#secret=no",
    "https://shop.example/access_token/x-amz-signature?q=my+secret=x",
]
NAME = "EAAsyPeasyLemonSqueezyCampaign2026"


@pytest.mark.parametrize("link", LINKS)
async def test_a_link_is_shown_planned_and_sent_whole(engine_client: EngineClient, link: str) -> None:
    """In the plan a person approves, on the platform, in records and rows, and in the audit log."""
    story = {"page_id": "104857600000001", "link_data": {"link": link, "message": NAME}}
    new = {"account_id": US, "name": NAME, "object_story_spec": story}
    plan = await engine_client.do(FACEBOOK, "ad_creatives", "create", **new)
    text = engine_client.workspace.text(plan)
    assert link in text
    done = await applied(engine_client, plan.data["plan_id"])
    asked = {"creative_id": done.data["steps"][0]["id"], "fields": ["id", "name", "object_story_spec"]}
    record = (await engine_client.records(FACEBOOK, "ad_creatives", "get", **asked)).data
    assert (record["object_story_spec"]["link_data"]["link"], record["name"]) == (link, NAME)
    shown = engine_client.workspace.text(await engine_client.do(FACEBOOK, "ad_creatives", "get", **asked))
    assert link in shown
    assert "[secret]" not in text + shown + engine_client.settings.audit_path.read_text()
    assert Secrets().redact(json.dumps({"url": link, "text": f"see {link}"})).count(link) == 2


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://b.example/r?go=1&X-Amz-Signature=S3CRET&X-Amz-Date=2&z=3", "https://b.example/r?go=1&[secret]&z=3"),
        ("https://x.example/?a=1&client_secret=S3CRET&b=2#c", "https://x.example/?a=1&client_secret=[secret]&b=2#c"),
        ("https://c.example/f?Expires=1&Signature=S3CRET&Key-Pair-Id=K", "https://c.example/f?Expires=1&Signature=[secret]&Key-Pair-Id=K"),
        ("https://www.linkedin.com/dms-uploads/x?go=1&ut=S3CRET", "https://www.linkedin.com/dms-uploads/x?[secret]"),
    ],
)  # fmt: skip
async def test_what_opens_something_is_cut_out_and_told(
    engine_client: EngineClient, text: str, shown: str
) -> None:
    """No more than the credential, of a record and of a row; each answer names the field."""
    row = {"id": SPRING, "name": text, "account_id": US}
    between(
        engine_client,
        lambda request: httpx.Response(200, json=row) if request.url.path.endswith(SPRING) else None,
    )
    asked = {"campaign_id": SPRING, "fields": ["id", "name"]}
    answer = await engine_client.records(FACEBOOK, "campaigns", "get", **asked)
    assert answer.data["name"] == shown
    assert any("name: [secret]" in warning for warning in answer.meta["warnings"])
    said = engine_client.workspace.text(await engine_client.do(FACEBOOK, "campaigns", "get", **asked))
    assert "S3CRET" not in said
    assert "name: [secret] or [cut] stands for" in said


@pytest.mark.parametrize("value", ["https://x.example/?[secret]", "a [cut] b", "(hidden)", "Spring…(+12)"])
async def test_what_an_answer_left_out_is_not_written(engine_client: EngineClient, value: str) -> None:
    """A value with a mark of ours came from an answer: written back, it would take the real one's place."""
    with pytest.raises(InvalidParams, match=r"name: has '.*', which stands in answers") as refused:
        await planned(engine_client, "campaigns", "update", campaign_id=SPRING, name=value)
    assert len(refused.value.lines) == 1
    assert not [line for line in engine_client.sent(FACEBOOK) if line.startswith("POST")]
