"""Whose lead forms and their responses are: an ad account's, or a Page's that is named beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field, model_validator

from mcp_ads.connectors.linkedin_ads.bases import LinkedinRead
from mcp_ads.connectors.linkedin_ads.types import AccountId
from mcp_ads.connectors.linkedin_ads.urns import Urn, tail, urn

from .base import OfAccount, of_account

STRAYS = "what a Page owns may be about any account's ads: leave organization_id out"
ACCOUNT, PAGE = "sponsoredAccount", "organization"


class Owned(LinkedinRead):
    """Reads what an ad account owns, or a Page."""

    account_id: AccountId
    organization_id: Annotated[
        str | None, Urn(PAGE), Field(exclude=True, description="A Page, for what it owns itself.")
    ] = None
    owner: Annotated[
        dict[str, str] | None,
        Field(exclude=True, description='LinkedIn\'s {"sponsoredAccount": urn} is understood too.'),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _by_owner(cls, given: Any) -> Any:
        """An owner as the parameter that it stands for."""
        owner = given.get("owner") if isinstance(given, dict) else None
        if owner is None:
            return given
        names = {ACCOUNT: "account_id", PAGE: "organization_id"}
        if not isinstance(owner, dict) or len(owner) != 1 or not owner.keys() <= names.keys():
            raise ValueError('owner: write {"sponsoredAccount": urn} or {"organization": urn}')
        ((kind, name),) = owner.items()
        if (other := given.get(names[kind])) is not None and tail(other) != tail(name):
            raise ValueError(f"owner: {names[kind]} names another one")
        return {other: value for other, value in given.items() if other != "owner"} | {names[kind]: name}

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
