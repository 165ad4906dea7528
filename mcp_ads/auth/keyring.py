"""The operating system's keyring, asked in a process of its own with a limit of time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp_ads.files.private_files import opened, replaced

from .tokens import fingerprint

SERVICE = "mcp-ads"
QUICK = 1.0
"""Seconds in which a keyring answers that asks nobody."""
PATIENT = 120.0
"""Seconds a person has to unlock it."""
DAY = 86_400.0
SLACK = 60.0
"""Seconds by which clocks may differ; a verdict from later than that is not believed."""
WHERE_FROM = ("PYTHON_KEYRING_BACKEND", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "DISPLAY")
"""Variables that decide which keyring is found, if any."""


class KeyringFailed(Exception):
    """The keyring did not do what was asked for; the text says why, and no secret."""


@dataclass(frozen=True)
class Keyring:
    """One home's place in the keyring."""

    home: Path
    may_prompt: bool = False

    def usable(self, *, insisted: bool = False) -> str:
        """The keyring's name when it may be used: a test read answered within a second, today; else "".

        Where it is `insisted` on or may ask a person it is not tried beforehand.
        """
        if insisted or self.may_prompt:
            try:
                return self._tried()
            except KeyringFailed:
                return ""
        kept = self.home / "keyring-verdict.json"
        key = fingerprint(sys.executable, *(os.environ.get(name, "") for name in WHERE_FROM))
        verdicts = _verdicts(kept)
        if key not in verdicts:
            try:
                name = self._tried()
            except KeyringFailed:
                name = ""
            verdicts[key] = {"at": time.time(), "name": name}
            replaced(kept, json.dumps(verdicts).encode())
        return str(verdicts[key]["name"])

    def read(self, user: str) -> str | None:
        """What is kept under a name; None where nothing is. Raises KeyringFailed."""
        found = self._ask("read", user)["text"]
        return None if found is None else str(found)

    def write(self, user: str, text: str) -> None:
        """Keep a text under a name; raises KeyringFailed unless it can be read back."""
        if self._ask("write", user, text)["text"] != text:
            raise KeyringFailed("it does not give back what it was given")

    def forget(self, user: str) -> None:
        """Keep nothing under a name. Raises KeyringFailed."""
        self._ask("forget", user)

    def _tried(self) -> str:
        return str(self._ask("read", "test")["name"])

    def _ask(self, what: str, user: str, text: str = "") -> dict[str, Any]:
        whole = f"{fingerprint(str(self.home.resolve()))}:{user}"
        question = {
            "what": what, "service": SERVICE, "user": whole, "text": text, "may_prompt": self.may_prompt,
        }  # fmt: skip
        command = [sys.executable, "-P", str(Path(__file__).with_name("keyring_call.py"))]
        try:
            done = subprocess.run(  # noqa: S603 - our own module, with nothing of anybody's in the command
                command, input=json.dumps(question), capture_output=True, text=True, encoding="utf-8",
                timeout=PATIENT if self.may_prompt else QUICK, check=False,
            )  # fmt: skip
            answer = json.loads(done.stdout)
        except subprocess.TimeoutExpired:
            raise KeyringFailed("it did not answer in time") from None
        except (OSError, ValueError, RecursionError):
            raise KeyringFailed("it cannot be asked") from None
        if not isinstance(answer, dict) or "name" not in answer:
            known = answer.get("failed") if isinstance(answer, dict) else ""
            raise KeyringFailed(str(known or "it cannot be asked"))
        return answer


def _verdicts(path: Path) -> dict[str, dict[str, Any]]:
    """The verdicts of the last day; a file of another shape has none."""
    try:
        with opened(path) as file:
            found = json.load(file)
        return {
            key: {"at": verdict["at"], "name": verdict["name"]}
            for key, verdict in found.items()
            if isinstance(verdict["name"], str) and -SLACK < time.time() - verdict["at"] < DAY
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}
