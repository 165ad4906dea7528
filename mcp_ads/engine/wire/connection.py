"""One connector over the wire: its credentials, its transport, and today's date there."""

from __future__ import annotations

import importlib.util
import logging
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mcp_ads.auth.endings import Ending, endings
from mcp_ads.auth.networks import client_errors, unusable
from mcp_ads.auth.tokens import Tokens, fingerprint
from mcp_ads.core import Account, Aside, Connector, Context, Request
from mcp_ads.core.bodies import Credentials
from mcp_ads.core.names import Names
from mcp_ads.errors import AdsError, AuthError, NotConfigured
from mcp_ads.platforms import CREDENTIALS, PASTES, PLATFORMS, SHORT, Platform
from mcp_ads.settings import Settings
from mcp_ads.situation import login_command
from mcp_ads.version import __version__

from .addresses import regional
from .carried import carried, dialect_of
from .gathering import gathering
from .heard import hear
from .limits import Limits
from .redaction import redact_log
from .signatures import Signatures
from .streamed import Opener, no_file
from .together import send_together
from .trace import Trace
from .transport import Transport

if TYPE_CHECKING:
    import httpx

    from mcp_ads.auth.signed_in import SignedIn
    from mcp_ads.auth.stored import Stored

TIMEOUT = 30.0
CONNECT_TIMEOUT = 10.0
HEADERS = {"User-Agent": f"mcp-ads/{__version__}"}


class Connection:
    """A connector with one user's credentials, and the transport that sends them."""

    def __init__(
        self,
        connector: Connector,
        settings: Settings,
        platform: Platform,
        trace: Trace,
        sandbox: Callable[[], httpx.ASGITransport],
        tokens: Callable[..., Tokens],
        open_file: Opener = no_file,
    ) -> None:
        self.connector = carried(connector) if platform.airbyte else connector
        self.settings, self.platform, self.names = settings, platform, Names()
        self._sandbox, self._tokens, self.refused = sandbox, tokens, list[AuthError]()
        self.filled: Callable[[Request], Request] = lambda request: request
        """A request with what is kept elsewhere in its body: rows about people stand there only when sent."""
        self.renewed: Callable[[dict[str, str]], None] = lambda _: None  # told of new tokens; may not raise
        dialect = dialect_of(connector, platform)
        self.transport = Transport(connector, platform, dialect, self._client, trace, Limits(self), open_file)
        self.signatures = Signatures(connector.signature, self.transport)

    @property
    def connection(self) -> str:
        """Which platform at which hosts this is; the same after a token is renewed."""
        where = f"{self.settings.sandbox}{self.settings.sandbox_world}"
        return fingerprint(self.connector.name, where, *sorted(self.platform.hosts.values()))

    @property
    def whose(self) -> str:
        """What tells this connection's reads, lists and cursors from those of another one of its platform."""
        return "/".join(filter(None, [self.connector.name, self.platform.connection]))

    @property
    def base_label(self) -> str:
        """What the connection of the base variables is called."""
        return SHORT.get(self.connector.name, self.connector.name)

    @property
    def several(self) -> bool:
        """Whether there are other connections of its platform, so that answers have to say which this is."""
        return len(self.settings.of(self.connector.name)) > 1

    @property
    def identity(self) -> str:
        """Whose credentials these are, as a hash; the same after a sign-in's tokens are renewed."""
        return self._identity(self.platform.signed_in)

    def _identity(self, signed_in: SignedIn | None) -> str:
        name = self.platform.connection
        if signed_in:
            consent = (signed_in.client_id, signed_in.who, str(signed_in.consented))
            return fingerprint(self.connection, name, *consent, *filter(None, [signed_in.serial]))
        secret = self.platform.credentials.get("REFRESH_TOKEN") or self.platform.credentials.get(
            "ACCESS_TOKEN", ""
        )
        secret = self.platform.airbyte.serial if self.platform.airbyte else secret
        return fingerprint(self.connection, secret, *([name] if name else []))

    @cached_property
    def credentials(self) -> Mapping[str, str]:
        """The credentials to send, under the names variables end in; those of a sign-in are read now.

        Raises NotConfigured where they cannot be read.
        """
        if self.stored is None:
            return self.platform.credentials
        return {**self.stored.signed_in.credentials, **self.platform.credentials}

    @cached_property
    def stored(self) -> Stored | None:
        """The sign-in that gives the credentials, read now; None where variables do.

        Raises NotConfigured where it cannot be read.
        """
        if self.platform.signed_in is None:
            return None
        from mcp_ads.auth.stored import Stored
        from mcp_ads.auth.vault import vault

        label, kept = self.platform.label, vault(self.settings.home, keyring=self.settings.keyring)
        mark = kept.mark(label)
        signed_in = kept.read(label)
        if signed_in is None:
            raise NotConfigured(f"nobody is signed in as {label} any more", fix=f"run `{self._login}`")
        for secret in signed_in.secrets.values():
            self.transport.trace.hide(secret)
        return Stored(kept, label, signed_in, self._login, mark)

    async def aside(self, step: Aside) -> Any:
        """What a recipe is given for what it asks of this machine; sessions know more than a connection."""
        raise AssertionError(f"a connection by itself knows nothing of {step}")

    async def send(self, request: Request, account: Account | None = None) -> Any:
        """The decoded answer, asked for in the account's region; a read with those of the same moment."""
        if not request.resendable or (reads := gathering()) is None:
            return await self.exchange(request, account)
        wire, bundle = self.transport.wire(request), self.connector.together(request)
        whose = (self.whose, account and account.id, request.region)
        key = (whose, request.signed_as, wire.method, wire.url, wire.content, *sorted(wire.headers.items()))
        if bundle is None:
            return await reads.ask(key, key, 1, request, lambda _: self._one(request, account))
        together = partial(send_together, self, bundle=bundle, account=account)
        return await reads.ask(key, (whose, bundle.key), bundle.most, request, together)

    async def _one(self, request: Request, account: Account | None) -> list[Any]:
        return [await self.exchange(request, account)]

    async def exchange(self, request: Request, account: Account | None) -> Any:
        """The decoded answer to this request, sent by itself."""
        region, whose = (account.region, account.id) if account else ("", "")
        sender = self.signatures if request.signed_as else self.transport
        try:
            if isinstance(request.body, Credentials):
                return await self._asked_about_itself(request)
            answer, self.refused = await sender.send(regional(self.filled(request), region), whose), []
        except AuthError as error:
            error.fix, self.refused = self._fix(error), [error]
            raise
        finally:
            if request.risk != "read":
                self.names.forget(request.path)
        self.announce()
        return answer

    async def _asked_about_itself(self, request: Request) -> Any:
        """The answer to a form of the user's credentials, which nothing else signs."""
        import httpx

        from .credentials import filled_in

        return await self.transport.send(await filled_in(self, request), auth=httpx.Auth())

    def announce(self) -> None:
        """Have this call's answer say what of the credentials ends soon."""
        hear(self.endings())

    def endings(self) -> list[str]:
        """What of the credentials has ended or soon will, a line each, as far as is known without asking."""
        known = self.known()
        return list(endings(known, self._login, time.time())) if known else []

    def known(self) -> SignedIn | None:
        """What is known of the sign-in: by what renews it, else by what was stored."""
        auth = self.transport.client.auth
        return (auth.known() if isinstance(auth, Ending) else None) or self.platform.signed_in

    def context(self, account: Account | None) -> Context:
        today = today_in(account.timezone if account else "UTC")
        return Context(today, account, tuple(self.platform.hosts), self.names)

    def check_configured(self) -> None:
        """Raise NotConfigured naming what to set and where to get it."""
        if missing := self.platform.missing:
            signing = f"sign in with `{self._login}`"
            if (pasted := PASTES.get(self.connector.name)) and " --token" not in signing:
                signing += f" (--token takes {pasted})"
            way = f"{signing}, or set {self.platform.to_set} ({self.connector.where})"
            named = f" as {self.platform.label}" if self.several else ""
            raise NotConfigured(
                f"{self.connector.title} is not configured{named}: {', '.join(missing)} not set",
                fix=f"{way}; MCP_ADS_SANDBOX=1 works without any",
            )

    def _fix(self, error: AuthError) -> str:
        """What to do about a refusal, for this connection: the way it was signed in, or its own variables."""
        by_variable = "_CLIENT_SECRET" in error.fix and self.platform.credentials.get("CLIENT_SECRET")
        if error.sign_in and self.platform.signed_in and not by_variable:
            return f"run `{self._login}`"
        fix, base = error.fix, PLATFORMS.get(self.connector.name, "")
        for name in CREDENTIALS if base else ():
            fix = fix.replace(f"{base}_{name}", f"{self.platform.prefix}_{name}")
        return fix

    @property
    def _login(self) -> str:
        """The command that signs in for this connection."""
        return login_command(self.platform)

    async def renew(self) -> bool:
        """Get a new access token although one is kept; False where there is none to get. Raises AdsError."""
        auth: Any = self.transport.client.auth
        renew = getattr(await auth.now() if hasattr(auth, "now") else auth, "renew", None)
        if renew is None:
            return False
        try:
            await renew()
        except AdsError as error:
            self.transport.trace.secrets.clean(error)
            error.trace = self.transport.trace.note(self.whose, "refresh the access token", error)
            raise
        return True

    async def close(self) -> None:
        await self.transport.close()

    def _client(self) -> httpx.AsyncClient:
        import httpx

        from mcp_ads.auth.stored import StoredAuth

        self.check_configured()
        logging.getLogger("httpx").addFilter(redact_log)
        _not_looked_for("sniffio")
        if airbyte := self.platform.airbyte:
            from .airbyte import airbyte_client

            return airbyte_client(airbyte, self.connector, self.transport.trace.hide)
        shared: list[httpx.AsyncClient] = []
        stored = None if any(name.endswith("_TOKEN") for name in self.platform.credentials) else self.stored
        made = partial(self._auth, lambda: shared[0])
        auth = StoredAuth(stored, made) if stored else made(None)
        transport = self._sandbox() if self.settings.sandbox else None
        more: Any = {"timeout": httpx.Timeout(TIMEOUT, connect=CONNECT_TIMEOUT), "headers": HEADERS}
        try:
            client = httpx.AsyncClient(auth=auth, transport=transport, **more)
        except client_errors() as error:
            raise unusable(error) from None
        shared.append(client)
        return client

    def _auth(self, client: Callable[[], httpx.AsyncClient], stored: Stored | None) -> httpx.Auth:
        """The credentials of a sign-in as it is kept now, or of the environment. Raises NotConfigured."""
        from mcp_ads.auth.oauth import auth_for

        platform, hide = self.platform, self.transport.trace.hide
        signed_in = stored.signed_in if stored else None
        for secret in signed_in.secrets.values() if signed_in else ():
            hide(secret)
        given = {**signed_in.credentials, **platform.credentials} if signed_in else self.credentials
        kept = self._tokens(self._identity(signed_in or platform.signed_in), platform.token_url)
        return auth_for(platform, given, kept, client, hide, stored, self.renewed)


def _not_looked_for(optional: str) -> None:
    """Where a module is not installed, say so once.

    httpcore tries to import it several times in each request, and each time Python would look through every
    folder for it: a tenth of the time of a call.
    """
    if optional not in sys.modules and importlib.util.find_spec(optional) is None:
        sys.modules[optional] = None  # type: ignore[assignment]  # what the language has for "there is none"


def today_in(timezone: str) -> date:
    """The date in an IANA time zone; UTC where the name is not known."""
    try:
        return datetime.now(ZoneInfo(timezone)).date()
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        return datetime.now(UTC).date()
