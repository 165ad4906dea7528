"""Invoices: one for each of the last months, what is due of it, and the charges by campaign."""

from __future__ import annotations

import re
from datetime import date, timedelta

from starlette.responses import Response

from mcp_ads.sandbox import numbers
from mcp_ads.sandbox.amazon_ads.calls import Body, Call, Operation
from mcp_ads.sandbox.amazon_ads.errors import Refused, reply
from mcp_ads.sandbox.amazon_ads.items import owned
from mcp_ads.sandbox.amazon_ads.market import major, today

LISTED, ONE = "application/vnd.invoices.v1.1+json", "application/vnd.invoice.v1.1+json"
STATUSES = ("ISSUED", "PAID_IN_FULL", "PAID_IN_PART", "WRITTEN_OFF")
QUERY = {"invoiceStatuses", "startDate", "endDate", "count", "cursor"}
MONTHS, MOST, CHARGED, TAX = 14, 100, 8, 19
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def list_invoices(call: Call) -> Response:
    """One page; a cursor stands alone, without a count."""
    query = dict(call.request.query_params)
    if unknown := set(query) - QUERY:
        raise Refused(400, f"Invalid query parameter {min(unknown)}")
    if "count" in query and "cursor" in query:
        raise Refused(400, "count cannot be combined with cursor")
    if not query.get("count", "0").isdecimal() or int(query.get("count", MOST)) > MOST:
        raise Refused(400, f"count must be 0 to {MOST}")
    if not query.get("cursor", "0").isdecimal():
        raise Refused(400, "Invalid cursor")
    if bad := [day for name, day in query.items() if name.endswith("Date") and not DAY.fullmatch(day)]:
        raise Refused(400, f"Invalid date {bad[0]}: use YYYY-MM-DD")
    states = query.get("invoiceStatuses", ",".join(STATUSES)).split(",")
    if bad := [state for state in states if state not in STATUSES]:
        raise Refused(400, f"Invalid invoiceStatuses {bad[0]}")
    found = [
        summary
        for summary in map(_summary, _invoices(call))
        if summary["status"] in states and _within(summary["invoiceDate"], query)
    ]
    start, size = int(query.get("cursor", 0)), int(query.get("count") or MOST)
    onward = str(start + size) if start + size < len(found) else None
    answer = {"invoiceSummaries": found[start : start + size], "nextCursor": onward}
    return reply(answer, media=LISTED)


def get_invoice(call: Call) -> Response:
    """One invoice with its charges; its documents are behind signed links."""
    found = next((one for one in _invoices(call) if one["id"] == call.params["invoiceId"]), None)
    if found is None:
        raise Refused(404, f"Invoice {call.params['invoiceId']} not found")
    amount = _money(call, found["net"])
    tax = {"taxName": "VAT", "taxRate": TAX / 100, "taxAmount": _money(call, found["tax"])}
    contact = {"email": {"emailAddress": "billing@tern.example", "displayName": "Robin Tern"}}
    return reply(
        {
            "invoiceSummary": _summary(found),
            "invoiceLines": [_line(call, line) for line in found["lines"]],
            "portfolios": [{"id": 1, "name": "Summer, sun & sea", "totalAmount": amount}],
            "payments": [{"id": 7, "status": "SUCCEEDED", "amount": amount, "paymentMethod": "CREDIT_CARD"}],
            "adjustments": [],
            "promotions": [],
            "taxDetail": {"taxCalculationDate": found["to"], "taxBreakups": [tax]},
            "issuerContactInfo": contact,
            "payerContactInfo": contact,
            "thirdPartyContactInfo": [],
            "governmentInvoiceInformation": {
                "governmentInvoiceId": f"GOV-{found['id']}",
                "governmentDocumentS3Link": "https://invoices.s3.amazonaws.com/x.pdf?X-Amz-Signature=abc",
            },
        },
        media=ONE,
    )


def _within(day: str, query: Body) -> bool:
    text = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    return bool(query.get("startDate", text) <= text <= query.get("endDate", text))


def _invoices(call: Call) -> list[Body]:
    """The newest first; the last two are not paid yet."""
    last = today(call.profile).replace(day=1) - timedelta(1)
    found = []
    for back in range(MONTHS):
        first = last.replace(day=1)
        lines = [
            (campaign, numbers.whole(900, 40_000, "invoice", campaign["campaignId"], str(first)))
            for campaign in owned(call, "amazon.campaigns")[:CHARGED]
        ]
        net = sum(cents for _, cents in lines)
        tax = net * TAX // 100
        found.append({
            "id": f"INV-{call.profile_id[:4]}-{first:%Y%m}",
            "status": ("ISSUED", "PAID_IN_PART", "PAID_IN_FULL")[min(back, 2)],
            "from": f"{first:%Y%m%d}",
            "to": f"{last:%Y%m%d}",
            "issued": _day(last + timedelta(3)),
            "due": _day(last + timedelta(33)),
            "net": net,
            "tax": tax,
            "left": (net + tax, (net + tax) // 3, 0)[min(back, 2)],
            "lines": lines,
            "call": call,
        })  # fmt: skip
        last = first - timedelta(1)
    return found


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _money(call: Call, cents: int) -> Body:
    currency = call.profile["currencyCode"]
    return {"amount": major(cents, currency), "currencyCode": currency}


def _summary(found: Body) -> Body:
    call = found["call"]
    return {
        "id": found["id"],
        "status": found["status"],
        "fromDate": found["from"],
        "toDate": found["to"],
        "invoiceDate": found["issued"],
        "dueDate": found["due"],
        "amountDue": _money(call, found["net"] + found["tax"]),
        "taxAmountDue": _money(call, found["tax"]),
        "remainingAmountDue": _money(call, found["left"]),
        "remainingTaxAmountDue": _money(call, found["left"] * TAX // 119),
        "taxRate": TAX / 100,
        "fees": [{"feeType": "REGULATORY_ADVERTISING_FEE", "cost": _money(call, 150)}],
        "remainingFees": [],
        "paymentMethod": "CREDIT_CARD",
        "downloadableDocuments": ["INVOICE"],
    }


def _line(call: Call, line: tuple[Body, int]) -> Body:
    campaign, cents = line
    clicks = max(1, cents // 70)
    return {
        "name": campaign["name"],
        "campaignName": campaign["name"],
        "campaignId": int(campaign["campaignId"]),
        "priceType": "CPC",
        "costEventType": "CLICKS",
        "costEventCount": clicks,
        "costPerUnit": round(cents / clicks / 100, 4),
        "cost": _money(call, cents),
        "programName": "SPONSORED PRODUCTS",
    }


OPERATIONS = (
    Operation("GET", "/invoices", list_invoices, gives=LISTED),
    Operation("GET", "/invoices/{invoiceId}", get_invoice, gives=ONE),
)
