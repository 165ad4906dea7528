"""A process that writes everything that is kept of a person, over and over, until it is killed."""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from pathlib import Path

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.tokens import Token, TokenFile
from mcp_ads.auth.vault import vault
from mcp_ads.connections import Connection, save
from mcp_ads.engine.records import chain
from mcp_ads.engine.records.remembered import Memory
from mcp_ads.engine.records.spool import Spool


def main(home: Path, first: int) -> None:
    """Each round has a number, which is told when all of it is written."""
    number, memory = first, Memory(home / "audit.mark")
    while True:
        number += 1
        text = str(number)
        vault(home).write("acme", SignedIn("linkedin_ads", refresh_token=text))
        TokenFile(home / "tokens", "acme").write(Token(text, time.time() + 3600))
        save(home, Connection("acme", "linkedin_ads", accounts=(text,)))
        chain.append(home / "audit.jsonl", [{"number": number}], json.dumps, memory)
        Spool(home / "spool").put("rows", partial(_rows, number), {}, ("n",)).close()
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def _rows(number: int) -> list[dict[str, int]]:
    return [{"n": number}] * 50


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
