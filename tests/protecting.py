"""Campaigns protected by a clients file, and a server that sees the file as it is."""

from __future__ import annotations

import json
import os
import time
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from engine_client import FACEBOOK, LINKEDIN_US, PROFILE, US

from mcp_ads import sign_ins
from mcp_ads.across.desk import Desk
from mcp_ads.errors import PolicyError, StalePlan
from mcp_ads.settings import load

ALL = f'"facebook:{US}", "linkedin:{LINKEDIN_US}", "amazon:{PROFILE}"'

AGES = count(time.time_ns() - 3_600 * 10**9)
"""Moments an hour ago, each later than the one before."""


def protect(home: Path, *patterns: str, accounts: str = ALL) -> None:
    """clients.toml of the sandbox anew, with these patterns protected."""
    (home / "sandbox").mkdir(parents=True, exist_ok=True)
    file = home / "sandbox" / "clients.toml"
    listed = f"protected = {json.dumps(patterns)}\n" if patterns else ""
    file.write_text(f"[clients.acme]\naccounts = [{accounts}]\n{listed}", "utf-8")
    file.chmod(0o600)
    settle(file)


def settle(file: Path) -> None:
    """Let time pass since a file was written: no editor is about to write more."""
    os.utime(file, ns=(next(AGES), next(AGES)))


class Server:
    """An engine as a server has it: it sees the clients file as it is, and plans across edits of it."""

    def __init__(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.home = home
        for name, value in {"HOME": str(home), "SANDBOX": "1", "KEYRING": "off"}.items():
            monkeypatch.setenv(f"MCP_ADS_{name}", value)
        self.desk = Desk(load())
        self.desk.sign_ins = sign_ins.SignIns(self.desk.settings, "", page=False)

    async def plan(self, entity: str, action: str, **params: Any) -> str:
        return str((await self.desk.execute(FACEBOOK, entity, action, params)).data["plan_id"])

    async def refused(self, plan_id: str) -> str:
        with pytest.raises((PolicyError, StalePlan)) as error:
            await self.desk.apply(plan_id)
        return str(error.value)
