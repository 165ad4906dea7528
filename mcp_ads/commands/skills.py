"""`skills`: the week's jobs as Agent Skills, listed, and copied where an agent's program looks for them."""

from __future__ import annotations

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
