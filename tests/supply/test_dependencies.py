"""What is installed with us: bounded, reviewed, under licences that ask nothing of a user."""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
REVIEWED: dict[str, dict[str, str]] = tomllib.loads((HERE / "reviewed.toml").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = [name for name in REVIEWED if name not in ("run", "elsewhere")]
FREE = {
    "MIT", "MIT-0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "MPL-2.0", "Unlicense",
    "LGPL-3.0-only",
}  # fmt: skip
"""Licences that leave a program which uses the package under its own."""


def asked() -> list[str]:
    """Every requirement that pyproject.toml states."""
    return [
        *PROJECT["dependencies"],
        *(one for extra in PROJECT["optional-dependencies"].values() for one in extra),
    ]


def brought(extra: str) -> set[str]:
    """The names of all that is installed for the project with an extra, as far as it is for this machine."""
    seen, waiting = set[tuple[str, frozenset[str]]](), [("mcp-ads", frozenset({extra} - {"run"}))]
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        for line in distribution(name).requires or ():
            needed = Requirement(line)
            meant = needed.marker is None or any(
                needed.marker.evaluate({"extra": one}) for one in extras or {""}
            )
            if meant and there(needed.name):
                waiting.append((canonicalize_name(needed.name), frozenset(needed.extras)))
    return {name for name, _ in seen} - {"mcp-ads"}


def there(name: str) -> bool:
    """Whether it is installed."""
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


@pytest.mark.parametrize("line", asked())
def test_a_requirement_has_both_bounds(line: str) -> None:
    """The next major version of anything waits until somebody has looked at it."""
    needed = Requirement(line)
    signs = {specifier.operator for specifier in needed.specifier}
    assert needed.name == PROJECT["name"] or (">=" in signs and "<" in signs), line


def test_what_is_reviewed_is_free() -> None:
    """Every part of every licence is among those that ask nothing of who runs the server."""
    for names in REVIEWED.values():
        for name, licence in names.items():
            assert set(licence.replace(" AND ", " OR ").split(" OR ")) <= FREE, name


@pytest.mark.vendors
@pytest.mark.parametrize("extra", ["run", *EXTRAS])
def test_all_that_is_installed_is_reviewed(extra: str) -> None:
    """A package that a dependency begins to bring is looked at first; one that is gone goes."""
    found, known = brought(extra), set(REVIEWED["run"]) | set(REVIEWED[extra])
    assert found - known - set(REVIEWED["elsewhere"]) == set(), "look at it, then add it to reviewed.toml"
    if (sys.platform, sys.version_info[:2]) == ("linux", (3, 11)):  # elsewhere some are not asked for
        assert known - found == set(), "no longer installed: take it out of reviewed.toml"
