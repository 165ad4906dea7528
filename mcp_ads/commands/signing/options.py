"""What the command line of `login` says beside the connector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from mcp_ads.errors import BadSettings

FLAG = Parameter(negative="")
MOST_PORT = 65_535


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of `login`."""

    name: Annotated[str, Parameter(help="Of the connection, where there are several.")] = ""
    port: Annotated[int | None, Parameter(help="Where the browser comes back to; 8765 unless given.")] = None
    redirect_uri: Annotated[str, Parameter(help="https://…; the address it leads to is pasted then.")] = ""
    no_browser: Annotated[bool, FLAG, Parameter(help="Print the address instead of opening it.")] = False
    scopes: Annotated[str, Parameter(help="read, all, or names separated by commas.")] = ""
    token: Annotated[bool, FLAG, Parameter(help="Paste a token instead of using a browser.")] = False
    accounts: Annotated[str, Parameter(help="Which may be used: facebook:123,facebook:456.")] = ""
    default: Annotated[str, Parameter(help="Which is meant when none is named: facebook:123.")] = ""
    env_file: Annotated[str, Parameter(help="Settings file; the environment wins.")] = ""

    def __post_init__(self) -> None:
        if self.token and self.of_browser:
            raise BadSettings("--token: a pasted token needs no browser; leave the options about one out")
        if self.redirect_uri and self.port is not None:
            raise BadSettings("--port: --redirect-uri says the port too; leave one of them out")
        if self.port is not None and not 1 <= self.port <= MOST_PORT:
            raise BadSettings(f"--port: {self.port} is no port")

    @property
    def of_browser(self) -> bool:
        """Whether something is said that only a browser needs."""
        return bool(self.port is not None or self.redirect_uri or self.no_browser or self.scopes)
