"""Rules that campaign groups and campaigns share: names, money and schedules."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mcp_ads.sandbox.linkedin_ads.errors import Fault
from mcp_ads.sandbox.linkedin_ads.state import Body, Call, now_ms, tail

MINIMUM = {"dailyBudget": Decimal(10), "totalBudget": Decimal(100)}


def same_account(call: Call, new: Body) -> Iterator[Fault]:
    given = new.get("account")
    if given is not None and tail(given) != call.keys["account"]:
        yield Fault("MISMATCH_FIELDS", "/account", "The account differs from the one in the path", given)


def name(new: Body, longest: int) -> Iterator[Fault]:
    given = new.get("name")
    if given is None:
        return
    if not given.strip():
        yield Fault("INVALID_VALUE_BLANK_FIELD", "/name", "The name is blank")
    elif len(given) > longest:
        yield Fault("FIELD_LENGTH_TOO_LONG", "/name", f"The name has more than {longest} characters")


def money(call: Call, new: Body, *fields: str) -> Iterator[Fault]:
    """The currency is the account's, the amount no less than the field's minimum."""
    currency = call.account["currency"]
    for field in fields:
        if (given := new.get(field)) is None:
            continue
        if given["currencyCode"] != currency:
            text = f"The account's currency is {currency}"
            yield Fault("CURRENCY_MISMATCH", f"/{field}/currencyCode", text, given["currencyCode"])
        least = MINIMUM.get(field, Decimal(0))
        if Decimal(given["amount"]) < least:
            text = f"The amount is below the minimum of {least} {currency}"
            yield Fault("FIELD_VALUE_TOO_LOW", f"/{field}/amount", text, given["amount"])


def schedule(new: Body, old: Body | None) -> Iterator[Fault]:
    """New, changed and draft schedules lie ahead; a start that has passed stays."""
    given = new.get("runSchedule")
    if given is None:
        return
    start, end, now = given["start"], given.get("end"), now_ms()
    before = old["runSchedule"] if old else None
    moved = before is not None and before["start"] != start
    if before is not None and moved and old and old["status"] != "DRAFT" and before["start"] < now:
        yield Fault("DATE_IMMUTABLE_WHEN_PASSED", "/runSchedule/start", "The start has passed", start)
    elif start < now and (moved or before is None or (old and old["status"] == "DRAFT")):
        yield Fault("DATE_TOO_EARLY", "/runSchedule/start", "The start lies in the past", start)
    if end is not None and end <= start:
        yield Fault("START_DATE_AFTER_END_DATE", "/runSchedule", "The end is not after the start", end)
    elif end is not None and end < now and given != before:
        yield Fault("DATE_TOO_EARLY", "/runSchedule/end", "The end lies in the past", end)


def total_needs_end(new: Body) -> Iterator[Fault]:
    if new.get("totalBudget") and not new.get("runSchedule", {}).get("end"):
        text = "A total budget needs an end of the schedule"
        yield Fault("CONDITIONAL_MISSING_FIELD", "/runSchedule/end", text)


def revival(new: Body, old: Body | None) -> Iterator[Fault]:
    """A completed object runs again only with a schedule that has not ended."""
    if not old or old["status"] != "COMPLETED" or new["status"] != "ACTIVE":
        return
    if (end := new.get("runSchedule", {}).get("end")) and end <= now_ms():
        text = "A completed object needs a later end to become ACTIVE"
        yield Fault("INVALID_STATUS_TRANSITION", "/status", text, "ACTIVE")


def frozen(new: Body, old: Body | None, fields: dict[str, str]) -> Iterator[Fault]:
    """Fields that cannot change once an object is no draft, with the code each is refused by."""
    if old is None or old["status"] == "DRAFT":
        return
    for field, code in fields.items():
        if new.get(field) != old.get(field):
            yield Fault(code, f"/{field}", f"Field {field} is fixed once the object is no draft")
