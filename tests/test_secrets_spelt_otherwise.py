"""A platform that quotes a credential in another spelling gives nothing away, in no answer and no file."""

from __future__ import annotations

import html
import json
import time
from collections.abc import Callable
from urllib.parse import quote

import httpx
import pytest
from between import between
from engine_client import AMAZON, PROFILE, EngineClient
from planning import applied, planned

from mcp_ads.engine.wire.redaction import Secrets

pytestmark = pytest.mark.anyio
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "address": lambda text: quote(text, safe=""),
    "address, lower case": lambda text: text.replace("|", "%7c").replace("-", "%2d"),
    "address, twice": lambda text: quote(quote(text, safe=""), safe=""),
    "address, every character": lambda text: "".join(f"%{ord(character):02x}" for character in text),
    "one letter": lambda text: f"{text[:9]}%{ord(text[9]):X}{text[10:]}",
    "JSON": lambda text: text.replace("|", "\\u007c").replace("-", "\\u002D"),
    "JSON in JSON": lambda text: text.replace("|", "\\\\u007C"),
    "JSON, every character": lambda text: "".join(f"\\u{ord(character):04x}" for character in text),
    "bytes": lambda text: text.replace("|", "\\x7c"),
    "HTML": lambda text: text.replace("|", "&#124;"),
    "HTML, hexadecimal": lambda text: text.replace("|", "&#x7C;"),
    "HTML, by name": lambda text: text.replace("|", "&vert;"),
    "HTML, twice": lambda text: html.escape(text.replace("|", "&#124;")),
    "HTML in JSON": lambda text: text.replace("|", "\\u0026#124;"),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
async def test_an_access_token_in_a_refusal(engine_client: EngineClient, spelling: str) -> None:
    """Neither the answer, the audit log, the plan nor the trace has what was behind its first mark."""
    plan = await planned(
        engine_client, "sponsored_product_campaigns", "update", AMAZON,
        account_id=PROFILE, campaign_id="120000000000001", name="New",
    )  # fmt: skip
    seen: list[str] = []

    def quoting(request: httpx.Request) -> httpx.Response | None:
        if request.method != "PUT":
            return None
        seen.append(request.headers["authorization"].removeprefix("Bearer "))
        return httpx.Response(400, json={"details": f"bad token {SPELLINGS[spelling](seen[0])} end"})

    await engine_client.workspace.close()
    between(engine_client, quoting)
    engine_client.workspace._sessions.clear()
    said = (await applied(engine_client, plan)).text
    await engine_client.workspace.close()
    token, kept = (
        seen[0],
        [path for path in engine_client.home.rglob("*.json*") if "tokens" not in path.parts],
    )
    written = "".join(path.read_text(errors="replace") for path in kept)
    assert "bad token [secret] end" in said
    assert "bad token [secret] end" in written
    for part in (token[5:], SPELLINGS[spelling](token[5:]), json.dumps(SPELLINGS[spelling](token[5:]))[1:-1]):
        assert part not in said + written


@pytest.mark.parametrize(
    "text",
    [
        '{"says": "{\\"access_token\\":\\"EAAGfresh\\",\\"b\\":1}"}',
        '{\\\\\\"access_token\\\\\\": \\\\\\"EAAGfresh\\\\\\"}',
        "{'access_token': 'EAAGfresh'}",
        "&quot;access_token&quot;:&quot;EAAGfresh&quot;",
        "\\u0022access_token\\u0022:\\u0022EAAGfresh\\u0022",
        "next=%2Fx%3Faccess_token%3DEAAGfresh",
        "access_token=EA\\/EAAGfresh&x=1",
    ],
)
def test_an_unknown_token_in_text_within_text(text: str) -> None:
    """The name of a secret is enough, however its quotes are escaped."""
    assert "fresh" not in Secrets().redact(text)


def test_a_text_without_secrets_takes_no_time() -> None:
    """Also when somebody means to keep us busy."""
    secrets = Secrets([f"Atza|{number}{'x9' * 150}" for number in range(6)])
    for evil in ("\\" * 50_000, 'token\\":\\"' + "\\" * 50_000, "&amp;" * 20_000, "%25" * 20_000):
        start = time.perf_counter()
        secrets.redact(evil)
        assert time.perf_counter() - start < 20
