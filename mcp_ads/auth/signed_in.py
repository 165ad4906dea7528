"""What a sign-in gave: credentials, until when they live, and what the platform granted."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self

SECRETS = ("client_secret", "access_token", "refresh_token")


@dataclass(frozen=True)
class SignedIn:
    """What a sign-in gave. Times are Unix seconds; 0 is "without end, or not known"."""

    connector: str
    """facebook_marketing, linkedin_ads or amazon_ads."""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    access_ends: float = 0.0
    refresh_ends: float = 0.0
    """LinkedIn: from `refresh_token_expires_in`. Amazon: 365 days after consent."""
    consented: float = 0.0
    """When the person consented."""
    granted: tuple[str, ...] = ()
    """Scopes."""
    refused: tuple[str, ...] = ()
    who: str = ""
    """The name of who signed in, as the platform says it."""
    kind: str = "user"
    """user or system user."""
    serial: str = ""
    """What tells this sign-in from every other one; the same after its tokens are renewed."""

    @property
    def renews(self) -> bool:
        """Whether a consent gives ever new access tokens, so that its end is the one that counts."""
        return bool(self.refresh_token or self.refresh_ends or self.connector == "amazon_ads")

    @property
    def secrets(self) -> dict[str, str]:
        """What opens the account, by its field."""
        return {name: getattr(self, name) for name in SECRETS}

    @property
    def credentials(self) -> dict[str, str]:
        """The credentials under the names that variables end in, as far as there are some."""
        known = {"CLIENT_ID": self.client_id, **{name.upper(): text for name, text in self.secrets.items()}}
        return {name: text for name, text in known.items() if text}

    def without_secrets(self) -> Self:
        """The same as everybody may know it."""
        return replace(self, client_secret="", access_token="", refresh_token="")

    def facts(self) -> dict[str, Any]:
        """Everything but the secrets, as JSON takes it."""
        return {name: value for name, value in asdict(self).items() if name not in SECRETS}

    @classmethod
    def read(cls, facts: Mapping[str, Any], secrets: Mapping[str, Any]) -> Self:
        """What was written down; fields of later versions are left out. Raises ValueError for damage."""
        given = {**facts, **secrets}
        found = {each.name: given[each.name] for each in fields(cls) if each.name in given}
        for name in ("granted", "refused"):
            if name in found:
                found[name] = tuple(found[name]) if isinstance(found[name], list) else None
        try:
            signed_in = cls(**found)
        except TypeError:
            raise ValueError("no connector") from None
        if not all(_is_like(getattr(signed_in, each.name), each.default) for each in fields(cls)):
            raise ValueError("a field of another kind")
        return signed_in


def _is_like(value: Any, default: Any) -> bool:
    if isinstance(default, float):
        return type(value) in (int, float) and math.isfinite(value)
    if isinstance(default, tuple):
        return isinstance(value, tuple) and all(isinstance(part, str) for part in value)
    return isinstance(value, str)
