"""The repository as a Claude Code plugin, and skills copied where an agent's program looks for them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from node_programs import Programs, installed
from shell import Shell

from mcp_ads import __version__
from mcp_ads.skills import FILE, FOLDER, skills

ROOT = Path(__file__).parents[2]
CLAUDE = "node_modules/@anthropic-ai/claude-code/cli-wrapper.cjs"
OFFLINE = {"DISABLE_AUTOUPDATER": "1", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"}


def test_the_plugin_is_this_version_with_these_skills() -> None:
    """Its skills are the package's own folder, its server is the plugin itself, the marketplace has it."""
    plugin, market = (
        json.loads((ROOT / ".claude-plugin" / f"{name}.json").read_text("utf-8"))
        for name in ("plugin", "marketplace")
    )
    assert plugin["version"] == __version__
    assert (ROOT / plugin["skills"]).resolve() == FOLDER.resolve()
    assert plugin["mcpServers"]["ads"]["args"] == ["--from", "${CLAUDE_PLUGIN_ROOT}", "mcp-ads", "serve"]
    (entry,) = market["plugins"]
    assert (entry["name"], entry["source"]) == (plugin["name"], "./")


@pytest.mark.vendors
def test_claude_code_takes_the_plugin(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Claude Code's own validator passes it, and what it installs has all skills."""
    programs = installed(tmp_path_factory)
    here = tmp_path / "checkout"
    shutil.copytree(ROOT / ".claude-plugin", here / ".claude-plugin")
    shutil.copytree(FOLDER, here / FOLDER.relative_to(ROOT), ignore=shutil.ignore_patterns("__pycache__"))
    for words in (
        ("validate", "."), ("validate", ".claude-plugin/plugin.json"), ("marketplace", "add", "./"),
        ("install", "mcp-ads@mcp-ads"),
    ):  # fmt: skip
        claude(programs, here, *words)
    details = claude(programs, here, "details", "mcp-ads@mcp-ads")
    assert f"Skills ({len(skills())})  {', '.join(skills())}" in details


def claude(programs: Programs, here: Path, *words: str) -> str:
    """What `claude plugin` prints, which went well; nothing is sent anywhere."""
    done = programs.run(CLAUDE, "plugin", *words, here=here, **OFFLINE)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_skills_are_listed_and_copied(shell: Shell) -> None:
    """Each goes into Claude Code's folder; one that somebody changed stays, and is named, unless forced."""
    code, out, _ = shell.run("skills", "list")
    assert code == 0
    assert out.splitlines() == [f"{skill.name}: {skill.description}" for skill in skills().values()]
    code, out, err = shell.run("skills", "install")
    folder = Path.home() / ".claude" / "skills"
    assert (code, out) == (0, "")
    assert f"10 of 10 skills are in {folder}" in err
    own = folder / "pacing" / FILE
    assert own.read_bytes() == skills()["pacing"].files[FILE]
    own.write_text("mine")
    (folder / "pacing" / "notes.md").write_text("also mine")
    code, _, err = shell.run("skills", "install")
    assert (code, own.read_text()) == (1, "mine")
    assert f"{folder / 'pacing'}: another {FILE} is there; --force writes over it" in err
    code, _, _ = shell.run("skills", "install", "--force")
    assert code == 0
    assert own.read_bytes() == skills()["pacing"].files[FILE]
    assert (folder / "pacing" / "notes.md").exists()


def test_a_folder_of_ones_own(shell: Shell) -> None:
    """It is that of --to, from where one is; what is no folder is said in one line."""
    code, _, _ = shell.run("skills", "install", "--to", "agents/skills")
    assert code == 0
    assert {path.parent.name for path in shell.here.glob(f"agents/skills/*/{FILE}")} == set(skills())
    precious = shell.here / "precious"
    precious.write_text("keep")
    own = shell.here / "agents" / "skills" / "pacing" / FILE
    own.unlink()
    own.with_name(f".{FILE}.tmp").symlink_to(precious)
    assert shell.run("skills", "install", "--to", "agents/skills")[0] == 0
    assert (own.read_bytes(), precious.read_text()) == (skills()["pacing"].files[FILE], "keep")
    (shell.here / "file").write_text("")
    code, _, err = shell.run("skills", "install", "--to", "file")
    assert code == 1
    assert len(err.splitlines()) == 1
    assert "cannot be written" in err


def test_skills_are_removed_again(shell: Shell) -> None:
    """Only folders that are ours and unchanged: other words, more files or a link stay, and are named."""
    folder, names = shell.here / "agents", [*skills()]
    assert shell.run("skills", "install", "--to", "agents")[0] == 0
    (folder / "mine").mkdir()
    (folder / names[0] / FILE).write_text("mine")
    (folder / names[1] / "notes.md").write_text("mine")
    (folder / names[2]).rename(shell.here / "elsewhere")
    (folder / names[2]).symlink_to(shell.here / "elsewhere")
    code, out, err = shell.run("skills", "uninstall", "--from", "agents")
    assert (code, out) == (1, "")
    assert f"{folder}: 7 of 10 skills taken out" in err
    assert sorted(path.name for path in folder.iterdir()) == sorted(["mine", *names[:3]])
    assert [f"{folder / name}: was changed" in err for name in names] == [True] * 3 + [False] * 7
    assert (folder / names[2] / FILE).exists()
    code, out, err = shell.run("skills", "uninstall")
    assert (code, out) == (0, "")
    assert f"{Path.home() / '.claude' / 'skills'}: 0 of 10 skills taken out" in err
