"""How `mcp-ads install` and `mcp-ads uninstall` are spelled on the command line."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

ClientName = Annotated[
    Literal[
        "claude-desktop", "claude-code", "cursor", "vscode", "windsurf", "cline", "zed", "gemini-cli",
        "codex", "opencode", "continue", "goose", "jetbrains",
    ],
    Parameter(help="The client: docs/clients.md."),
]  # fmt: skip
"""Those of `install.places`, which is not read before somebody installs; shells complete them."""
Name = Annotated[str, Parameter(help="Name of the server in the client.")]
Flag = Parameter(negative="")
Project = Annotated[bool, Flag, Parameter(help="For the project here, not for all.")]
DryRun = Annotated[bool, Flag, Parameter(help="Show what would change; write nothing.")]


def install(
    client: ClientName,
    *,
    env_file: Annotated[str, Parameter(help="Settings file the client's server reads.")] = "",
    name: Name = "mcp-ads",
    project: Project = False,
    print: Annotated[bool, Flag, Parameter(help="Print what to paste; write nothing.")] = False,
    dry_run: DryRun = False,
    bundle: Annotated[str | None, Parameter(help="Write an .mcpb file for Claude Desktop instead.")] = None,
) -> int:
    """Write mcp-ads into a client's configuration, beside what is there; a copy of the old one is kept."""
    from . import install as installing

    if bundle is not None:
        return installing.bundled(client, bundle)
    return installing.install(
        client, name=name, env_file=env_file, project=project, only_print=print, dry_run=dry_run
    )


def uninstall(
    client: ClientName, *, name: Name = "mcp-ads", project: Project = False, dry_run: DryRun = False
) -> int:
    """Take mcp-ads, and nothing else, out of a client's configuration; a copy of the old one is kept."""
    from .uninstall import uninstall as uninstalled

    return uninstalled(client, name=name, project=project, dry_run=dry_run)
