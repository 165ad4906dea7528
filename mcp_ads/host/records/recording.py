"""What keeps records has failed: said in words that the engine's callers know, and none of the database's."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from mcp_ads.errors import NoRecord

FAILED = (SQLAlchemyError, OSError)


@contextlib.contextmanager
def recorded(what: str) -> Iterator[None]:
    """Raise NoRecord for a database that does not do what it is asked; `what` cannot be kept then."""
    try:
        yield
    except FAILED as error:
        kind = type(getattr(error, "orig", None) or error).__name__
        logging.getLogger("mcp_ads.host").warning("%s cannot be kept: %s", what, kind)
        raise NoRecord(
            f"{what} cannot be kept (the server's database does not take it), so nothing is changed",
            fix="call again; if it stays so, whoever runs this server looks at its database",
        ) from None
