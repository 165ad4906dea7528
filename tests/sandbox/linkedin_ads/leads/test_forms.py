"""Lead forms and their responses on the sandbox's own terms."""

from __future__ import annotations

import pytest
from linkedin_client import DAY, US, Client, enc, urn

pytestmark = pytest.mark.anyio
OWNER = f"owner=(sponsoredAccount:{enc(urn('sponsoredAccount', US))})"
PAGE = f"owner=(organization:{enc(urn('organization', 2414183))})"
SPONSORED = f"/rest/leadFormResponses?q=owner&{OWNER}&leadType=(leadType:SPONSORED)"
DECORATED = "id,versionedLeadGenFormUrn,formResponse,form:(name,content),ownerInfo"


async def test_forms_are_found_by_the_union_of_their_owner() -> None:
    """An account or a Page as a record of one; a plain URN is no union."""
    api = Client()
    forms = (await api.get(f"/rest/leadForms?q=owner&{OWNER}"))["elements"]
    assert [(form["state"], form["versionId"]) for form in forms] == [("PUBLISHED", 2), ("ARCHIVED", 1)]
    assert [form["id"] for form in (await api.get(f"/rest/leadForms?q=owner&{PAGE}"))["elements"]] == [
        3162003
    ]
    bare = f"owner={enc(urn('sponsoredAccount', US))}"
    for wrong in (bare, "owner=(person:1)", "owner=()"):
        answer = await api.call("GET", f"/rest/leadForms?q=owner&{wrong}")
        assert answer.status_code == 400
    assert (
        "union type is not backed by a DataMap"
        in (await api.call("GET", f"/rest/leadForms?q=owner&{bare}")).text
    )
    assert (await api.get("/rest/leadForms/3162001"))["content"]["questions"]


async def test_responses_are_narrowed_and_decorated() -> None:
    """By days, by form and version, by being tests; the form stands beside one as it was then."""
    api = Client()
    found = (await api.get(f"{SPONSORED}&count=3"))["elements"]
    assert len(found) == 3
    assert "form" not in found[0]
    newest = found[0]["submittedAt"]
    days = f"submittedAtTimeRange=(start:{newest - DAY},end:{newest})"
    assert (await api.get(f"{SPONSORED}&{days}"))["elements"] == []
    first = enc("urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162001,1)")
    old = (await api.get(f"{SPONSORED}&versionedLeadGenFormUrn={first}&fields={DECORATED}"))["elements"]
    assert len(old) == 2
    asked = [one["questionId"] for one in old[0]["form"]["content"]["questions"]]
    assert {one["questionId"] for one in old[0]["formResponse"]["answers"]} <= {*asked}
    tests = (await api.get(f"{SPONSORED}&limitedToTestLeads=true"))["elements"]
    assert [one["testLead"] for one in tests] == [True]
    one = await api.get(f"/rest/leadFormResponses/{found[0]['id']}?fields={DECORATED}")
    assert one["form"]["name"] == "Fleet jackets: get a quote"


async def test_responses_that_are_refused() -> None:
    """Without an owner or its sort, or with a sort that owner has none of."""
    api = Client()
    for query in (
        "q=owner",
        f"q=owner&{OWNER}",
        f"q=owner&{OWNER}&leadType=SPONSORED",
        f"q=owner&{OWNER}&leadType=(leadType:COMPANY)",
        f"q=owner&{PAGE}&leadType=(leadType:SPONSORED)",
        f"q=owner&{OWNER}&leadType=(leadType:SPONSORED)&submittedAt=5",
    ):
        assert (await api.call("GET", f"/rest/leadFormResponses?{query}")).status_code == 400, query
    assert (await api.call("GET", "/rest/leadFormResponses/none-1")).status_code == 404


async def test_ads_open_forms_that_are_there() -> None:
    """Each creative that has one names a published form of its own account, in every account."""
    api = Client()
    await api.get("/rest/leadForms/3162001")
    opened = {
        (row["account"], row["leadgenCallToAction"]["destination"].rpartition(":")[2])
        for row in api.store.all("linkedin.creative")
        if "leadgenCallToAction" in row
    }
    assert len(opened) == 2
    for account, form in opened:
        kept = await api.get(f"/rest/leadForms/{form}")
        assert (kept["owner"], kept["state"]) == ({"sponsoredAccount": account}, "PUBLISHED")
