"""How `mcp-ads host` is spelled on the command line."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import App, Parameter

from mcp_ads.errors import BadSettings

from .options import Accounts, ClientOptions, LinkOptions, Organization

host = App(name="host", help="A server that keeps connectors for organizations: REST and MCP.")
client = App(name="client", help="Programs of an organization, and what each may do.")
token = App(name="token", help="Long-lived tokens for /mcp, each of one workspace.")
host.command(client)
host.command(token)

AsJson = Annotated[bool, Parameter(negative="", help="One JSON object.")]
NO_OPTIONS = ClientOptions()
EXTRA = 'the host needs more packages: pip install ".[host]" in its checkout'


def check_extra() -> None:
    """Raise BadSettings where the packages of the extra are not installed."""
    from importlib.util import find_spec

    if lacking := [name for name in ("fastapi", "sqlalchemy", "alembic", "jwt") if find_spec(name) is None]:
        raise BadSettings(f"{EXTRA} (there is no {lacking[0]})")


@host.command
def init(*, organization: Annotated[str, Parameter(help="Its name.")] = "main", json: AsJson = False) -> int:
    """Make an organization with its first client, and print their ids and the client's secret, once."""
    check_extra()
    from .clients import init as made

    return made(organization, as_json=json)


@host.command
def serve(
    *,
    host: Annotated[str, Parameter(help="Beyond this machine: docs/host.md.")] = "127.0.0.1",
    port: int = 8780,
    env_file: Annotated[str, Parameter(help="Settings file; the environment wins.")] = "",
) -> int:
    """Serve the REST API and /mcp."""
    check_extra()
    from .serve import serve as serving

    return serving(host, port, env_file)


@host.command
def rotate_key(
    *, print: Annotated[bool, Parameter(negative="", help="Print a new key, and change nothing.")] = False
) -> int:
    """Seal everything with a new key; the old one is needed no more. Servers may go on running."""
    check_extra()
    from .rotating import fresh, rotate

    return fresh() if print else rotate()


@host.command
def link(connector: str, *, options: Annotated[LinkOptions, Parameter(name="*")]) -> int:
    """Print a link with which somebody connects an account, once: no client, no token, no console."""
    check_extra()
    from .links import link as made

    return made(connector, options)


@client.command(name="add")
def add_client(name: str, *, options: Annotated[ClientOptions, Parameter(name="*")] = NO_OPTIONS) -> int:
    """Make a client and print its id and secret, once."""
    check_extra()
    from .clients import add

    return add(name, options)


@client.command(name="list")
def list_clients(*, organization: Organization = "", json: AsJson = False) -> int:
    """List an organization's clients with what each may do."""
    check_extra()
    from .clients import listing

    return listing(organization, as_json=json)


@client.command(name="revoke")
def revoke_client(client_id: str, *, organization: Organization = "") -> int:
    """Believe a client and its tokens no more, from now on."""
    check_extra()
    from .clients import revoke

    return revoke(organization, client_id)


@token.command(name="add")
def add_token(
    name: str,
    *,
    workspace: Annotated[str, Parameter(help="Its name; it is made where it is new.")],
    scope: Annotated[
        Literal["read", "plan", "write"],
        Parameter(help="read: no plans; plan: plans, no apply; write: also apply."),
    ],
    accounts: Accounts = None,
    organization: Organization = "",
) -> int:
    """Make a token for /mcp and print it, once."""
    check_extra()
    from .tokens import add

    return add(organization, workspace, name, scope, accounts)


@token.command(name="list")
def list_tokens(*, organization: Organization = "", json: AsJson = False) -> int:
    """List an organization's tokens: names, workspaces, scopes and accounts."""
    check_extra()
    from .tokens import listing

    return listing(organization, as_json=json)


@token.command(name="revoke")
def revoke_token(name: str, *, organization: Organization = "") -> int:
    """Believe a token no more, from now on; by its name or id."""
    check_extra()
    from .tokens import revoke

    return revoke(organization, name)
