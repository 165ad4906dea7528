"""What a place is asked that keeps sign-ins."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from .signed_in import SignedIn


class Vault(Protocol):
    """Where credentials of sign-ins are kept, by the name of their connection."""

    @property
    def place(self) -> str:
        """Where secrets go that are written now, for people."""

    def read(self, name: str) -> SignedIn | None:
        """What is kept, with its secrets; None where nobody signed in, or it is damaged, which is logged.

        Raises NotConfigured where it is in a keyring that cannot be read now.
        """

    def facts(self, name: str) -> SignedIn | None:
        """The same without secrets; never asks the keyring."""

    def write(self, name: str, signed_in: SignedIn) -> None:
        """Keep it, whole or not at all: what was there before is lost only when this is safe.

        Raises NoRecord.
        """

    def forget(self, name: str) -> bool:
        """Keep it no longer; whether there was anything. Raises NoRecord where its secrets would stay."""

    def mark(self, name: str) -> str:
        """What is another whenever something else is kept, for a look that costs nothing; "" for nothing."""

    def beside(self, folder: str) -> Vault:
        """The same in another folder of the home, and as it asks the keyring."""

    def names(self) -> list[str]:
        """For whom something is kept."""

    def locked(self, name: str) -> AbstractContextManager[None]:
        """Hold the right to renew it, in all processes. Raises Busy, OSError."""
