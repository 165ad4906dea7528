"""The commands beside `serve`, spelled with cyclopts; what they do is in `commands`.

Results go to stdout, messages to stderr. Exit codes: 0 done, 1 the call failed or something is broken, 2 the
command line or a setting was not understood, 128 and a signal's number where one stopped it (130 Ctrl-C), 141
the reader of stdout went away.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter

from mcp_ads.commands.clients_cli import clients
from mcp_ads.commands.host.cli import host as host_commands
from mcp_ads.commands.install_cli import install, uninstall
from mcp_ads.commands.signing.options import Options
from mcp_ads.commands.skills import skills
from mcp_ads.commands.streams import BAD_USAGE, FAILED, READER_GONE, complain, lenient

from . import __version__, serving
from .errors import AdsError, BadSettings

INTERRUPTED, PIPE_CLOSED = 130, 141
Format = Annotated[Literal["table", "json"], Parameter(help="table (CSV under a meta line) or json.")]
Params = Annotated[str, Parameter(help="JSON object, @file, or - for stdin.", allow_leading_hyphen=True)]
Flag = Parameter(negative="")
NO_OPTIONS = Options()
app = App(
    name="mcp-ads",
    version=__version__,
    version_flags=["--version"],
    help="Read and manage ads on Facebook, LinkedIn and Amazon. Without a command it serves MCP over stdio.",
    help_format="plaintext",
)


def run(words: list[str]) -> None:
    """Carry out one command and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        lenient(stream)
    try:
        code = _code(words)
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = INTERRUPTED
    except OSError as error:
        if error.errno not in READER_GONE:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = PIPE_CLOSED
    raise SystemExit(code)


def _code(words: list[str]) -> int:
    try:
        code = app(words, exit_on_error=False, print_error=False, result_action="return_value")
    except CycloptsError as error:
        from mcp_ads.commands.usage import explained

        complain(explained(error))
        return BAD_USAGE
    except AdsError as error:
        complain("\n".join(error.lines))
        return BAD_USAGE if isinstance(error, BadSettings) else FAILED
    return int(code or 0)


@app.command
def serve(
    *,
    transport: Annotated[Literal["stdio", "http", "sse"], Parameter(help="HTTP answers at /mcp.")] = "stdio",
    host: Annotated[str, Parameter(help="Beyond this machine it takes a token: docs/http.md.")] = "127.0.0.1",
    port: int = 8000,
    env_file: Annotated[str, Parameter(help="Settings file; the environment wins.")] = "",
) -> int:
    """Serve MCP. This is what runs when no command is given."""
    words = ["--transport", transport, "--host", host, "--port", str(port)]
    return serving.serve([*words, *(["--env-file", env_file] if env_file else [])])


@app.command
def call(
    connector: Annotated[str, Parameter(help="facebook-marketing, linkedin-ads, amazon-ads; ads asks all.")],
    entity: str,
    action: str,
    *,
    params: Params = "{}",
    format: Format = "table",
) -> int:
    """Carry out one action. A write answers with a plan unless MCP_ADS_WRITES=direct."""
    from .commands import calls

    return calls.call(connector, entity, action, calls.params_of(params), format)


@app.command
def plans(*, format: Format = "table") -> int:
    """List the plans kept here, open and finished, oldest first."""
    from .commands import calls

    return calls.plans(format)


@app.command
def apply(plan_id: str, *, format: Format = "table") -> int:
    """Carry out a plan, once."""
    from .commands import calls

    return calls.apply(plan_id, format)


@app.command
def describe(
    connector: str = "",
    entity: str = "",
    action: str = "",
    *,
    query: Annotated[str, Parameter(help="Words to find actions by, such as 'lower ACOS'.")] = "",
    json: Annotated[bool, Flag, Parameter(help="Every action with its JSON Schema.")] = False,
) -> int:
    """Show accounts and rules, or a connector's entities, an entity's actions, an action's parameters."""
    from .commands import describing

    if json and query:
        raise BadSettings("--json: every action, and not those that fit a question; leave --query out")
    if json:
        return describing.as_json(connector, entity, action)
    return describing.as_text(connector, entity, action, query)


@app.command
def trace(id: str = "") -> int:
    """List the last calls, or show one: its redacted request and answer."""
    from .commands import tracing

    return tracing.one(id) if id else tracing.listing()


audit = App(name="audit", help="The log of changes.")
app.command(audit)


@audit.command
def verify() -> int:
    """Check that no line of the audit log was changed, added or removed. Exit code 1 when one was."""
    from .commands import auditing

    return auditing.verify()


token = App(name="token", help="The named tokens of an HTTP server.")
app.command(token)
app.command(clients)
app.command(skills)
app.command(install)
app.command(uninstall)
app.command(host_commands)


@token.command
def add(
    name: str,
    *,
    scope: Annotated[
        Literal["read", "plan", "write"],
        Parameter(help="read: no plans; plan: plans, no apply; write: also apply."),
    ],
    accounts: Annotated[str | None, Parameter(help="Only these, such as facebook:123,amazon:789.")] = None,
) -> int:
    """Make a token and print it, once. Its hash goes into the file of MCP_ADS_HTTP_TOKENS."""
    from .commands import token as tokens

    return tokens.add(name, scope, accounts)


@token.command(name="list")
def list_tokens() -> int:
    """List the tokens: names, scopes and accounts."""
    from .commands import token as tokens

    return tokens.listing()


@token.command
def remove(name: str) -> int:
    """Remove a token: it works no more, also in a server that runs."""
    from .commands import token as tokens

    return tokens.remove(name)


@app.command
def doctor(
    *,
    json: Annotated[bool, Flag, Parameter(help="One JSON object.")] = False,
    reads: Annotated[bool, Flag, Parameter(help="Try every read; the report is redacted.")] = False,
    save: Annotated[str, Parameter(help="With --reads: a file to write the report to.")] = "",
) -> int:
    """Check settings, credentials, accounts and permissions. Exit code 1 when something is broken."""
    from .commands import doctor as checks

    if reads:
        return checks.reads(save=save, as_json=json)
    if save:
        raise BadSettings("--save: for the report of --reads; without it leave it out")
    return checks.doctor(as_json=json)


@app.command
def login(
    connector: Annotated[
        str, Parameter(help="facebook-marketing, linkedin-ads or amazon-ads, or a connection.")
    ] = "",
    *,
    options: Annotated[Options, Parameter(name="*")] = NO_OPTIONS,
) -> int:
    """Sign in to a platform on your own app, and choose the accounts that may be used."""
    from .commands.login import login as sign_in

    return sign_in(connector, options)


@app.command
def logout(name: Annotated[str, Parameter(help="A connection or a connector.")]) -> int:
    """Forget what a sign-in gave; at the platform it stays good until you take it back there."""
    from .commands.logout import logout as forget

    return forget(name)


@app.command
def accounts(*, format: Format = "table") -> int:
    """List every connection with its accounts, those that may be used, and until when it is signed in."""
    from .commands.accounts import accounts as listing

    return listing(format)


@app.command
def sandbox(
    *,
    port: Annotated[int | None, Parameter(help="First of five ports in a row; 8600 unless given.")] = None,
    reset: Annotated[bool, Flag, Parameter(help="Forget all of it and end; with --port, serve.")] = False,
    forward: Annotated[
        int | None, Parameter(help="Let seconds go by, so that reports are ready, and end.")
    ] = None,
    world: Annotated[
        Literal["usual", "agency"] | None, Parameter(help="agency: 20 clients with 50 accounts.")
    ] = None,
    clients: Annotated[bool, Flag, Parameter(help="Print the agency's clients.toml and end.")] = False,
) -> int:
    """Serve three make-believe ad platforms over HTTP and print the variables to export."""
    from .commands import sandbox as ports

    return ports.sandbox(port, reset=reset, forward=forward, world=world, clients=clients)


@app.command
def demo() -> int:
    """Show everything in a make-believe world: no account, no network, nothing to clean up."""
    from .commands.demo import demo as show

    return show()


@app.command(name="--install-completion")
def install_completion(
    *,
    shell: Annotated[
        Literal["bash", "zsh", "fish", "powershell"] | None, Parameter(help="The one in use, unless given.")
    ] = None,
    print: Annotated[bool, Flag, Parameter(help="Print the script; write nothing.")] = False,
) -> int:
    """Have the shell complete commands and options; what its startup file has stays."""
    from .commands import completion

    return completion.install(app, shell, only_print=print)
