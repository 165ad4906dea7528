"""The ad accounts in which the member has a role, for apps that may not search accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead
from mcp_ads.connectors.linkedin_ads.dialect import FINDER
from mcp_ads.connectors.linkedin_ads.every_page import every_page
from mcp_ads.connectors.linkedin_ads.urns import tail, urn
from mcp_ads.core import NONE, Context, Flow, Request, Result
from mcp_ads.core.gaps import Gap
from mcp_ads.errors import ApiError, NotFound

FORBIDDEN = 403


def may_not_search(error: ApiError) -> bool:
    """Whether LinkedIn says that the app, rather than the member, may not search accounts."""
    return error.status == FORBIDDEN and "partnerapiadaccounts" in error.platform_text.lower()


class AccountsByRole(LinkedinRead):
    """Reads each account in which the member has a role; what is wanted of them is looked at here."""

    wanted: dict[str, Any] = {}

    http, whose, records = FINDER("/adAccountUsers"), NONE, "data"

    def flow(self, context: Context) -> Flow:  # noqa: ARG002 - the protocol's
        query, headers = {"q": "authenticatedUser"}, self.to_headers()
        asked = Request("GET", "/adAccountUsers", query, headers=headers, private=True)
        roles, whole = yield from every_page(asked)
        urns = dict.fromkeys(str(role.get("account")) for role in roles)
        gaps = [] if whole else [Gap(f"only the first {len(urns)} accounts were read")]
        rows = list[dict[str, Any]]()
        for account_urn in urns:
            try:
                account = yield Request("GET", f"/adAccounts/{tail(account_urn)}")
            except ApiError as error:
                if not isinstance(error, NotFound):
                    gaps.append(Gap(f"account {tail(account_urn)} could not be read: {error}"))
                continue
            rows += [self.to_row(account, None)] if self._fits(account) else []
        return Result(rows, {"warnings": gaps} if gaps else {})

    def _fits(self, account: Mapping[str, Any]) -> bool:
        own = {**account, "id": urn("sponsoredAccount", str(account.get("id")))}
        return all(
            own.get(name, False) == value if name == "test" else own.get(name) in value["values"]
            for name, value in self.wanted.items()
        )
