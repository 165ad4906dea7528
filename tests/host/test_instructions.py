"""Over REST: texts that instruct stand in fields of their own, and in quotes elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from control_plane import PATH, Api, control_plane, created
from marked import MARK, TEXT, marking, misplaced

ACCOUNT, CAMPAIGN = "1234567890", "1202110000000000337"


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """A host whose invented platforms answer with the mark wherever somebody wrote a text."""
    with pytest.MonkeyPatch.context() as patched:
        marking(patched)
        with control_plane(tmp_path_factory.mktemp("host")) as found:
            yield found


def texts(value: Any) -> Iterator[str]:
    """Every text in an answer."""
    if isinstance(value, dict):
        value = [*value.values()]
    for part in value if isinstance(value, list) else ():
        yield from texts(part)
    if isinstance(value, str):
        yield value


def test_rest_quotes_what_was_written(api: Api) -> None:
    """A field for a name or for what a platform says has it as it is; messages and plans, in quotes."""
    id_ = created(api, f"marked-{uuid4()}")["id"]

    def execute(action: str, **params: Any) -> tuple[int, Any]:
        body = {"entity": "campaigns", "action": action, "params": params}
        status, answer = api("POST", f"{PATH}/{id_}/execute", body)
        return status, answer

    status, found = execute("list", account_id=ACCOUNT, limit=2)
    assert (status, {row["name"] for row in found["result"]}) == (200, {TEXT})
    del found["result"]
    status, refused = execute("get", campaign_id="999")
    assert status >= 400
    status, planned = execute("update", campaign_id=CAMPAIGN, status="PAUSED")
    assert status == 409, planned
    applied = api("POST", planned["errors"][0]["details"]["apply"])[1]
    assert MARK in json.dumps([refused, planned])
    for answer in (found, refused, planned, applied):
        for text in texts(answer):
            assert text == TEXT or misplaced(text) == [], text[:2_000]
