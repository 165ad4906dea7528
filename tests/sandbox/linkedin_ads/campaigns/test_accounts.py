"""What the make-believe platform refuses of accounts, and of who may work in them."""

from __future__ import annotations

from typing import Any

import pytest
from linkedin_client import EU, US, Client, codes, enc, urn

pytestmark = pytest.mark.anyio
ACCOUNTS = "/rest/adAccounts"
MIRA, NEW = "urn:li:person:mIra_K", "urn:li:person:nEw_1"
LAB: dict[str, Any] = {"name": "Lab", "type": "BUSINESS", "test": True}


def key(user: str, account: str = US) -> str:
    return f"/rest/adAccountUsers/(account:{enc(urn('sponsoredAccount', account))},user:{enc(user)})"


async def test_new_accounts(api: Client) -> None:
    """Only BUSINESS, in a currency there is, with a name, and one test account for each app."""
    for more, code in (
        ({"type": "ENTERPRISE"}, "INVALID_VALUE_FOR_FIELD"),
        ({"currency": "XXX"}, "CURRENCY_NOT_SUPPORTED"),
        ({"name": " "}, "BLANK_ACCOUNT_NAME"),
    ):
        assert codes(await api.call("POST", ACCOUNTS, {**LAB, **more})) == {code}
    assert (await api.call("POST", ACCOUNTS, {**LAB, "owner": 1})).status_code == 422
    made = await api.call("POST", ACCOUNTS, LAB)
    assert made.status_code == 201
    new = await api.get(f"{ACCOUNTS}/{made.headers['x-restli-id']}")
    assert (new["currency"], new["status"]) == ("USD", "ACTIVE")
    assert codes(await api.call("POST", ACCOUNTS, LAB)) == {"TEST_ACCOUNT_LIMIT_REACHED"}


async def test_what_is_fixed_of_an_account(api: Client) -> None:
    """Type, currency and being a test always, its Page once it has campaigns, everything once it is over."""
    one = f"{ACCOUNTS}/{EU}"
    assert codes(await api.patch(one, currency="USD")) == {"FIELD_NOT_EDITABLE"}
    reference = urn("organization", 2414183)
    assert codes(await api.patch(one, reference=reference)) == {"UPDATE_REFERENCE_NOT_ALLOWED"}
    assert codes(await api.call("DELETE", one)) == {"DELETE_NOT_ALLOWED"}
    assert (await api.patch(one, status="CANCELED")).status_code == 204
    assert codes(await api.patch(one, name="x")) == {"ACTION_NOT_ALLOWED_FOR_CANCELLED_STATUS"}


async def test_users_are_put_under_their_key(api: Client) -> None:
    """201 for a new one, 204 for another role; the body says what the key says, in 2.0 syntax."""
    body = {"account": urn("sponsoredAccount", US), "user": NEW, "role": "VIEWER"}
    assert (await api.call("PUT", key(NEW), body)).status_code == 201
    assert (await api.call("PUT", key(NEW), {**body, "role": "CREATIVE_MANAGER"})).status_code == 204
    assert (await api.get(key(NEW)))["role"] == "CREATIVE_MANAGER"
    assert codes(await api.call("PUT", key(MIRA), body)) == {"USER_MISMATCH_IN_PARAM_AND_BODY"}
    assert codes(await api.call("PUT", key(NEW, EU), body)) == {"ACCOUNT_ID_MISMATCH_IN_PARAM_AND_BODY"}
    somebody = "urn:li:person:uNconf1rmed"
    unconfirmed = await api.call("PUT", key(somebody), {**body, "user": somebody})
    assert codes(unconfirmed) == {"MEMBER_HAD_UNCONFIRMED_EMAIL"}
    assert (await api.call("PUT", key(NEW), {**body, "role": "OWNER"})).status_code == 422
    assert (await api.call("PUT", key(NEW).replace(":", "="), body)).status_code == 400
    assert (await api.patch(key(NEW), user=MIRA)).status_code == 422
    assert (await api.call("DELETE", key(NEW))).status_code == 204
    assert (await api.call("DELETE", key(NEW))).status_code == 404


async def test_only_the_first_account_counts(api: Client) -> None:
    """Whatever others are named beside it."""
    both = f"List({enc(urn('sponsoredAccount', EU))},{enc(urn('sponsoredAccount', US))})"
    found = (await api.get(f"/rest/adAccountUsers?q=accounts&accounts={both}&count=100"))["elements"]
    assert {element["account"] for element in found} == {urn("sponsoredAccount", EU)}
