"""The accounts that new credentials see, asked for before anything is kept of them."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.core import Account
from mcp_ads.errors import AuthError
from mcp_ads.platforms import Platform
from mcp_ads.settings import Settings

PAUSES = (3.0, 6.0, 10.0)
"""Seconds between tries: LinkedIn may call a token revoked that it has just made."""
NEEDED = {
    "facebook_marketing": ("ACCESS_TOKEN", "CLIENT_SECRET"),
    "linkedin_ads": ("ACCESS_TOKEN",),
    "amazon_ads": ("REFRESH_TOKEN", "CLIENT_ID", "CLIENT_SECRET"),
}


Found = tuple[Sequence[Account], list[str]]
"""Every account, and why these are not all."""


def accounts(settings: Settings, platform: Platform, signed_in: SignedIn) -> Found:
    """The accounts. Raises AdsError.

    What a call writes down goes to a folder that is gone afterwards: nobody has agreed to keep these yet.
    """
    needed = NEEDED[platform.name]
    credentials = {name: text for name, text in signed_in.credentials.items() if name in needed}
    bare = replace(
        platform, credentials=credentials, signed_in=None, account_ids=(), default_account="", connection=""
    )
    with tempfile.TemporaryDirectory(prefix="mcp-ads-") as folder:
        apart = replace(
            settings, home=Path(folder), audit_log=None, keyring="off",
            platforms={platform.name: bare}, connections={platform.name: (bare,)},
        )  # fmt: skip
        fresh = platform.name == "linkedin_ads" and signed_in.kind == "user"
        return asyncio.run(_asked(apart, platform.name, PAUSES if fresh else ()))


async def _asked(settings: Settings, connector: str, pauses: Sequence[float]) -> Found:
    from mcp_ads.engine.door import Engine

    engine = Engine(settings)
    try:
        session = engine.session(connector)
        for pause in pauses:
            try:
                return await session.accounts.ask(), session.accounts.gaps
            except AuthError as error:
                if not error.sign_in:
                    raise
                await asyncio.sleep(pause)
        return await session.accounts.ask(), session.accounts.gaps
    finally:
        await engine.close()
