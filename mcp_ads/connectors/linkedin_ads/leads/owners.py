"""Whose lead forms and their responses are: an ad account's, or a Page's that is named beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from mcp_ads.connectors.linkedin_ads.bases import NAMES, LinkedinRead
from mcp_ads.connectors.linkedin_ads.types import AccountId
from mcp_ads.connectors.linkedin_ads.urns import Urn, urn

from .base import OfAccount, of_account

STRAYS = "what a Page owns may be about any account's ads: leave organization_id out"
ACCOUNT, PAGE = "sponsoredAccount", "organization"


class Owned(LinkedinRead):
    """Reads what an ad account owns, or a Page; LinkedIn's own `owner` may say which account."""

    account_id: AccountId
    organization_id: Annotated[
        str | None, Urn(PAGE), Field(exclude=True, description="A Page, for what it owns itself.")
    ] = None

    aliases: ClassVar[Mapping[str, str]] = {**NAMES, "owner": "account_id"}

    def owned_by(self) -> dict[str, str]:
        """The union that LinkedIn takes as an owner."""
        if self.organization_id:
            return {PAGE: urn(PAGE, self.organization_id)}
        return {ACCOUNT: of_account(self.account_id)}

    def strays(self) -> Iterable[str]:
        return (STRAYS,) if self.organization_id else ()


class OneOwned(OfAccount, Owned):
    """Reads one of these, if it is of that owner."""

    def is_own(self, record: Mapping[str, Any]) -> bool:
        return bool(record.get("owner") == self.owned_by())
