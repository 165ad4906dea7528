"""The command of a client that writes its own file: Claude Code, which also writes it while it runs."""

from __future__ import annotations

import shutil
import subprocess

WAIT = 60
BATCH = (".cmd", ".bat")
"""What Windows hands to its shell, which reads quotes in arguments as its own."""


def claude() -> str:
    """Where Claude Code's command is, if words can be given to it as they are."""
    found = shutil.which("claude") or ""
    return "" if found.lower().endswith(BATCH) else found


def failure(words: list[str]) -> str:
    """Run a client's own command; what it said where it failed."""
    try:
        done = subprocess.run(  # noqa: S603 - the user's own program, with words of ours and no shell
            words,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=WAIT,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    said = (done.stderr or done.stdout).strip().splitlines()
    return f"exit code {done.returncode}{f', {said[-1][:200]}' if said else ''}" if done.returncode else ""
