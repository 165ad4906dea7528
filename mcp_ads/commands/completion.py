"""`--install-completion`: what a shell needs to complete commands, options and their values."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from cyclopts import App
from cyclopts.completion import ShellDetectionError, add_to_rc_file, detect_shell, get_default_completion_path

from mcp_ads.errors import AdsError, BadSettings
from mcp_ads.situation import NAME

from .streams import note, say

Shell = Literal["bash", "zsh", "fish", "powershell"]


def install(app: App, shell: Shell | None, *, only_print: bool) -> int:
    """Write the script where the shell looks for it, and have its startup file load it; or print the script.

    Raises BadSettings where nobody says which shell it is, AdsError where a file cannot be written.
    """
    try:
        chosen = shell or detect_shell()
        script = app.generate_completion(shell=chosen)
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
    note(f"start {chosen} again; then Tab after `mcp-ads ` shows the commands")
    return 0
