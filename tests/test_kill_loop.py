"""Kill -9 in a loop while everything that is kept is written: after each, the next start reads all of it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import killed_writing
import pytest
from shell import environment

from mcp_ads.auth.tokens import TokenFile
from mcp_ads.auth.vault import vault
from mcp_ads.connections import read
from mcp_ads.engine.records import chain
from mcp_ads.engine.records.spool import Spool

pytestmark = pytest.mark.slow
KILLS, LONGEST = 12, 0.05


def test_what_is_kept_outlives_every_kill(tmp_path: Path) -> None:
    """Each file is of the last round that was told, or of the one under way; the log has no line twice."""
    told, chance = 0, random.Random(16)
    environ = environment({"MCP_ADS_HOME": str(tmp_path), "MCP_ADS_KEYRING": "off"})
    for _ in range(KILLS):
        command = [sys.executable, killed_writing.__file__, str(tmp_path), str(told + 1)]
        with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            first = process.stdout.readline()
            time.sleep(chance.uniform(0, LONGEST))
            process.kill()
            told = int([first, *process.stdout][-1])
        under_way = {str(told), str(told + 1)}
        signed_in, token = vault(tmp_path).read("acme"), TokenFile(tmp_path / "tokens", "acme").read()
        assert signed_in
        assert token
        assert signed_in.refresh_token in under_way
        assert token.value in under_way
        assert set(read(tmp_path)["acme"].accounts) <= under_way
        kept = Spool(tmp_path / "spool").get("rows")
        assert kept
        with kept:
            assert {str(row["n"]) for _, row in kept.table.every()} <= under_way
        lines = (tmp_path / "audit.jsonl").read_text().splitlines()
        numbers = [json.loads(line)["number"] for line in lines if line.endswith("}")]
        assert numbers == sorted(set(numbers))
        assert numbers[-1] in (told, told + 1)
        told = numbers[-1]
    broken = chain.verify(tmp_path / "audit.jsonl").broken
    assert [why for why in broken if "was cut" not in why and "new chain" not in why] == []
