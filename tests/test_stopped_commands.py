"""A command that is told to stop says what was done, and how it goes on."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from engine_client import US, break_next
from shell import Shell

from mcp_ads.sandbox.store import Store

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is one signal there")
WORDS = ("call", "facebook-marketing", "campaigns")


@pytest.fixture
def sandbox(shell: Shell) -> Shell:
    """A shell in the sandbox, with one campaign of it known."""
    shell.set(MCP_ADS_SANDBOX="1")
    return shell


@contextmanager
def told(shell: Shell, number: int, method: str, seconds: float) -> Iterator[None]:
    """The process is told to stop while a request of this method waits for its answer."""
    store = Store(shell.home / "sandbox" / "sandbox.sqlite")
    break_next(store, "slow", when="after", seconds=seconds, method=method)
    before = len(store.requests())

    def tell() -> None:
        for _ in range(500):
            if any(one["method"] == method for one in store.requests()[before:]):
                break
            time.sleep(0.01)
        os.kill(os.getpid(), number)

    thread = threading.Thread(target=tell)
    thread.start()
    yield
    thread.join()
    store.close()


def test_an_apply_says_what_was_done(sandbox: Shell) -> None:
    """The step on its way is written down; the code is the signal's; the printed command sends the rest."""
    _, out, _ = sandbox.run(
        *WORDS, "list", "--params", f'{{"account_id": "{US}", "limit": 1}}', "--format=json"
    )
    one = json.loads(out)["data"][0]["id"]
    first = f'{{"campaign_id": "{one}", "name": "One"}}'
    plan = sandbox.run(*WORDS, "update", "--params", first)[1].split("PLAN ")[1].split()[0]
    second = f'{{"account_id": "{US}", "name": "Two", "objective": "OUTCOME_TRAFFIC", "append_to": "{plan}"}}'
    plan = sandbox.run(*WORDS, "create", "--params", second)[1].split("PLAN ")[1].split()[0]
    with told(sandbox, signal.SIGTERM, "POST", 0.2):
        code, out, err = sandbox.run("apply", plan)
    assert (code, out) == (143, "")
    assert "stopped: 1 of 2 steps done" in err
    assert "2. not sent: create campaign" in err
    assert f"apply {plan} sends the rest" in err
    assert f"describe --query {plan} shows it" in err
    assert "APPLIED: 2 of 2 done" in sandbox.run("apply", plan)[1]


def test_a_read_changed_nothing(sandbox: Shell) -> None:
    """It ends at once, and says so."""
    params = f'{{"account_id": "{US}", "limit": 1}}'
    assert sandbox.run(*WORDS, "list", "--params", params)[0] == 0
    with told(sandbox, signal.SIGINT, "GET", 5):
        code, out, err = sandbox.run(*WORDS, "list", "--params", params)
    assert (code, out) == (130, "")
    assert "stopped; nothing was changed" in err
