"""What pip-audit found: fails for a known vulnerability, and says what its database does not know."""

from __future__ import annotations

import json
import sys
from pathlib import Path

ACCEPTED: dict[str, str] = {}
"""Vulnerabilities that do not reach this project, each with the reason."""


def main(report: str) -> int:
    """The exit code: 0 where nothing is known against what is installed, or nothing can be known here."""
    try:
        found = json.loads(Path(report).read_text("utf-8"))["dependencies"]
    except (OSError, ValueError, KeyError):
        found = []
    known = [row for row in found if "vulns" in row]
    if not known:
        print("the database of vulnerabilities cannot be asked here: the review in tests/supply stands alone")
        return 0
    bad = [
        f"{row['name']} {row['version']}: {flaw['id']}, mended in {flaw['fix_versions'] or 'no release'}"
        for row in known
        for flaw in row["vulns"]
        if flaw["id"] not in ACCEPTED
    ]
    print(*bad, f"the database knows {len(known)} of {len(found)} packages, {len(bad)} flaws", sep="\n")
    return 1 if bad else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
