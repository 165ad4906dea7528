"""What a call names inside its parameters: it has to be of an account that may be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mcp_ads.core import Action
from mcp_ads.engine.wire.pages import rows_of
from mcp_ads.errors import InvalidParams, OutOfScope

if TYPE_CHECKING:
    from mcp_ads.engine.wire.connection import Connection

    from .accounts import Accounts

MOST = 5000
"""Objects of an account that are looked through for the one that is named."""


async def keep_within(session: Connection, accounts: Accounts, call: Action, named: str) -> None:
    """Raise unless every object that the call names inside is of the named account, or of an allowed one:
    OutOfScope where only some are allowed, else InvalidParams. What cannot be told is refused.
    """
    refused = OutOfScope if accounts.limited else InvalidParams
    known = dict[str, list[Any]]()
    for inside in dict.fromkeys(call.inside()):
        what = f"{inside.at}: {inside.id}"
        if inside.among is None:
            owner = await accounts.owner(inside.id)
            if not owner:
                raise refused(f"{what}: the platform does not say which account's it is")
            if not accounts.may_use(owner):
                raise refused(f"{what} belongs to account {owner}, which is none of those allowed")
            continue
        candidates = [named] if named else [account.id for account in await accounts.all()]
        for account in candidates:
            among = repr(read := inside.among(account))
            if among not in known:
                known[among] = await rows_of(session, read, MOST)
            if any(str(row.get("id")) == inside.id for row in known[among]):
                break
        else:
            raise refused(f"{what} is none of those that account {' or '.join(candidates)} has")
