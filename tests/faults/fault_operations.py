"""The calls of the matrix: on each platform one that reads, one over pages, and changes.

A further operation is one more `Operation` in `OPERATIONS`, and a column of the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine_client import AMAZON, FACEBOOK, LINKEDIN, LINKEDIN_US, PROFILE, US
from fault_world import MANY
from planning import NEW, SPRING, STRIPES, SURF

from mcp_ads.across.desk import Desk
from mcp_ads.core import Result

Params = Mapping[str, Any]
LAUNCH = "Launch of a cell"
RENAMED = "Renamed by a cell"


@dataclass(frozen=True)
class Operation:
    """One call, and the request of it that meets the fault.

    `method` and `path` (searched for) tell that request; `skip` how many such go well before. `change` is
    what the sandbox writes down once it is carried out, and `count` how often.
    """

    name: str
    connector: str
    entity: str
    action: str
    params: Params
    method: str
    path: str
    skip: int = 0
    change: str = ""
    count: int = 1
    environ: Params = field(default_factory=dict)
    among: str = ""
    """What tells such a request from others at the same place: how the requests of a batch are asked."""

    @property
    def direct(self) -> bool:
        """Whether it is sent at once."""
        return self.environ.get("MCP_ADS_WRITES") == "direct"

    async def begin(self, desk: Desk) -> str:
        """What happens before the fault: a change is planned; the plan's id."""
        if not self.change or self.direct:
            return ""
        planned = await desk.execute(self.connector, self.entity, self.action, dict(self.params))
        return str(planned.data["plan_id"])

    async def call(self, desk: Desk, plan_id: str) -> Result:
        """The call that meets the fault. Raises AdsError."""
        if plan_id:
            return await desk.apply(plan_id)
        return await desk.execute(self.connector, self.entity, self.action, dict(self.params))

    def carried_out(self, writes: list[dict[str, Any]]) -> int:
        """How often the sandbox has done it."""
        return sum(
            re.fullmatch(self.change, f"{write['what']} {write['id']}") is not None for write in writes
        )


def _of(connector: str, *calls: tuple[Any, ...]) -> tuple[Operation, ...]:
    return tuple(Operation(name, connector, *rest) for name, *rest in calls)


ON_SPRING, ON_STRIPES = {"campaign_id": SPRING}, {"campaign_id": STRIPES}
DRAFT = {"account_id": LINKEDIN_US, "campaign_group_id": "600000008"}
GROUP = {"account_id": LINKEDIN_US, "name": LAUNCH, "run_schedule": {"start": "2030-01-01"}}
RAIN = {"account_id": LINKEDIN_US, "campaign_id": "300000001"}
TOWELS = {"account_id": PROFILE, "campaign_id": "120000000000001"}
BEACH = {"account_id": PROFILE, "name": LAUNCH, "daily_budget": "10 USD", "targeting_type": "MANUAL"}
SP = "sponsored_product_campaigns"
DIRECT = {"MCP_ADS_WRITES": "direct"}


def _new(base: Params) -> Params:
    return {"items": [{**base, "name": f"{LAUNCH} {number}"} for number in range(3)]}


def _three(*ids: str, **more: str) -> Params:
    return {"items": [{"campaign_id": own, "name": f"{RENAMED} {own}", **more} for own in ids]}


OPERATIONS = (
    *_of(
        FACEBOOK,
        ("read", "campaigns", "get", ON_SPRING, "GET", f"/{SPRING}$"),
        (
            "list",
            "custom_audiences",
            "list",
            {"account_id": US, "limit": MANY},
            "GET",
            "/customaudiences$",
            1,
        ),
        ("create", "campaigns", "create", {**NEW, "name": LAUNCH}, "POST", "/campaigns$", 0, r"create .*"),
        (
            *("creates", "campaigns", "create", _new(NEW), "POST", r"/v[0-9.]+/$"),
            *(0, "create .*", 3, {}, "POST"),
        ),
        (
            "update",
            "campaigns",
            "update",
            {**ON_SPRING, "name": RENAMED},
            "POST",
            f"/{SPRING}$",
            0,
            f".* {SPRING}",
        ),
        ("delete", "campaigns", "delete", ON_STRIPES, "DELETE", f"/{STRIPES}$", 0, f"delete .* {STRIPES}"),
        (
            "batch",
            "campaigns",
            "update",
            _three(SPRING, SURF, STRIPES),
            "POST",
            r"/v[0-9.]+/$",
            1,
            "update .*",
            3,
            {},
            "POST",
        ),
        (
            *("direct", "campaigns", "update", {**ON_SPRING, "name": RENAMED}, "POST", f"/{SPRING}$"),
            *(1, f".* {SPRING}", 1, DIRECT),
        ),
    ),
    *_of(
        LINKEDIN,
        ("read", "campaigns", "get", RAIN, "GET", "/adCampaigns/300000001$"),
        ("list", "creatives", "list", {"account_id": LINKEDIN_US, "limit": MANY}, "GET", "/creatives$", 1),
        ("create", "campaign_groups", "create", GROUP, "POST", "/adCampaignGroups$", 0, r"create .*"),
        (
            *("creates", "campaign_groups", "create", _new(GROUP)),
            *("POST", "/adCampaignGroups$", 0, "create .*", 3),
        ),
        (
            "update",
            "campaigns",
            "update",
            {**RAIN, "name": RENAMED},
            "POST",
            "/300000001$",
            0,
            r".* 300000001",
        ),
        ("delete", "campaign_groups", "delete", DRAFT, "DELETE", "/600000008$", 0, ".* 600000008"),
        (
            *("batch", "campaigns", "update"),
            _three("300000001", "300000002", "300000003", account_id=LINKEDIN_US),
            *("POST", "/adCampaigns$", 0, "update .*", 3),
        ),
        (
            *("direct", "campaigns", "update", {**RAIN, "name": RENAMED}, "POST", "/300000001$"),
            *(0, r".* 300000001", 1, DIRECT),
        ),
    ),
    *_of(
        AMAZON,
        ("read", SP, "get", TOWELS, "POST", "/sp/campaigns/list$"),
        (
            *("list", "sponsored_brands_campaigns", "list", {"account_id": PROFILE, "limit": MANY}),
            *("POST", "/sb/v4/campaigns/list$", 1),
        ),
        ("create", SP, "create", BEACH, "POST", "/sp/campaigns$", 0, "create .*"),
        ("creates", SP, "create", _new(BEACH), "POST", "/sp/campaigns$", 0, "create .*", 3),
        ("update", SP, "update", {**TOWELS, "name": RENAMED}, "PUT", "/sp/campaigns$", 0, "update .*"),
        ("delete", SP, "delete", TOWELS, "POST", "/sp/campaigns/delete$", 0, "archive .*"),
        (
            *("batch", SP, "update"),
            _three(*(f"12000000000000{end}" for end in (1, 2, 3)), account_id=PROFILE),
            *("PUT", "/sp/campaigns$", 0, "update .*", 3),
        ),
        (
            *("direct", SP, "update", {**TOWELS, "name": RENAMED}, "PUT", "/sp/campaigns$"),
            *(0, "update .*", 1, DIRECT),
        ),
    ),
)
