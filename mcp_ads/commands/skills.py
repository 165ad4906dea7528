"""`skills`: the week's jobs as Agent Skills in the folders where programs look for them: copied, removed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from mcp_ads.files import private_files
from mcp_ads.settings_values import path_of

from .streams import FAILED, complain, note, say

if TYPE_CHECKING:
    from fastmcp.skills import Skill

FOLDER = "~/.claude/skills"
skills = App(name="skills", help="The week's jobs as Agent Skills.")


@skills.command(name="list")
def list_skills() -> int:
    """List the skills: what each is for."""
    from mcp_ads.skills import skills as known

    for skill in known().values():
        say(f"{skill.name}: {skill.description}")
    return 0


@skills.command
def install(
    *,
    to: Annotated[str, Parameter(help="A folder of skills; Claude Code's unless given.")] = FOLDER,
    force: Annotated[bool, Parameter(negative="", help="Also over a SKILL.md that is another.")] = False,
) -> int:
    """Copy the skills into a folder. Exit code 1 when one there is another and was left as it is."""
    from mcp_ads.skills import skills as known

    folder = path_of("--to", to).absolute()
    try:
        left = [name for name, skill in known().items() if not _written(folder, skill, force=force)]
    except OSError as error:
        complain(f"--to: {folder} cannot be written: {error.strerror}")
        return FAILED
    note(f"{len(known()) - len(left)} of {len(known())} skills are in {folder}")
    for name in left:
        complain(f"{folder / name}: another SKILL.md is there; --force writes over it")
    return FAILED if left else 0


def _written(folder: Path, skill: Skill, *, force: bool) -> bool:
    """Whether the skill is there then; a SKILL.md that is another stays unless forced. Raises OSError."""
    from mcp_ads.skills import FILE

    path, ours = folder / skill.name / FILE, skill.files[FILE]
    if path.is_file() and path.read_bytes() == ours:
        return True
    if (path.exists() or path.is_symlink()) and not force:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    private_files.replace(path, ours)
    return True


@skills.command
def uninstall(
    *,
    from_: Annotated[
        str, Parameter(name="--from", help="A folder of skills; Claude Code's unless given.")
    ] = FOLDER,
) -> int:
    """Take the skills out of a folder. Exit code 1 when one there was changed and was left as it is."""
    from mcp_ads.skills import skills as known

    folder = path_of("--from", from_).absolute()
    there = {name: skill for name, skill in known().items() if os.path.lexists(folder / name)}
    try:
        left = [name for name, skill in there.items() if not _removed(folder, skill)]
    except OSError as error:
        complain(f"--from: {error.filename or folder} cannot be removed: {error.strerror}")
        return FAILED
    note(f"{folder}: {len(there) - len(left)} of {len(known())} skills taken out")
    for name in left:
        complain(f"{folder / name}: was changed, or has more in it; it is yours to remove")
    return FAILED if left else 0


def _removed(folder: Path, skill: Skill) -> bool:
    """Whether the skill is gone then: only a folder with nothing but our SKILL.md. Raises OSError."""
    from mcp_ads.skills import FILE

    place = folder / skill.name
    path = place / FILE
    if place.is_symlink() or path.is_symlink() or not path.is_file():
        return False
    if [found.name for found in place.iterdir()] != [FILE] or path.read_bytes() != skill.files[FILE]:
        return False
    path.unlink()
    place.rmdir()
    return True
