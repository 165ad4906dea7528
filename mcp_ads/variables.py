"""The variables there are, each with its meaning: what is read, documented, and proposed for a slip."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .platforms import OF_CONNECTION, PLATFORMS
from .version import __version__


class Variable(NamedTuple):
    """What a variable means, what it is when nothing sets it, whether an empty one would open a guard, and
    whether it is a secret, which stands in no client's file and on no command line.
    """

    meaning: str
    default: str = ""
    guard: bool = False
    secret: bool = False


OWN = "MCP_ADS_"
LIKE_SECRETS = ("TOKEN", "SECRET", "KEY", "PASSWORD")
"""How the names of secrets end."""
VARIABLES: Mapping[str, Variable] = {
    "FACEBOOK_MARKETING_ACCESS_TOKEN": Variable(
        "required, unless there is a sign-in (`mcp-ads login`): a token with `ads_read`, "
        "and `ads_management` for writes",
        secret=True,
    ),
    "FACEBOOK_MARKETING_CLIENT_ID": Variable("the app's id"),
    "FACEBOOK_MARKETING_CLIENT_SECRET": Variable(
        "the app's secret; with it every call carries `appsecret_proof`",
        secret=True,
    ),
    "FACEBOOK_MARKETING_ACCOUNT_IDS": Variable(
        "allow-list of ad account ids, comma-separated", "all the token sees", guard=True
    ),
    "FACEBOOK_MARKETING_API_VERSION": Variable("Graph version", "`v26.0`"),
    "FACEBOOK_MARKETING_BASE_URL": Variable("scheme://host:port instead of `https://graph.facebook.com`"),
    "FACEBOOK_MARKETING_AUTH_URL": Variable(
        "the consent page, or its scheme://host:port, instead of `https://www.facebook.com`"
    ),
    "LINKEDIN_ADS_ACCESS_TOKEN": Variable(
        "required, unless there is a refresh token or a sign-in (`mcp-ads login`): a token (60 days)",
        secret=True,
    ),
    "LINKEDIN_ADS_REFRESH_TOKEN": Variable(
        "instead of an access token, together with the next two: tokens are made from it",
        secret=True,
    ),
    "LINKEDIN_ADS_CLIENT_ID": Variable("the app's id"),
    "LINKEDIN_ADS_CLIENT_SECRET": Variable("the app's secret", secret=True),
    "LINKEDIN_ADS_ACCOUNT_IDS": Variable(
        "allow-list of ad account ids, comma-separated", "all the member sees", guard=True
    ),
    "LINKEDIN_ADS_API_VERSION": Variable("month of the versioned API", "`202607`"),
    "LINKEDIN_ADS_BASE_URL": Variable("instead of `https://api.linkedin.com`"),
    "LINKEDIN_ADS_TOKEN_URL": Variable("instead of `https://www.linkedin.com/oauth/v2/accessToken`"),
    "LINKEDIN_ADS_AUTH_URL": Variable(
        "the consent page, or its scheme://host:port, instead of `https://www.linkedin.com`"
    ),
    "AMAZON_ADS_REFRESH_TOKEN": Variable(
        "required, together with the next two, unless there is a sign-in (`mcp-ads login`)",
        secret=True,
    ),
    "AMAZON_ADS_CLIENT_ID": Variable("the client id of the Login with Amazon profile"),
    "AMAZON_ADS_CLIENT_SECRET": Variable("its secret", secret=True),
    "AMAZON_ADS_REGION": Variable("`NA`, `EU`, `FE` or one of the three host URLs", "all three"),
    "AMAZON_ADS_PROFILE_ID": Variable(
        "the profile meant when a call names none; counts as allowed", guard=True
    ),
    "AMAZON_ADS_ACCOUNT_IDS": Variable(
        "allow-list of profile ids, comma-separated", "all the user sees", guard=True
    ),
    "AMAZON_ADS_BASE_URL": Variable("one URL, or `NA=…,EU=…,FE=…`"),
    "AMAZON_ADS_TOKEN_URL": Variable("instead of `https://api.amazon.com/auth/o2/token`"),
    "AMAZON_ADS_AUTH_URL": Variable("the consent page, or its scheme://host:port, instead of Amazon's"),
    "MCP_ADS_CONNECTORS": Variable("which connectors there are, comma-separated", "all three", guard=True),
    "MCP_ADS_SANDBOX": Variable(
        "`1`: invented data of two advertisers, `agency`: of an agency's 20 clients; credentials and base "
        "URLs are then not read",
        "`0`",
    ),
    "MCP_ADS_SANDBOX_REPORT_DELAY": Variable(
        "seconds of the sandbox's own clock that a report takes there, of Amazon's or a run of Facebook's",
        "`0`; `600` in the agency's world",
    ),
    "MCP_ADS_WRITES": Variable("`plan`, `direct` or `off`", "`plan`"),
    "MCP_ADS_MAX_DAILY_BUDGET": Variable(
        "most a daily budget may be, such as `100 USD, 90 EUR`; other currencies are then refused",
        "none",
        guard=True,
    ),
    "MCP_ADS_MAX_LIFETIME_BUDGET": Variable(
        "the same for lifetime budgets and spend caps", "none", guard=True
    ),
    "MCP_ADS_MAX_BUDGET_INCREASE_PCT": Variable(
        "most a budget may rise in 24 hours, in percent", "none", guard=True
    ),
    "MCP_ADS_UNSCOPED_WRITES": Variable(
        "`1` allows writes to what no ad account owns although there is an allow-list", "`0`"
    ),
    "MCP_ADS_RAW_WRITES": Variable(
        "`1` allows changes by `graph`, `rest` and `api`, whose requests the agent writes itself, in plans",
        "`0`",
    ),
    "MCP_ADS_AUDIT_LOG": Variable("file of the audit log", "`MCP_ADS_HOME/audit.jsonl`"),
    "MCP_ADS_HOME": Variable("plans, audit log, trace, caches, tokens, sandbox state", "`~/.mcp-ads`"),
    "MCP_ADS_KEYRING": Variable(
        "`auto`: sign-ins are kept in the system's keyring where it answers within a second, else in private "
        "files; `on`: nowhere else; `off`: it is not asked",
        "`auto`",
    ),
    "MCP_ADS_SIGN_IN_PAGE": Variable(
        "`on`: a server on this machine answers a call without credentials with a page to sign in at; `off`: "
        "with the command alone",
        "`on`",
    ),
    "MCP_ADS_FILES": Variable("the only folder read from or written to on an agent's word", "none"),
    "MCP_ADS_ENV_FILE": Variable("a settings file", "none"),
    "MCP_ADS_HTTP_TOKEN": Variable(
        "bearer token for HTTP and SSE; required to listen beyond this machine",
        "none",
        guard=True,
        secret=True,
    ),
    "MCP_ADS_HTTP_TOKENS": Variable(
        "instead: a TOML file of named tokens with scopes and accounts, made by `mcp-ads token add`",
        "none",
        guard=True,
    ),
    "MCP_ADS_HTTP_ALLOWED_HOSTS": Variable(
        "Host headers accepted besides this machine's names, comma-separated", "none"
    ),
    "MCP_ADS_HOST_URL": Variable(
        "for Python: scheme://host:port of the server that keeps the connectors of `connect(…, "
        "workspace_name=…)` and of an `AirbyteAuthConfig`",
        "`SDK_DEV_ADP_API_HOST`",
    ),
    "DATABASE_URL": Variable(
        "for `mcp-ads host`: postgresql://user:password@host/name, for several processes",
        "SQLite in MCP_ADS_HOME/host",
        secret=True,
    ),
    "MCP_ADS_HOST_KEY": Variable(
        "for `mcp-ads host`: what seals credentials, 32 bytes in base64; a newer one stands before an "
        "older one, with a comma between",
        "the file MCP_ADS_HOME/host.key",
        guard=True,
        secret=True,
    ),
    "MCP_ADS_HOST_PUBLIC_URL": Variable(
        "for `mcp-ads host`: scheme://host:port under which browsers and clients reach it",
        "that of each request, on this machine",
        guard=True,
    ),
    "SDK_DEV_ADP_API_HOST": Variable("scheme://host:port instead of Airbyte's `https://api.airbyte.ai`"),
    "AIRBYTE_CLIENT_ID": Variable("the id of the client that may use the connectors of a host"),
    "AIRBYTE_CLIENT_SECRET": Variable("its secret", secret=True),
    "MCP_ADS_BACKEND": Variable(
        "`direct`: the platforms are asked themselves; `airbyte`: Airbyte's API carries the requests, with "
        "the credentials it keeps (docs/airbyte.md)",
        "`direct`",
    ),
    "AIRBYTE_WORKSPACE_NAME": Variable("the workspace at Airbyte whose connectors are used", "`default`"),
    **{
        f"AIRBYTE_{prefix}_CONNECTOR_ID": Variable(
            "the connector's id at Airbyte, where the workspace has several of the kind", "the only one"
        )
        for prefix in PLATFORMS.values()
    },
    "AIRBYTE_ORGANIZATION_ID": Variable("the organization meant, where that client is of several"),
    "MCP_ADS_LOG_LEVEL": Variable("`DEBUG`, `INFO`, `WARNING` or `ERROR`, on stderr", "`WARNING`"),
}
FOR_TESTS: Mapping[str, str] = {
    "MCP_ADS_LIVE": "1 runs the tests against the real platforms too",
    "MCP_ADS_TEST_SCALE": "how much of the long tests is run, in percent",
    "MCP_ADS_UPDATE_SNAPSHOTS": "1 writes the tests' snapshots anew",
}
MOST_NAMED = 20


READ_ONLY, WRITES_OFF = ("READONLY", "DRYRUN", "NOWRITE"), "MCP_ADS_WRITES=off"
"""Parts of names that other servers have for what is a value here."""


def is_known(name: str) -> bool:
    return name in VARIABLES or name in FOR_TESTS


def declared(name: str) -> Variable | None:
    """What a variable is declared as, one of a further connection like that of its platform; or None."""
    prefix, _, rest = name.partition("__")
    ending = rest.rpartition("__")[2]
    of_connection = prefix in PLATFORMS.values() and ending in OF_CONNECTION
    return VARIABLES.get(f"{prefix}_{ending}" if of_connection else name)


def is_secret(name: str) -> bool:
    """Whether a variable is a secret: declared as one, or unknown and named like one."""
    known = declared(name)
    return known.secret if known else name.upper().endswith(LIKE_SECRETS)


def _is_of_connection(name: str) -> bool:
    """Whether a variable is one of a further connection, such as FACEBOOK_MARKETING__ACME__ACCESS_TOKEN."""
    return name.upper().startswith(tuple(f"{prefix}__" for prefix in PLATFORMS.values()))


def not_read(names: Iterable[str], sources: Mapping[str, str], *, own: bool) -> list[str]:
    """A line for each variable under our prefix, or under a platform's, that nothing reads."""
    prefixes = (OWN,) if own else tuple(f"{prefix}_" for prefix in PLATFORMS.values())
    ours = [name for name in names if name.upper().startswith(prefixes) and not _is_of_connection(name)]
    unknown = sorted(name for name in ours if not is_known(name))
    lines = [f"{name}: {_said(name)}{sources.get(name, '')}" for name in unknown[:MOST_NAMED]]
    more = [f"… and {len(unknown) - MOST_NAMED} more unknown variables"] if len(unknown) > MOST_NAMED else []
    return [*lines, *more]


def _said(name: str) -> str:
    near = WRITES_OFF if any(word in name.upper().replace("_", "") for word in READ_ONLY) else _nearest(name)
    return f"mcp-ads {__version__} has no such setting{f'; did you mean {near}?' if near else ''}"


def _nearest(name: str) -> str:
    import difflib

    prefix = next((prefix for prefix in PLATFORMS.values() if name.upper().startswith(f"{prefix}_")), "")
    named, parted, last = name.upper().removeprefix(f"{prefix}_").rpartition("__")
    if prefix and parted and f"{prefix}_{last}" in VARIABLES:
        return f"{prefix}__{named.strip('_') or 'NAME'}__{last}"
    same = next((known for known in VARIABLES if known == name.upper()), "")
    return same or next(iter(difflib.get_close_matches(name.upper(), VARIABLES, n=1, cutoff=0.6)), "")
