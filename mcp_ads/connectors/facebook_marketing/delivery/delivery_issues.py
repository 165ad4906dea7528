"""Delivery issues: what blocks delivery in a whole ad account, level by level, in plain words."""

from collections.abc import Generator, Iterable, Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from mcp_ads.connectors.facebook_marketing.dialect import CURSOR
from mcp_ads.connectors.facebook_marketing.types import AdAccountId, Graph
from mcp_ads.core import GET, Column, Context, Entity, Flow, Progress, Request, Result, Wait
from mcp_ads.core.gaps import Gap, unless_refused
from mcp_ads.core.page_records import records_in
from mcp_ads.core.record_fields import KnownRead
from mcp_ads.core.runs import in_zone
from mcp_ads.errors import ApiError

from .reasons import FIELDS, OF_PARENT, reasons, told

LEAN = ("level", "id", "name", "status", "reason", "what_to_do", "since")
PAGE, MOST_PAGES, MOST_DECLINED = 200, 25, 10
RUNNING = ("ACTIVE", "WITH_ISSUES")
LEVELS = (
    ("campaign", "campaigns", "Campaign", RUNNING),
    ("ad set", "adsets", "AdSet", RUNNING),
    ("ad", "ads", "Ad", (*RUNNING, "DISAPPROVED", "PENDING_BILLING_INFO")),
)
PARENTS = {"campaign": (), "ad set": ("campaign_id",), "ad": ("campaign_id", "adset_id")}
ACCOUNT = (
    "name", "account_status", "disable_reason", "funding_source", "spend_cap", "amount_spent",
    "failed_delivery_checks",
)  # fmt: skip
STATUSES = {
    2: "the ad account is disabled", 3: "the ad account has unpaid bills",
    7: "the ad account is under review",
    8: "a payment is being settled", 9: "a payment is overdue, the ad account is in its grace period",
    100: "the ad account is being closed", 101: "the ad account is closed",
}  # fmt: skip
DISABLED = {
    1: "it broke the advertising policies", 2: "intellectual property", 3: "a risky payment",
    4: "the account was shut down", 6: "its business broke the rules", 7: "it was closed for good",
    11: "its Business Manager broke the rules", 12: "misrepresentation", 15: "it may have been taken over",
}  # fmt: skip
WHAT_TO_DO = {
    "review": "mend what it names in a new creative, or ask for another review in Account Quality",
    "issue": "mend it as the reason says; Ads Manager has the details",
    "check": "mend it as the reason says; delivery begins again by itself",
    "billing": "add or mend the payment method in Ads Manager > Billing",
    "account": "the account's admins mend it in Business Support Home",
    "cap": "raise or remove the spending limit of the ad account",
}
UNSAID = {
    "DISAPPROVED": ("review", "disapproved; Facebook gives no reason"),
    "PENDING_BILLING_INFO": ("billing", "it waits for a payment method"),
    "WITH_ISSUES": ("issue", "it has issues; Facebook names none"),
}
Rows = list[dict[str, Any]]
Found = TypeVar("Found")
Steps = Generator[Request | Wait | Progress, Any, Found]
DECLINED_WITHIN = timedelta(days=90)


def look(account_id: str, today: date, zone: str) -> Flow:
    """Look at an account and the three levels below it. What cannot be read is said, and all of it raised."""
    path, rows, failed, cut = f"/act_{account_id}", Rows(), dict[str, ApiError](), list[str]()
    try:
        account = yield Request("GET", path, {"fields": ",".join(ACCOUNT)})
        rows += _of_account(account, account_id)
    except ApiError as error:
        failed["the account"] = error
    for level, edge, node, statuses in LEVELS:
        yield Progress(len(rows), len(LEVELS), f"looking at {edge}")
        fields = ",".join(["id", "name", "effective_status", *PARENTS[level], *FIELDS[node]])
        asked = {"effective_status": list(statuses), "fields": fields}
        try:
            records, whole = yield from _pages(f"{path}/{edge}", asked, MOST_PAGES)
        except ApiError as error:
            failed[edge] = error
            continue
        above = {(row["id"], row["reason"]) for row in rows}
        rows += [row for record in records for row in _rows(level, record, above)]
        cut += [] if whole else [Gap(f"only the first {len(records):,} {edge} were looked at")]
    if len(failed) > len(LEVELS):
        raise next(iter(failed.values()))
    declined, said = yield from _declined(path, rows, f"{today - DECLINED_WITHIN}", zone)
    for row in rows:
        row["since"] = declined.get(row["id"]) if row["status"] == "DISAPPROVED" else None
    unread = [Gap(f"{part} could not be read: {told(error)}") for part, error in failed.items()]
    warnings = [*unread, *cut, *said]
    return Result(rows, {"warnings": warnings} if warnings else {})


def _declined(path: str, rows: Rows, since: str, zone: str) -> Steps[tuple[dict[str, str], list[str]]]:
    """When a review last declined each ad, and what is not known of that."""
    wanted = {row["id"] for row in rows if row["status"] == "DISAPPROVED"}
    if not wanted:
        return {}, []
    asked = {"fields": "event_time,event_type,object_id", "category": "AD", "since": since}
    try:
        events, whole = yield from _pages(f"{path}/activities", asked, MOST_DECLINED)
    except ApiError as error:
        return {}, [unless_refused(f"since is not known, activities could not be read: {told(error)}", error)]
    found: dict[str, str] = {}
    for event in events:
        if event.get("event_type") == "ad_review_declined":
            at = in_zone(str(event.get("event_time") or ""), zone)
            found.setdefault(str(event.get("object_id")), at)
    lacking = len(wanted - found.keys())
    seen = (
        "no such entry in 90 days"
        if whole
        else f"only the last {len(events):,} changes of 90 days were looked at"
    )
    return found, [f"since is not known of {lacking} ads: {seen}"] if lacking else []


def _pages(path: str, query: Mapping[str, Any], most: int) -> Steps[tuple[Rows, bool]]:
    """The rows of a list to its end, or of so many pages, and whether these are all."""
    asked, rows = CURSOR.sized(Request("GET", path, query), PAGE), Rows()
    for _ in range(most):
        answer = yield asked
        rows += records_in(answer, "data")
        if not (token := CURSOR.token(asked, answer)):
            return rows, True
        asked = CURSOR.turn(asked, token)
    return rows, False


def _rows(level: str, record: Mapping[str, Any], above: set[tuple[str, str]]) -> Iterable[dict[str, Any]]:
    """A row for each reason that is not a parent's and stands `above`; one where there has to be a reason."""
    status, parents = str(record.get("effective_status") or ""), ("campaign_id", "adset_id")
    for source, text in reasons(record) or ([UNSAID[status]] if status in UNSAID else []):
        own, _, of_parent = text.partition(OF_PARENT)
        if of_parent and {(str(record.get(parent)), own) for parent in parents} & above:
            continue
        what = {"level": level, "id": str(record.get("id")), "name": record.get("name"), "status": status}
        yield {**what, "reason": text, "what_to_do": WHAT_TO_DO[source]}


def _of_account(record: Mapping[str, Any], account_id: str) -> Iterable[dict[str, Any]]:
    status = record.get("account_status")
    found: list[tuple[str, str]] = []
    if status in STATUSES:
        why = DISABLED.get(record.get("disable_reason") or 0, "")
        found.append(
            ("billing" if status in (3, 8, 9) else "account", f"{STATUSES[status]}{why and f': {why}'}")
        )
    if not record.get("funding_source"):
        found.append(
            ("billing", "no payment method is to be seen: without one, ads are made and never deliver")
        )
    cap, spent = (str(record.get(name) or "0") for name in ("spend_cap", "amount_spent"))
    if cap.isdecimal() and spent.isdecimal() and 0 < int(cap) <= int(spent):
        found.append(("cap", "the ad account has reached its spending limit"))
    found += reasons({"failed_delivery_checks": record.get("failed_delivery_checks")})
    for source, text in found:
        what = {"level": "account", "id": account_id, "name": record.get("name"), "status": str(status)}
        yield {**what, "reason": text, "what_to_do": WHAT_TO_DO[source]}


class ListDeliveryIssues(Graph, KnownRead):
    """List what blocks delivery in an ad account: of the account, its campaigns, ad sets and ads.

    Paused and ended objects are not listed: nothing blocks them. since is when a review declined an ad.
    """

    said = (
        "why does nothing deliver, not delivering, disapproved, rejected ads, ads with issues, policy, "
        "review, account disabled, payment problem"
    )

    account_id: AdAccountId

    http, lean, known = GET("/act_{account_id}"), LEAN, LEAN
    records = "data"  # of the Result: the rows of all levels, which a view may cut

    def kinds(self) -> Mapping[str, Column]:
        return {"since": Column("date")}

    def flow(self, context: Context) -> Flow:
        zone = context.account.timezone if context.account else "UTC"
        return look(self.account_id, context.today, zone)


delivery_issues = Entity(noun="delivery issue", list=ListDeliveryIssues)
