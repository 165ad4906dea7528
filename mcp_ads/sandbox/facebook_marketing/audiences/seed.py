"""The audiences that are there at the beginning."""

from __future__ import annotations

from mcp_ads.sandbox.facebook_marketing.params import Body, instant
from mcp_ads.sandbox.facebook_marketing.shops import Shop
from mcp_ads.sandbox.facebook_marketing.state import State

from .audiences import FLAGGED, NORMAL, POPULATING, READY

AUDIENCES = 1_202_150 * 10**12
CUSTOMERS = {"subtype": "CUSTOM", "customer_file_source": "USER_PROVIDED_ONLY", "is_value_based": False}
RULE = (
    '{"inclusions":{"operator":"or","rules":[{"event_sources":[{"id":"%s","type":"pixel"}],'
    '"retention_seconds":2592000,"filter":{"operator":"and","filters":[{"field":"url",'
    '"operator":"i_contains","value":""}]}}]}}'
)


def fill(state: State, shop: Shop) -> None:
    """A customer list and what is made of it, visitors, and a list Meta has flagged."""
    flagged = {"code": FLAGGED, "description": "This audience may violate our terms."}
    rows: list[Body] = [
        {"name": "Customers, all time", **CUSTOMERS, "description": "From the shop"} | _people(21_300),
        {"name": "Newsletter", **CUSTOMERS} | _people(8_900),
        {
            "name": "Lookalike 1%: customers",
            "subtype": "LOOKALIKE",
            "origin_audience_id": str(AUDIENCES + shop.first + 1),
            "lookalike_spec": {"country": shop.countries[0], "ratio": 0.01},
        }
        | _people(2_100_000),
        {
            "name": "Visitors, 30 days",
            "subtype": "WEBSITE",
            "rule": RULE % shop.pixel,
            "pixel_id": shop.pixel,
            "retention_days": 30,
        }
        | _people(64_000),
        {"name": "Bought addresses", **CUSTOMERS, **_people(1_000), "operation_status": flagged},
        {"name": "Being built", **CUSTOMERS, **_people(-1), "operation_status": POPULATING},
    ]
    for number, row in enumerate(rows, 1):
        made = int(instant(shop.ago(300 - 20 * number)).timestamp())
        times = {"time_created": made, "time_updated": made, "time_content_updated": made}
        number_id = str(AUDIENCES + shop.first + number)
        state.put("audience", {"id": number_id, "account_id": shop.account["account_id"], **times, **row})


def _people(about: int) -> Body:
    """The bucket a number of people falls into."""
    known = about > 0
    return {
        "approximate_count_lower_bound": about if known else -1,
        "approximate_count_upper_bound": round(about * 1.18) if known else -1,
        "operation_status": NORMAL,
        "delivery_status": READY,
    }
