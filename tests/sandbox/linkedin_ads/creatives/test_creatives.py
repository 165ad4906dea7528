"""Creatives of the make-believe platform: how they are found, changed and refused."""

from __future__ import annotations

from typing import Any

import pytest
from linkedin_client import CREATIVES, Client, enc, first, urn

pytestmark = pytest.mark.anyio


async def test_creatives(api: Client) -> None:
    """Creatives are found by campaign and status, and read by their escaped URN."""
    of = enc(urn("sponsoredCampaign", 300000001))
    url = f"{CREATIVES}?q=criteria&campaigns=List({of})&intendedStatuses=List(ACTIVE)&isTotalIncluded=true"
    assert (await api.call("GET", url)).status_code == 400
    found = await api.get(url, method="FINDER")
    assert found["paging"]["total"] == len(found["elements"]) > 0
    one = found["elements"][0]
    assert (await api.get(f"{CREATIVES}/{enc(one['id'])}"))["isServing"]
    assert (await api.call("GET", f"{CREATIVES}/{one['id']}")).status_code == 400
    batch = await api.get(f"{CREATIVES}?ids=List({enc(one['id'])})", method="BATCH_GET")
    assert batch["results"][enc(one["id"])]["id"] == one["id"]


async def test_creative_writes(api: Client) -> None:
    """A creative answers its escaped URN, starts as a draft, and keeps its content."""
    body: dict[str, Any] = {
        "campaign": urn("sponsoredCampaign", 300000001),
        "content": {"reference": urn("share", 7300000000000000001)},
    }
    answer = await api.call("POST", CREATIVES, body)
    key = answer.headers["x-restli-id"]
    assert (answer.status_code, key.startswith("urn%3Ali%3AsponsoredCreative%3A")) == (201, True)
    made = await api.get(f"{CREATIVES}/{key}")
    assert (made["intendedStatus"], "review" in made, made["isServing"]) == ("DRAFT", False, False)
    assert (await api.patch(f"{CREATIVES}/{key}", intendedStatus="ACTIVE")).status_code == 204
    assert (await api.patch(f"{CREATIVES}/{key}", intendedStatus="PAUSED")).status_code == 400
    assert (await api.patch(f"{CREATIVES}/{key}", content={"reference": urn("share", 1)})).status_code == 400
    assert (await api.patch(f"{CREATIVES}/{key}", status="PAUSED")).status_code == 422
    assert (await api.call("POST", CREATIVES, {**body, "intendedStatus": "PAUSED"})).status_code == 400
    wrong = {
        **body,
        "content": {"textAd": {"headline": "h", "description": "d", "landingPage": "https://x.y"}},
    }
    assert "MISMATCH_FIELDS" in (await api.call("POST", CREATIVES, wrong)).json()["message"]


async def test_creative_delete_needs_the_header(api: Client) -> None:
    """Deleting a creative needs the method header and a draft."""
    draft = await first(api, "DRAFT", CREATIVES, "intendedStatus")
    live = await first(api, "PAUSED", CREATIVES, "intendedStatus")
    url = f"{CREATIVES}/{enc(draft['id'])}"
    assert (await api.call("DELETE", url)).status_code == 400
    assert (await api.call("DELETE", url, method="DELETE")).status_code == 204
    assert (await api.call("GET", url)).status_code == 404
    refused = await api.call("DELETE", f"{CREATIVES}/{enc(live['id'])}", method="DELETE")
    assert refused.status_code == 400
    assert "code" not in refused.json()


async def test_batches_name_creatives_by_escaped_urns(api: Client) -> None:
    """Two changed and one refused in a request; what is asked for twice is done once."""
    found = (await api.get(f"{CREATIVES}?q=criteria&intendedStatuses=List(ACTIVE,DRAFT)", method="FINDER"))[
        "elements"
    ]
    live = [row["id"] for row in found if row.get("review", {}).get("status") == "APPROVED"][:2]
    draft = next(row["id"] for row in found if row["intendedStatus"] == "DRAFT")
    keys = [enc(name) for name in (*live, draft)]
    entities = {key: {"patch": {"$set": {"intendedStatus": "PAUSED"}}} for key in keys}
    url = f"{CREATIVES}?ids=List({','.join([*keys, keys[0]])})"
    done = await api.call("POST", url, {"entities": entities}, method="BATCH_PARTIAL_UPDATE")
    answer = done.json()
    assert done.status_code == 200
    assert answer["results"] == {key: {"status": 204} for key in keys[:2]}
    assert answer["errors"][keys[2]]["status"] == 400
    assert api.writes() == ["update creative"] * 2
    assert (await api.call("POST", url, {"entities": entities})).status_code == 400
