"""Pages on the make-believe Graph: their tokens, their forms, and who is told what people wrote."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from facebook_client import ACCOUNT, Graph, graph

pytestmark = pytest.mark.anyio
PAGE, OTHER = "104857600000001", "104857600000002"
FORM = "120250000000000002"
NEW = {
    "name": "New",
    "questions": [{"type": "EMAIL"}],
    "privacy_policy": {"url": "https://example.com/privacy"},
}


@asynccontextmanager
async def as_page(page: str = PAGE) -> AsyncIterator[tuple[Graph, dict[str, Any]]]:
    """A client, and the token of a page as a parameter."""
    async with graph() as g:
        yield g, {"access_token": (await g.get(page, fields="access_token"))["access_token"]}


async def test_what_is_a_pages_takes_its_token() -> None:
    """Neither a user's token nor another page's; a token that was withdrawn is dead."""
    async with as_page() as (g, mine):
        theirs = {"access_token": (await g.get(OTHER, fields="access_token"))["access_token"]}
        for path in (f"{PAGE}/leadgen_forms", f"{PAGE}/instagram_accounts", FORM):
            assert (await g.get(path, **mine)).get("id", PAGE) in (PAGE, FORM)
            for token in ({}, theirs):
                error = await g.error("GET", path, **token)
                assert (error["code"], "Page Access Token" in error["message"]) == (190, True)
        page = g.store.get("facebook.page", PAGE) or {}
        g.store.put("facebook.page", PAGE, {**page, "_turn": 2})
        assert (await g.error("GET", f"{PAGE}/leadgen_forms", **mine))["error_subcode"] == 460


async def test_a_form_as_facebook_wants_it() -> None:
    """Name, known questions, a policy, accepted terms and no other parameter; then its status and no more."""
    async with as_page() as (g, mine):
        path = f"{PAGE}/leadgen_forms"
        for wrong, why in (
            ({"name": ""}, "name is required"),
            ({"questions": [{"type": "SHOE_SIZE"}]}, "questions[0][type]"),
            ({"questions": [{"type": "CUSTOM"}]}, "questions[0][label]"),
            ({"privacy_policy": {}}, "privacy_policy[url]"),
            ({"thank_you_page": {"title": "x"}}, "thank_you_page[button_type]"),
            ({"nonsense": "1"}, "Unknown parameter"),
        ):
            assert why in (await g.error("POST", path, **NEW | wrong, **mine))["message"], why
        made = (await g.post(path, **NEW, **mine))["id"]
        assert (await g.get(made, fields="status,privacy_policy_url,page", **mine)) == {
            "id": made,
            "status": "ACTIVE",
            "privacy_policy_url": "https://example.com/privacy",
            "page": {"id": PAGE, "name": "Tern & Tide"},
        }
        assert (await g.post(made, status="ARCHIVED", **mine)) == {"success": True}
        assert made in [form["id"] for form in (await g.get(path, **mine))["data"]]
        for wrong in ({"status": "DELETED"}, {"name": "Other"}, {}):
            assert (await g.error("POST", made, **wrong, **mine))["code"] == 100
        assert (await g.error("DELETE", made, **mine))["code"] == 2500
    async with as_page(OTHER) as (g, mine):
        assert (
            "Terms of Service" in (await g.error("POST", f"{OTHER}/leadgen_forms", **NEW, **mine))["message"]
        )
        assert g.writes() == []


async def test_who_is_told_what_people_wrote() -> None:
    """Users and pages with leads_retrieval, of a form or an ad, filtered by time and nothing else."""
    async with as_page() as (g, mine):
        rows = (await g.get(f"{FORM}/leads", fields="created_time,ad_id"))["data"]
        assert len(rows) == 5
        assert (await g.get(f"{rows[0]['ad_id']}/leads", **mine))["data"][0]["id"] == rows[0]["id"]
        filtering = [{"field": "time_created", "operator": "GREATER_THAN", "value": 4_000_000_000}]
        assert (await g.get(f"{FORM}/leads", filtering=filtering))["data"] == []
        wrong = [{**filtering[0], "field": "email"}]
        assert (await g.error("GET", f"{FORM}/leads", filtering=wrong))["code"] == 100
        for path in (f"{FORM}/leads", rows[0]["id"]):
            error = await g.error("GET", path, access_token="sandbox-noleads")
            assert (error["code"], "leads_retrieval" in error["message"]) == (200, True)


async def test_a_creative_names_a_form_of_its_page() -> None:
    """A form that is not there, or another page's, is not found."""
    async with graph() as g:
        for page, form, there in ((PAGE, FORM, True), (PAGE, "1", False), (OTHER, FORM, False)):
            button = {"type": "SIGN_UP", "value": {"lead_gen_form_id": form}}
            data = {"link": "https://fb.me/", "message": page + form, "call_to_action": button}
            story = {"page_id": page, "link_data": data}
            answer = await g.send("POST", f"{ACCOUNT}/adcreatives", name="x", object_story_spec=story)
            assert (answer.status_code == 200) is there
