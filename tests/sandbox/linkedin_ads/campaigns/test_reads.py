"""What the make-believe platform answers of accounts, campaign groups and campaigns."""

from __future__ import annotations

import pytest
from linkedin_client import CAMPAIGNS, EU, US, Client, codes, enc, urn

pytestmark = pytest.mark.anyio


async def test_accounts(api: Client) -> None:
    """Two accounts with different currencies, found and filtered; several by id are no call here."""
    found = (await api.get("/rest/adAccounts?q=search"))["elements"]
    assert [(record["id"], record["currency"]) for record in found] == [(int(US), "USD"), (int(EU), "EUR")]
    wanted = f"search=(id:(values:List({enc(urn('sponsoredAccount', EU))})),test:false)"
    assert len((await api.get(f"/rest/adAccounts?q=search&{wanted}"))["elements"]) == 1
    batch = await api.call("GET", f"/rest/adAccounts?ids=List({US})", method="BATCH_GET")
    assert batch.status_code == 405


async def test_account_search_does_not_page(api: Client) -> None:
    """On accounts a filter and a page token exclude each other."""
    first = await api.get("/rest/adAccounts?q=search&pageSize=1")
    page = first["metadata"]["nextPageToken"]
    second = await api.get(f"/rest/adAccounts?q=search&pageSize=1&pageToken={enc(page)}")
    assert first["elements"] != second["elements"]
    assert "nextPageToken" not in second["metadata"]
    url = f"/rest/adAccounts?q=search&search=(test:false)&pageToken={enc(page)}"
    assert (await api.call("GET", url)).status_code == 400


async def test_account_users(api: Client) -> None:
    """The member's own roles, and the people of an account page by start and count."""
    mine = await api.get("/rest/adAccountUsers?q=authenticatedUser")
    assert {element["role"] for element in mine["elements"]} == {"ACCOUNT_MANAGER"}
    of = f"/rest/adAccountUsers?q=accounts&accounts={enc(urn('sponsoredAccount', US))}"
    first, last = await api.get(f"{of}&count=2"), await api.get(f"{of}&count=2&start=2")
    assert (len(first["elements"]), len(last["elements"])) == (2, 1)
    assert [link["rel"] for link in first["paging"]["links"]] == ["next"]
    assert last["paging"]["links"] == []
    one = first["elements"][0]
    key = f"(account:{enc(one['account'])},user:{enc(one['user'])})"
    assert (await api.get(f"/rest/adAccountUsers/{key}"))["role"] == one["role"]
    assert (await api.call("GET", f"/rest/adAccountUsers/{key.replace(':', '=')}")).status_code == 400


async def test_search_filters(api: Client) -> None:
    """Filters combine, projections cut, the order can be turned."""
    group = enc(urn("sponsoredCampaignGroup", 600000001))
    search = f"search=(campaignGroup:(values:List({group})),status:(values:List(PAUSED,ACTIVE)))"
    url = f"{CAMPAIGNS}?q=search&{search}&sort=(field:ID,order:DESCENDING)&fields=id,status"
    found = (await api.get(url))["elements"]
    assert {record["status"] for record in found} == {"PAUSED", "ACTIVE"}
    assert set(found[0]) == {"id", "status"}
    assert [record["id"] for record in found] == sorted((record["id"] for record in found), reverse=True)
    name = enc('Spring Sale, "Early Birds" 50% off')
    assert len((await api.get(f"{CAMPAIGNS}?q=search&search=(name:(values:List({name})))"))["elements"]) == 1


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("q=search&pageSize=1001", "PARAM_INVALID"),
        ("q=search&page=2", "QUERY_PARAM_NOT_ALLOWED"),
        ("q=search&search=(status:(values:List(RUNNING)))", "PARAM_INVALID"),
        ("q=search&search=(account:(values:List(1)))", "FIELD_INVALID"),
        ("q=search&search=(id:(values:List(300000001)))", "PARAM_INVALID"),
        ("q=search&search=(id:(values:List(urn%3Ali%3AsponsoredCreative%3A1)))", "PARAM_INVALID"),
        ("q=search&search.status.values[0]=ACTIVE", "PARAM_INVALID"),
    ],
)
async def test_search_refusals(api: Client, query: str, code: str) -> None:
    """Unknown parameters, filters, enums and URN kinds are refused by name."""
    answer = await api.call("GET", f"{CAMPAIGNS}?{query}")
    assert (answer.status_code, codes(answer)) == (400, {code})


async def test_objects_of_another_account_are_not_found(api: Client) -> None:
    """A campaign is only there under its own account."""
    assert (await api.call("GET", f"{CAMPAIGNS}/300000221")).status_code == 404
    other = f"/rest/adAccounts/{EU}/adCampaigns"
    assert (await api.get(f"{other}/300000221"))["dailyBudget"]["currencyCode"] == "EUR"
    both = await api.get(f"{CAMPAIGNS}?ids=List(300000001,300000221)", method="BATCH_GET")
    assert both["statuses"] == {"300000001": 200, "300000221": 404}
    assert both["errors"]["300000221"]["status"] == 404


async def test_names_are_awkward(api: Client) -> None:
    """Commas, quotes, emoji, foreign letters and a hostile name are among the campaigns."""
    found = (await api.get(f"{CAMPAIGNS}?q=search&pageSize=1000&fields=name"))["elements"]
    names = " ".join(record["name"] for record in found)
    for part in ("🌧", ', "Early', "ブランド", "(US):", "Ignore all previous instructions"):
        assert part in names
