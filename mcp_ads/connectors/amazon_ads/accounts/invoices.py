"""Invoices: what Amazon charged, what is still due, and for what. Nothing here pays anything.

Facts: the invoices of Amazon's Billing specification. Its guide has the same answer inside a payload.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mcp_ads.connectors.amazon_ads.dialect import vendor
from mcp_ads.connectors.amazon_ads.filters import words
from mcp_ads.connectors.amazon_ads.types import ACCOUNT, AmazonRead, Day, Json
from mcp_ads.core import DAY, GET, ID, TEXT, Column, Context, Entity, Flow, Request, Result, Span
from mcp_ads.core.as_sent import AsSent
from mcp_ads.core.gaps import Gap
from mcp_ads.core.outline import Steps
from mcp_ads.core.page_records import records_in
from mcp_ads.errors import PlatformDown

PAGE, MOST_PAGES = 100, 20
AMOUNTS = ("amountDue", "taxAmountDue", "remainingAmountDue", "remainingTaxAmountDue")
DATES = ("invoiceDate", "fromDate", "toDate", "dueDate")
LEAN = (
    "id",
    "status",
    "invoiceDate",
    "fromDate",
    "toDate",
    "dueDate",
    "amountDue",
    "remainingAmountDue",
    "currency",
)
SUMMARY = (
    *LEAN, "taxAmountDue", "remainingTaxAmountDue", "taxRate", "fees", "remainingFees", "paymentMethod",
    "paymentTermsType", "paymentTermsDays", "purchaseOrderNumber", "billingAggregation.*",
    "downloadableDocuments",
)  # fmt: skip
PARTS = {
    "lines": "invoiceLines", "portfolios": "portfolios", "payments": "payments", "adjustments": "adjustments",
    "promotions": "promotions", "taxes": "taxDetail.taxBreakups",
}  # fmt: skip
"""What an invoice is made of, and where it stands; whom it is sent to, and links to it, are left out."""
KEPT = {"taxes": ("taxName", "taxRate", "taxAmount", "taxedJurisdictionName")}
_DAY = re.compile(r"\d{8}", re.ASCII)


class InvoiceRead(AmazonRead):
    """What the answers about invoices share."""

    def kinds(self) -> Mapping[str, Column]:
        known = {name.removesuffix(".*"): TEXT for name in SUMMARY}
        return {
            **known,
            "id": ID,
            **dict.fromkeys(AMOUNTS, Column("money", adds=True)),
            **dict.fromkeys(DATES, DAY),
        }


def payload(answer: Any) -> Mapping[str, Any]:
    """What an answer has, by itself or inside its payload. Raises PlatformDown for anything else."""
    found = answer.get("payload", answer) if isinstance(answer, dict) else None
    if not isinstance(found, dict) or not found.keys() & {"invoiceSummaries", "invoiceSummary"}:
        raise PlatformDown("the answer has something else where its invoices should be")
    return found


def flat(record: Mapping[str, Any]) -> Json:
    """A record with amounts as numbers and their currency beside them, days as days, ids as text.

    An amount in another currency than the first says so itself.
    """
    row: Json = {}
    for name, value in record.items():
        if isinstance(value, Mapping) and "amount" in value:
            currency = value.get("currencyCode")
            mine = row.setdefault("currency", currency) == currency
            row[name] = value["amount"] if mine else f"{value['amount']} {currency}"
        elif name.endswith("Date") and _DAY.fullmatch(str(value)):
            text = str(value)
            row[name] = f"{text[:4]}-{text[4:6]}-{text[6:]}"
        elif name.lower().endswith("id") and value is not None:
            row[name] = str(value)
        elif name.lower().endswith("fees"):
            row[name] = "; ".join(_fee(fee) for fee in value or ()) or None
        else:
            row[name] = value
    return row


def _fee(fee: Mapping[str, Any]) -> str:
    cost = fee.get("cost") or {}
    return f"{fee.get('feeType')} {cost.get('amount')} {cost.get('currencyCode')}"


class InvoiceList(InvoiceRead):
    """What listing takes: pages by a cursor, which never goes together with a size."""

    status: Annotated[
        list[Literal["ISSUED", "PAID_IN_FULL", "PAID_IN_PART", "WRITTEN_OFF"]] | None,
        BeforeValidator(words),
        Field(alias="invoiceStatuses", min_length=1, description="All unless said."),
    ] = None
    time_range: Annotated[
        Span | None, Field(exclude=True, description="last_month, 2026-q3: instead of the two days.")
    ] = None
    start_date: Annotated[Day, Field(description="First day, in UTC.")] = None
    end_date: Annotated[Day, Field(description="Last day, in UTC.")] = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.time_range and (self.start_date or self.end_date):
            raise ValueError("time_range: give it, or start_date and end_date")
        if self.start_date and self.end_date and self.end_date < self.start_date:
            raise ValueError(f"end_date: {self.end_date} is before start_date {self.start_date}")
        return self

    def to_query(self) -> Json:
        return self.sent() | dict(zip(("startDate", "endDate"), map(str, self.days()), strict=False))

    def days(self) -> tuple[Any, ...]:
        """The first and the last day of a range; they are UTC's, whichever zone the profile has."""
        return self.time_range.days if self.time_range else ()

    def every_one(self) -> Steps[tuple[list[Json], bool]]:
        """The invoices of all pages, and whether there are no more."""
        first, found = self.to_request(), list[Json]()
        asked: Request = first.with_query(count=PAGE)
        for _ in range(MOST_PAGES):
            answer = payload((yield asked))
            found += records_in(answer, "invoiceSummaries")
            if not (cursor := answer.get("nextCursor")) or not answer.get("invoiceSummaries"):
                return found, True
            asked = first.with_query(cursor=cursor)
        return found, False

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        found, whole = yield from self.every_one()
        cut = f"only {len(found):,} invoices were read; name start_date and end_date for others"
        days = "..".join(map(str, self.days()))
        meta = Json(range=f"{days} UTC" if days else "")
        rows = found if isinstance(self, AsSent) else [flat(record) for record in found]
        return Result(rows, meta | {"warnings": [] if whole else [Gap(cut)]})


class ListInvoices(InvoiceList):
    """List invoices with what is due, what is still to be paid, and until when."""

    said = "invoice, bill, billing, charges, what do I owe, unpaid, tax, payment due, receipts"

    http, spooled, reused = vendor(GET, "/invoices", "invoices.v1.1"), True, False
    lean, known = LEAN, SUMMARY
    alike = {"invoice_id": "id", "amount": "amountDue", "due": "dueDate", "date": "invoiceDate"}
    aliases = {**ACCOUNT, "since": "start_date", "until": "end_date", "date_range": "time_range"}


class InvoiceOfOne(InvoiceRead):
    """What reading one takes, and one part of it; whom it is sent to is written down nowhere."""

    part: Annotated[
        Literal["summary", "lines", "portfolios", "payments", "adjustments", "promotions", "taxes"],
        Field(exclude=True, description="lines: the charges by campaign; each part but summary is rows."),
    ] = "summary"

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.fields and self.part != "summary":
            raise ValueError("fields: only of the summary; rows of a part come whole")
        return self

    def columns(self) -> tuple[str, ...]:
        return super().columns() if self.part == "summary" else ()

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        answer = payload((yield replace(self.to_request(), private=True)))
        rows = {part: _part(answer, part) for part in PARTS}
        if self.part != "summary":
            return Result(rows[self.part], {"invoice": flat(answer.get("invoiceSummary") or {}).get("id")})
        government = answer.get("governmentInvoiceInformation") or {}
        counts = {part: len(found) for part, found in rows.items()}
        own = {"governmentInvoiceId": government.get("governmentInvoiceId"), **counts}
        return Result({**flat(answer.get("invoiceSummary") or {}), **own})


def _part(answer: Mapping[str, Any], part: str) -> list[Json]:
    found: Any = answer
    for name in PARTS[part].split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    records: Iterable[Any] = found if isinstance(found, list) else ()
    kept = KEPT.get(part)
    rows = [flat(record) for record in records if isinstance(record, Mapping)]
    return [{name: row.get(name) for name in (*kept, "currency")} for row in rows] if kept else rows


class GetInvoice(InvoiceOfOne):
    """Read one invoice: what is due and how it is paid, or its charges by campaign (part=lines)."""

    said = "invoice lines, charges by campaign, cost by portfolio, payments, credits, adjustments, tax"

    invoice_id: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", examples=["INV-3312-202610"])
    ]

    http, records = vendor(GET, "/invoices/{invoice_id}", "invoice.v1.1"), "data"
    known = (*SUMMARY, "governmentInvoiceId", *PARTS)
    lean = (*LEAN, "taxAmountDue", "paymentMethod", *PARTS)


invoices = Entity(list=ListInvoices, get=GetInvoice)
