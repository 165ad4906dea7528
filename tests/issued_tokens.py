"""The mark of a secret, looked for in all that any test is answered, sees printed or leaves in a home.

Every token that the make-believe platforms give out has a shape of its own, which is the mark. Answers of the
engine, the server, the commands and the host's API go by here, and so does what was printed and logged.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from pathlib import Path

import pytest

ISSUED = re.compile(
    rb"(?:sandbox-(?:[ar]t|page-\d+)-|Atz[ar](?:\||%7[Cc])(?:sandbox-)?(?:rt-)?|EAASandbox)[0-9a-f]{20}"
    rb"|sandbox-token-0123456789abcdef01234567"
)
"""Access and refresh tokens as the sandbox gives them out, and the one that stands for a user's own."""
KEPT = ("tokens", "signed-in", "sandbox.sqlite")
"""What may have them: the store of tokens, and the platforms themselves."""


def seen(text: str | bytes, where: str) -> None:
    """Fail for a text that has a secret in it."""
    found = ISSUED.search(text.encode() if isinstance(text, str) else text)
    assert found is None, f"a secret in {where}: {found and found[0][:24]!r}…"


def left(home: Path) -> None:
    """Fail for a file with a secret in it, other than those that are for secrets."""
    for path in home.rglob("*"):
        if path.is_file() and not any(part.startswith(KEPT) for part in path.relative_to(home).parts):
            seen(path.read_bytes(), str(path.relative_to(home)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that printed or logged a secret."""
    report = yield
    if report.passed:
        for name, text in report.sections:
            if found := ISSUED.search(text.encode(errors="replace")):
                report.outcome, report.longrepr = "failed", f"a secret in what is {name}: {found[0][:24]!r}…"
    return report
