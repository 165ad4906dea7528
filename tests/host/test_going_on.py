"""A list that goes on over REST: by whichever name a caller knows the place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tenants import KEPT, SLUGS, tenants


@pytest.mark.slow
def test_a_list_goes_on_by_every_name_of_its_place(tmp_path: Path) -> None:
    """Our cursor and the platform's own give the same next page under each name; two at once are refused."""
    with tenants(tmp_path) as them:
        kind = "facebook-marketing"
        body = {"workspace_name": "near", "connector_type": kind, "name": "Mine", **SLUGS[kind]}
        made = them.ask("owner", "POST", KEPT, body | {"credentials": {"access_token": "t" * 30}}).json()[
            "id"
        ]

        def listed(**place: Any) -> Any:
            params = {"account_id": "act_1234567890", "limit": 1, **place}
            asked = {"entity": "campaigns", "action": "list", "params": params}
            return them.ask("owner", "POST", f"{KEPT}/{made}/execute", asked)

        meta = listed().json()["connector_metadata"]
        second = listed(after=meta["after"]).json()["result"]
        for place in (meta["after"], meta["end_cursor"]):
            for name in ("cursor", "after", "pageToken", "nextToken"):
                answer = listed(**{name: place})
                assert answer.status_code == 200, (name, answer.text)
                assert answer.json()["result"] == second, name
        refused = listed(cursor=meta["end_cursor"], after=meta["after"])
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "after")
