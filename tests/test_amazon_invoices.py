"""Invoices of the make-believe Amazon: what is due, what was charged for; nothing pays anything."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from amazon_calls import CONTEXT, call
from engine_client import AMAZON, EngineClient

from mcp_ads.connectors.amazon_ads.accounts.invoices import flat
from mcp_ads.errors import AdsError, InvalidParams, NotFound, PlatformDown

pytestmark = pytest.mark.anyio

US = "3312345678901234"


async def _invoices(client: EngineClient, action: str = "list", **params: Any) -> Any:
    return await client.table(AMAZON, "invoices", action, profile_id=US, **params)


async def test_what_is_still_due(looking: EngineClient) -> None:
    """Amounts with their currency, days as days, totals exact."""
    every = await _invoices(looking)
    assert every.meta["total"] == 14
    due = await _invoices(looking, status="issued, paid in part")
    assert [row["status"] for row in due.rows] == ["ISSUED", "PAID_IN_PART"]
    assert {row["currency"] for row in due.rows} == {"USD"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", due.rows[0]["dueDate"])
    left = sum(Decimal(row["remainingAmountDue"]) for row in every.rows)
    assert Decimal(str(every.meta["totals"]["remainingAmountDue"])) == left > 0
    unpaid = await _invoices(looking, where="remainingAmountDue > 0")
    assert [row["id"] for row in unpaid.rows] == [row["id"] for row in due.rows]


async def test_one_invoice_and_its_parts(looking: EngineClient) -> None:
    """The charges by campaign add up to it; nobody's address and no link to a document is in it."""
    listed = (await _invoices(looking)).rows[0]
    found = await looking.do(AMAZON, "invoices", "get", profile_id=US, invoice_id=listed["id"], fields=["*"])
    assert (found.data["id"], found.data["lines"]) == (listed["id"], 8)
    assert "tern.example" not in str(found)
    assert "Signature" not in str(found)
    assert not [
        path for path in looking.home.rglob("*") if path.is_file() and b"tern.example" in path.read_bytes()
    ]
    lines = await _invoices(looking, "get", invoice_id=listed["id"], part="lines")
    cost = sum(Decimal(row["cost"]) for row in lines.rows)
    assert cost == Decimal(str(found.data["amountDue"])) - Decimal(str(found.data["taxAmountDue"]))
    assert lines.rows[0]["campaignId"].isdigit()
    taxes = await _invoices(looking, "get", invoice_id=listed["id"], part="taxes")
    assert (taxes.rows[0]["taxName"], taxes.rows[0]["currency"]) == ("VAT", "USD")
    with pytest.raises(NotFound):
        await _invoices(looking, "get", invoice_id="INV-0")


async def test_nothing_pays(looking: EngineClient) -> None:
    """The raw requests reach no resource of billing either."""
    calls: list[tuple[str, dict[str, Any]]] = [("post", {"body": {}}), ("query", {}), ("get", {})]
    for action, params in calls:
        with pytest.raises(AdsError):
            await looking.do(AMAZON, "api", action, profile_id=US, path="/billing/invoices/pay", **params)
    assert not any("billing" in request for request in looking.sent(AMAZON))


async def test_days_are_utcs(looking: EngineClient) -> None:
    """Amazon's invoices have no other, wherever the profile is."""
    found = await _invoices(looking, time_range="2026-10-01..2026-10-31")
    assert found.meta["range"] == "2026-10-01..2026-10-31 UTC"


def _steps(**params: Any) -> Any:
    return call("invoices", "list", **params).settled(CONTEXT).flow(CONTEXT)


def test_a_cursor_goes_without_a_size() -> None:
    """Amazon refuses both together; the guide's answer stands inside a payload."""
    steps = _steps(status="ISSUED")
    assert next(steps).query == {"invoiceStatuses": ["ISSUED"], "count": 100}
    more = steps.send(
        {"status": "success", "payload": {"invoiceSummaries": [{"id": "1"}], "nextCursor": "c"}}
    )
    assert more.query == {"invoiceStatuses": ["ISSUED"], "cursor": "c"}
    with pytest.raises(StopIteration) as end:
        steps.send({"invoiceSummaries": [{"id": "2"}], "nextCursor": None})
    assert [row["id"] for row in end.value.value.data] == ["1", "2"]


def test_an_answer_without_invoices_is_none() -> None:
    """No list is not an empty list."""
    steps = _steps()
    next(steps)
    with pytest.raises(PlatformDown):
        steps.send({"status": "success"})


def test_amounts_stay_exact_and_say_another_currency() -> None:
    """Numbers as they came, the first currency beside them, any other with its amount."""
    euro, dollar = {"amount": 0.1, "currencyCode": "EUR"}, {"amount": 12345678901.23, "currencyCode": "USD"}
    fee = {"feeType": "PLATFORM_FEE", "cost": euro}
    row = flat(
        {"amountDue": dollar, "taxAmountDue": euro, "dueDate": "20261201", "campaignId": 2**60, "fees": [fee]}
    )
    assert row == {
        "amountDue": 12345678901.23, "currency": "USD", "taxAmountDue": "0.1 EUR", "dueDate": "2026-12-01",
        "campaignId": str(2**60), "fees": "PLATFORM_FEE 0.1 EUR",
    }  # fmt: skip


def test_rows_of_a_part_come_whole() -> None:
    """A column that is none of theirs would be a blank."""
    with pytest.raises(InvalidParams, match="fields: only of the summary"):
        call("invoices", "get", invoice_id="INV-1", part="lines", fields=["cost"])


@pytest.mark.parametrize(
    ("params", "line"),
    [
        ({"start_date": "2026-02-01", "end_date": "2026-01-01"}, "end_date: 2026-01-01 is before"),
        ({"time_range": "last_month", "start_date": "2026-01-01"}, "time_range: give it"),
        ({"status": "overdue"}, "status"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_sent(params: dict[str, Any], line: str) -> None:
    """A line that names the parameter."""
    with pytest.raises(InvalidParams) as wrong:
        call("invoices", "list", **params)
    assert line in str(wrong.value)
