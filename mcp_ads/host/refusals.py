"""What the host answers where it does not do what was asked: one shape, which Airbyte's SDK reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TOKEN_REFUSED = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
"""Headers of a 401 that is about our own token: nothing was done, so that a write may be sent again."""


MOST = 20
"""Mistakes that are told at once."""


class Refused(Exception):
    """A request that is answered with an HTTP status and `{"message", "errors": [...]}`.

    `code` is `error_code`, `field` the parameter it is about ("" for none). Clients show `errors[].message`
    alone, so that what to do stands in there. Several mistakes are several `errors`: `more`.
    """

    def __init__(
        self,
        status: int,
        message: str,
        code: str = "invalid",
        field: str = "",
        *,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        more: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """`more` are further mistakes, each a field and its message."""
        super().__init__(message)
        self.status, self.headers = status, dict(headers or {})
        first = {"field": field, "message": message, "error_code": code, "details": dict(details or {})}
        rest = [
            {"field": name, "message": text, "error_code": code, "details": {}}
            for name, text in more[: MOST - 1]
        ]
        self.errors: list[dict[str, Any]] = [first, *rest]

    @property
    def body(self) -> dict[str, Any]:
        """The answer as JSON."""
        return {"message": self.errors[0]["message"], "errors": self.errors}


def unknown_token() -> Refused:
    """Our own token is missing, unknown, expired, or its client was revoked."""
    said = (
        "the bearer token is not one of this server's, or it has ended: "
        "ask for a new one at POST /api/v1/account/applications/token"
    )
    return Refused(401, said, "unauthorized", headers=TOKEN_REFUSED)


def not_found(what: str = "connector") -> Refused:
    """The same for what there is not and for what is another's."""
    return Refused(404, f"there is no such {what} here", "not_found")
