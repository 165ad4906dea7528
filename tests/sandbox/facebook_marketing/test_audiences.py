"""The make-believe Graph's custom audiences: what is refused, and how people are counted."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from facebook_client import ACCOUNT, CUSTOMERS, FLAGGED, JAPAN, LOOKALIKE, VISITORS, graph

pytestmark = pytest.mark.anyio
LIST = {"name": "Buyers", "subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY"}
ALIKE = {"name": "Alike", "subtype": "LOOKALIKE", "origin_audience_id": CUSTOMERS}
SPEC = {"country": "US", "ratio": 0.01}
RULE = {"inclusions": {"operator": "or", "rules": []}}
HASH = hashlib.sha256(b"mary@example.com").hexdigest()


def people(*rows: list[str], schema: Any = ("EMAIL", "FN")) -> dict[str, Any]:
    return {"schema": list(schema), "is_raw": True, "data": list(rows)}


async def test_audiences_are_listed_and_read() -> None:
    """Counts are buckets, -1 where nobody knows; a status is a code with a text."""
    async with graph() as g:
        rows = (await g.get(f"{ACCOUNT}/customaudiences", fields="name,subtype,operation_status"))["data"]
        assert len(rows) == 6
        assert rows[0]["operation_status"]["code"] == 441
        fields = "approximate_count_lower_bound,account_id,delivery_status"
        shown = await g.get(CUSTOMERS, fields=fields)
        assert shown["approximate_count_lower_bound"] == 21_300
        assert shown["account_id"] == ACCOUNT.removeprefix("act_")
        assert "Tried accessing" in (await g.error("GET", CUSTOMERS, fields="size"))["message"]
        of_pixel = await g.get(f"{ACCOUNT}/customaudiences", pixel_id="887766554433221")
        assert [row["id"] for row in of_pixel["data"]] == [VISITORS]
        assert (await g.error("GET", f"{ACCOUNT}/customaudiences", limit=200))["code"] == 1
        by_name = [{"field": "name", "operator": "EQUAL", "value": "Newsletter"}]
        assert len((await g.get(f"{ACCOUNT}/customaudiences", filtering=by_name))["data"]) == 1
        by_size = [{"field": "daily_budget", "operator": "GREATER_THAN", "value": 1}]
        assert (await g.error("GET", f"{ACCOUNT}/customaudiences", filtering=by_size))["code"] == 100


@pytest.mark.parametrize(
    ("sent", "code", "subcode", "text"),
    [
        ({"name": "X"}, 100, None, "subtype"),
        ({"subtype": "CUSTOM"}, 100, None, "name is required"),
        ({**LIST, "customer_file_source": ""}, 100, None, "customer_file_source"),
        ({**LIST, "customer_file_source": "BOUGHT"}, 100, None, "must be one of"),
        ({**LIST, "colour": "red"}, 100, None, "colour"),
        ({"name": "X", "rule": RULE, "subtype": "WEBSITE"}, 2654, None, "Invalid event name"),
        ({"name": "X", "rule": "{"}, 100, 1713098, "rule"),
        (
            {"name": "X", "rule": {"inclusions": {"operator": "or", "rules": [{"event_sources": [{}]}]}}},
            100,
            1713098,
            "rule",
        ),
        (
            {
                **ALIKE,
                "lookalike_spec": {**SPEC, "conversion_type": "campaign_conversions", "origin_ids": ["999"]},
            },
            100,
            33,
            "999",
        ),
        ({"name": "X", "rule": RULE, "retention_days": 400}, 100, None, "retention_days"),
        ({**ALIKE, "lookalike_spec": {"country": "US"}}, 100, None, "type or ratio"),
        ({**ALIKE, "lookalike_spec": {**SPEC, "ratio": 0.5}}, 100, None, "ratio"),
        (
            {**ALIKE, "lookalike_spec": {**SPEC, "conversion_type": "page_like"}},
            100,
            None,
            "page_id is required",
        ),
        ({**ALIKE, "origin_audience_id": "999", "lookalike_spec": SPEC}, 100, 33, "999"),
        ({**ALIKE, "origin_audience_id": FLAGGED, "lookalike_spec": SPEC}, 100, 1713232, "violate"),
    ],
)
async def test_audience_refusals(sent: dict[str, Any], code: int, subcode: int | None, text: str) -> None:
    """Each rule has its code; nothing is made."""
    async with graph() as g:
        given = {name: json.dumps(value) if name == "rule" else value for name, value in sent.items()}
        error = await g.error("POST", f"{ACCOUNT}/customaudiences", **given)
        assert (error["code"], error.get("error_subcode")) == (code, subcode)
        assert text in error["message"] + error.get("error_user_msg", "")
        assert g.writes() == []


async def test_terms_come_first() -> None:
    """An account whose terms nobody has accepted neither makes audiences nor takes people."""
    async with graph() as g:
        error = await g.error("POST", f"{JAPAN}/customaudiences", **LIST)
        assert (error["code"], error["error_subcode"]) == (200, 1870090)
        assert "tos/?act=2345678901" in error["error_user_msg"]
        assert (await g.get(ACCOUNT, fields="tos_accepted"))["tos_accepted"]["custom_audience_tos"] == 1
        mine = (await g.get(f"{JAPAN}/customaudiences"))["data"][-1]["id"]
        error = await g.error("POST", f"{mine}/users", payload=people([HASH, ""]))
        assert error["error_subcode"] == 1870090


async def test_an_audience_is_made_changed_and_deleted() -> None:
    """What was sent is read back; a seed of lookalikes stays."""
    async with graph() as g:
        made = (await g.post(f"{ACCOUNT}/customaudiences", **LIST, description="All"))["id"]
        alike = await g.post(f"{ACCOUNT}/customaudiences", **ALIKE, lookalike_spec=SPEC)
        assert await g.post(made, name="Buyers, 2026") == {"success": True}
        shown = await g.get(made, fields="name,description,subtype,approximate_count_lower_bound")
        assert shown == {
            "name": "Buyers, 2026",
            "description": "All",
            "subtype": "CUSTOM",
            "approximate_count_lower_bound": -1,
            "id": made,
        }
        assert (await g.error("DELETE", CUSTOMERS))["code"] == 2656
        for gone in (alike["id"], LOOKALIKE, CUSTOMERS, made):
            assert (await g.send("DELETE", gone)).json() == {"success": True}
            assert (await g.error("GET", gone))["error_subcode"] == 33


async def test_people_are_counted_over_a_session() -> None:
    """Badly hashed rows are received and left out; samples of them come back, and nothing else is kept."""
    async with graph() as g:
        session = {"session_id": 77, "batch_seq": 1, "last_batch_flag": False, "estimated_num_total": 4}
        payload = people([HASH, ""], ["mary@example.com", ""])
        first = await g.post(f"{CUSTOMERS}/users", payload=payload, session=session)
        assert (first["num_received"], first["num_invalid_entries"]) == (2, 1)
        assert first["invalid_entry_samples"] == ["mary@example.com"]
        session |= {"batch_seq": 2, "last_batch_flag": True}
        second = await g.post(f"{CUSTOMERS}/users", payload=people([HASH, HASH]), session=session)
        assert (second["session_id"], second["num_received"]) == ("77", 3)
        late = await g.post(
            f"{CUSTOMERS}/users", payload=people([HASH, HASH]), session=session | {"batch_seq": 3}
        )
        assert late["num_received"] == 3
        assert g.writes() == ["add users"] * 2
        rows = (await g.get(f"{CUSTOMERS}/sessions", session_id="77"))["data"]
        assert [(row["num_received"], row["stage"]) for row in rows] == [(3, "processing")]
        assert (await g.get(CUSTOMERS, fields="operation_status"))["operation_status"]["code"] == 441
        kept = json.dumps(g.store.writes()) + json.dumps(g.store.all("facebook.session"))
        assert HASH not in kept
        assert "mary@" not in kept


@pytest.mark.parametrize(
    ("payload", "session", "text"),
    [
        ({"schema": ["EMAIL"], "data": [[HASH, HASH]]}, {}, "one value for each of 1 keys"),
        ({"schema": ["EMAIL", "SHOE"], "data": []}, {}, "SHOE"),
        ({"schema": "EMAIL", "data": [HASH]}, {}, "EMAIL_SHA256"),
        ({"schema": ["EMAIL"], "data": [[HASH]] * 10_001}, {}, "10000"),
        ({"schema": ["EMAIL"], "data": [[HASH]], "rows": 1}, {}, "rows"),
        ({"schema": ["EMAIL"]}, {}, "data is required"),
        ({"schema": ["PAGEUID"], "data": [["7"]]}, {}, "page_ids"),
        ({"schema": ["PAGEUID"], "data": [["7"]], "page_ids": ["1", "2"]}, {}, "page_ids"),
        ({"schema": ["EMAIL", "LOOKALIKE_VALUE"], "data": [[HASH, "-1"]]}, {}, "LOOKALIKE_VALUE"),
        ({"schema": ["EMAIL", "DATA_PROCESSING_OPTIONS"], "data": [[HASH, "LDU"]]}, {}, "DATA_PROCESSING"),
        (people(), {"session_id": 5}, "batch_seq is required"),
        (people(), {"session_id": 5, "batch_seq": 2}, "must be 1"),
        (people(), {"session_id": -5, "batch_seq": 1}, "positive 64-bit"),
        (people(), {"session_id": 2**63, "batch_seq": 1}, "positive 64-bit"),
        (people(), {"session_id": 5, "batch_seq": 1, "last": True}, "last"),
    ],
)
async def test_people_refused(payload: dict[str, Any], session: dict[str, Any], text: str) -> None:
    """A batch that does not fit its schema or its session is refused whole."""
    async with graph() as g:
        sent = {"payload": payload} | ({"session": session} if session else {})
        error = await g.error("POST", f"{CUSTOMERS}/users", **sent)
        assert error["code"] == 100
        assert text in error["message"]
        assert g.writes() == []


async def test_only_customer_lists_take_people() -> None:
    """Not lookalikes, not visitors, not a list Meta has flagged; and a session is one audience's."""
    async with graph() as g:
        one = {"payload": people([HASH, ""], schema=["EMAIL", "FN"])}
        for audience in (LOOKALIKE, VISITORS):
            assert "subtype CUSTOM" in (await g.error("POST", f"{audience}/users", **one))["message"]
        assert (await g.error("POST", f"{FLAGGED}/users", **one))["error_subcode"] == 1713230
        session = {"session_id": 9, "batch_seq": 1}
        hashed = {"schema": "EMAIL_SHA256", "data": [HASH]}
        await g.post(f"{CUSTOMERS}/users", payload=hashed, session=session)
        error = await g.error("POST", "1202150000000000002/users", payload=hashed, session=session)
        assert "another audience" in error["message"]


async def test_ads_that_use_an_audience() -> None:
    """The ads of ad sets whose targeting names it."""
    async with graph() as g:
        assert (await g.get(f"{CUSTOMERS}/ads"))["data"] == []
        adset = (await g.get(f"{ACCOUNT}/adsets", fields="targeting,ads{id}", limit=1))["data"][0]
        targeting = adset["targeting"] | {"custom_audiences": [{"id": CUSTOMERS}]}
        targeting |= {"targeting_automation": {"advantage_audience": 0}}
        await g.post(adset["id"], targeting=targeting)
        assert (await g.get(f"{CUSTOMERS}/ads"))["data"]


async def test_people_can_be_removed_from_everywhere() -> None:
    """One call takes them out of every audience of the account; it is noted without them."""
    async with graph() as g:
        answer = await g.send("DELETE", f"{ACCOUNT}/usersofanyaudience", payload=people([HASH, ""]))
        assert answer.json()["num_received"] == 1
        assert g.writes() == ["remove users"]
        assert HASH not in json.dumps(g.store.writes())


async def test_people_are_removed_from_an_audience() -> None:
    """Counted and noted without them; not from lookalikes, and never until too few are left."""
    async with graph() as g:
        rows = people([HASH, ""])
        assert (await g.send("DELETE", f"{CUSTOMERS}/users", payload=rows)).json()["num_received"] == 1
        assert g.writes() == ["remove users"]
        assert HASH not in json.dumps(g.store.writes()) + json.dumps(g.store.all("facebook.session"))
        assert "subtype CUSTOM" in (await g.error("DELETE", f"{LOOKALIKE}/users", payload=rows))["message"]
        most = {"schema": "EMAIL_SHA256", "data": [f"{number:064x}" for number in range(901)]}
        error = await g.error("DELETE", f"{FLAGGED}/users", payload=most)
        assert (error["code"], error["error_subcode"]) == (200, 1870047)
        mine = (await g.get(f"{JAPAN}/customaudiences"))["data"][-1]["id"]
        assert (await g.send("DELETE", f"{mine}/users", payload=rows)).status_code == 200


async def test_an_audience_names_its_lookalikes() -> None:
    """And what was sent as text is read as an object."""
    async with graph() as g:
        made = (await g.post(f"{ACCOUNT}/customaudiences", **ALIKE, lookalike_spec=SPEC))["id"]
        shown = await g.get(CUSTOMERS, fields="lookalike_audience_ids,ads.limit(5){id}")
        assert shown["lookalike_audience_ids"] == [LOOKALIKE, made]
        assert shown["ads"] == {"data": []}
        assert (await g.get(made, fields="lookalike_spec"))["lookalike_spec"] == SPEC
