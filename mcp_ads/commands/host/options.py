"""What the command line says of a new client."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import Parameter

FLAG = Parameter(negative="")
Accounts = Annotated[str | None, Parameter(help="Only these, such as facebook:123,amazon:789.")]
Organization = Annotated[str, Parameter(help="Its name or id; needed where there are several.")]


@dataclass(frozen=True, kw_only=True)
class ClientOptions:
    """The options of `host client add`. What is left out limits nothing; what is empty is a mistake."""

    organization: Organization = ""
    writes: Annotated[
        Literal["plan", "direct", "off"],
        Parameter(help="plan: each write waits as a plan; direct: carried out at once; off: reads only."),
    ] = "plan"
    workspaces: Annotated[str | None, Parameter(help="Only these, with commas between.")] = None
    accounts: Accounts = None
    max_daily_budget: Annotated[str | None, Parameter(help='Such as "100 USD, 90 EUR".')] = None
    max_lifetime_budget: Annotated[str | None, Parameter(help='Such as "1000 USD".')] = None
    max_increase_pct: Annotated[str | None, Parameter(help="Most a budget may rise in a day: percent.")] = (
        None
    )
    no_cap: Annotated[bool, FLAG, Parameter(help="With --writes direct: without a cap.")] = False
    redirect: Annotated[
        tuple[str, ...], Parameter(help="A URL that people may come back to; given again for another.")
    ] = ()
    json: Annotated[bool, FLAG, Parameter(help="One JSON object.")] = False

    @property
    def caps(self) -> dict[str, str]:
        """The caps that are given, by their options."""
        known = {
            "--max-daily-budget": self.max_daily_budget,
            "--max-lifetime-budget": self.max_lifetime_budget,
            "--max-increase-pct": self.max_increase_pct,
        }
        return {option: text for option, text in known.items() if text is not None}


@dataclass(frozen=True, kw_only=True)
class LinkOptions:
    """The options of `host link`."""

    workspace: Annotated[str, Parameter(help="Its name; it is made where it is new.")]
    organization: Organization = ""
    name: Annotated[str | None, Parameter(help="The connector's name; else the platform's.")] = None
    hours: Annotated[int, Parameter(help="How long the link is good, 1 to 168.")] = 24
    url: Annotated[str, Parameter(help="Where the server answers, unless MCP_ADS_HOST_PUBLIC_URL says.")] = (
        "http://127.0.0.1:8780"
    )
    env_file: Annotated[str, Parameter(help="Settings file; the environment wins.")] = ""
