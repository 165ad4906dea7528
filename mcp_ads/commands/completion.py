"""`--install-completion`: what a shell needs to complete commands, options and their values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from cyclopts import App
from cyclopts.completion import ShellDetectionError, add_to_rc_file, detect_shell, get_default_completion_path

from mcp_ads.errors import AdsError, BadSettings
from mcp_ads.situation import NAME

from .streams import note, say

ALL = re.compile(r"(all_commands[= ])'[^']*'")
TOLD_APART = {
    "local -a cmd_path=()": 'local -a cmd_path=(); local before=""',
    'if [[ " $all_commands " =~ " $word " ]]; then': 'if [[ " $all_commands " == *" $before$word "* ]]; then',
    'cmd_path+=("$word")': 'cmd_path+=("$word"); before+="$word/"',
    'if string match -q -- "* $word *" " $all_commands "': (
        'if contains -- (string join / -- $subcommands $word) (string split " " -- $all_commands)'
    ),
}
"""What cyclopts' scripts for bash and fish ask of a word, and what is asked here."""
BEGINNING = ("compinit", "oh-my-zsh", "prezto", "zinit", "zimfw", "antidote", "zplug")
"""What has zsh complete anything: its own command, or a framework that calls it."""
Shell = Literal["bash", "zsh", "fish", "powershell"]


def install(app: App, shell: Shell | None, *, only_print: bool) -> int:
    """Write the script where the shell looks for it, and have its startup file load it; or print the script.

    Raises BadSettings where nobody says which shell it is, AdsError where a file cannot be written.
    """
    try:
        chosen = shell or detect_shell()
        script = by_their_places(app.generate_completion(shell=chosen), app)
    except ShellDetectionError:
        raise BadSettings("--shell: it is not known which shell this is; say bash, zsh or fish") from None
    except ValueError as error:
        raise BadSettings(f"--shell: {error}") from None
    if only_print:
        say(script)
        return 0
    try:
        path = get_default_completion_path(chosen, NAME)
        path.write_text(script, "utf-8")
        loads = chosen != "fish" and add_to_rc_file(path, NAME, chosen)
    except OSError as error:
        where = Path(error.filename) if error.filename else Path.home()
        raise AdsError(f"{where} cannot be written: {error.strerror}") from None
    note(f"wrote {path}{', and a line that loads it into the startup file of ' + chosen if loads else ''}")
    if chosen == "zsh" and not _begins_completion():
        note("add `autoload -Uz compinit && compinit` to the end of ~/.zshrc, or zsh completes nothing")
    note(f"start {chosen} again; then Tab after `mcp-ads ` shows the commands")
    return 0


def by_their_places(script: str, app: App) -> str:
    """The script with every command known by the commands before it.

    cyclopts knows them by their names alone: in `call facebook campaigns list` it takes the action for a
    command of that name, and completes no option behind it.
    """
    commands = " ".join(sorted(_paths(app)))
    script = ALL.sub(lambda found: f"{found[1]}'{commands}'", script)
    for theirs, ours in TOLD_APART.items():
        script = script.replace(theirs, ours)
    return script


def _paths(app: App, before: str = "") -> Iterator[str]:
    for name in app:
        if not name.startswith("-"):
            yield f"{before}{name}"
            yield from _paths(app[name], f"{before}{name}/")


def _begins_completion() -> bool:
    """Whether the startup file of zsh seems to begin completion: itself, or by a framework."""
    file = Path.home() / ".zshrc"
    text = file.read_text("utf-8", "replace") if file.is_file() else ""
    return any(word in text for word in BEGINNING)
