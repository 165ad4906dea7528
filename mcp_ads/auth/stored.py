"""The refresh token of a sign-in that is kept in a vault, where the platform may put another in its place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .signed_in import SignedIn
from .vault import Vault


@dataclass(frozen=True)
class Stored:
    """A sign-in as it was read, and where it is kept."""

    vault: Vault
    name: str
    signed_in: SignedIn

    def refresh_token(self) -> str:
        """The one that is kept now, which another process may have put there. Raises NotConfigured."""
        found = self.vault.read(self.name)
        return found.refresh_token if found else ""

    def replace_refresh_token(self, new: str) -> None:
        """Keep a new one in the place of the old. Raises NoRecord, NotConfigured."""
        found = self.vault.read(self.name) or self.signed_in
        self.vault.write(self.name, replace(found, refresh_token=new))
