"""What the make-believe platform answers of Pages, of the Ad Library, and of how creatives look."""

from __future__ import annotations

import pytest
from linkedin_client import EU, US, Client, enc, urn

pytestmark = pytest.mark.anyio
CREATIVE = enc(urn("sponsoredCreative", 180000001))


async def test_pages(api: Client) -> None:
    """Whole ones to their admins, some fields of any to anybody, and the member's own roles."""
    assert "localizedWebsite" in await api.get("/rest/organizations/2414183")
    assert (await api.call("GET", "/rest/organizations/1037")).status_code == 403
    found = (await api.call("GET", "/rest/organizationsLookup?ids=List(1037,5)", method="BATCH_GET")).json()
    assert found["results"]["1037"]["localizedName"] == "Fabrikam Freight"
    assert "localizedWebsite" not in found["results"]["1037"]
    assert found["errors"].keys() == {"5"}
    named = await api.get("/rest/organizations?q=vanityName&vanityName=tern-and-tide-eu")
    assert [page["id"] for page in named["elements"]] == [2414184]
    mine = await api.get("/rest/organizationAcls?q=roleAssignee&role=ADMINISTRATOR&state=APPROVED")
    assert len(mine["elements"]) == 2
    assert (await api.call("GET", "/rest/organizationAcls?q=roleAssignee&role=BOSS")).status_code == 400


async def test_the_ad_library(api: Client) -> None:
    """Pages of 25 with the true total, the last without links; a country changes nothing."""
    search = "/rest/adLibrary?q=criteria&keyword=raincoat"
    first = await api.get(f"{search}&start=0&count=25")
    last = await api.get(f"{search}&start=25&count=25")
    assert (len(first["elements"]), len(last["elements"]), last["paging"]["total"]) == (25, 5, 30)
    assert "links" not in last["paging"]
    assert (await api.get(f"{search}&countries=List(us)"))["paging"]["total"] == 30
    assert (await api.call("GET", f"{search}&count=26")).status_code == 400
    assert (await api.call("GET", f"{search}&dateRange=(start:1)")).status_code == 400
    assert (await api.call("GET", "/rest/adLibrary?q=criteria")).status_code == 400


async def test_previews(api: Client) -> None:
    """A frame for each place, for the account whose creative it is; it has no format to choose."""
    mine, other = (enc(urn("sponsoredAccount", account)) for account in (US, EU))
    asked = f"/rest/adPreviews?q=creative&creative={CREATIVE}"
    found = await api.get(f"{asked}&account={mine}")
    assert all(element["preview"].startswith("<iframe src='") for element in found["elements"])
    assert (await api.call("GET", f"{asked}&account={other}")).status_code == 404
    assert (await api.call("GET", asked)).status_code == 400
    assert (await api.call("GET", f"{asked}&account={mine}&adFormat=FEED")).status_code == 400
