"""The week's jobs as skills: a folder each, whose SKILL.md says the calls, when to stop and what to ask."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mcp_ads.platforms import SHORT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastmcp.skills import Skill

FOLDER = Path(__file__).parent
FILE = "SKILL.md"
_QUESTION = re.compile(r"^- `(\w+)`: (.+)$", re.MULTILINE)


@cache
def skills() -> dict[str, Skill]:
    """Every skill by its name, as the package has it. Raises ValueError for a SKILL.md that is none."""
    from fastmcp.skills import Skill

    return {path.parent.name: Skill.from_directory(path.parent) for path in sorted(FOLDER.glob(f"*/{FILE}"))}


def skills_for(served: Iterable[str]) -> dict[str, Skill]:
    """The skills that something can be asked with where these connectors are served."""
    there = {SHORT.get(name, name) for name in served}
    return {name: skill for name, skill in skills().items() if there & platforms(skill)}


def platforms(skill: Skill) -> frozenset[str]:
    """The short names of the platforms a skill is for: those its frontmatter has, else every one."""
    named = (skill.manifest.frontmatter.metadata or {}).get("platforms")
    return frozenset(str(named).split() if named else SHORT.values())


def body(skill: Skill) -> str:
    """What a SKILL.md says below its frontmatter."""
    return skill.files[FILE].decode().split("---\n", 2)[2].strip()


def questions(skill: Skill) -> dict[str, str]:
    """What a skill asks the person first: names, each with what it means."""
    _, _, rest = body(skill).partition("## Ask first\n")
    return dict(_QUESTION.findall(rest.partition("\n## ")[0]))
