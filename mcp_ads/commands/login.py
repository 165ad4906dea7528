"""`login`: from an app's id and secret to credentials that are kept, and the accounts they are for."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from mcp_ads import connections
from mcp_ads.auth import vault as vaults
from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.signing_in import keeping, protocol, signing_in
from mcp_ads.auth.signing_in.base import SigningIn, TokensToo
from mcp_ads.auth.signing_in.consent import App, check_redirect, is_here, quoted, redirect_at
from mcp_ads.auth.tokens import VISIBLE
from mcp_ads.core import Account
from mcp_ads.errors import AdsError, BadSettings
from mcp_ads.platforms import SHORT, SIGN_IN_PORT, Platform
from mcp_ads.settings import Settings, load
from mcp_ads.situation import in_shell

from .signing import asked, browser, choosing, seen, terminal
from .signing.options import Options
from .streams import FAILED, complain, note, say

MOST_SCOPE = 60
TOKENS = ("ACCESS_TOKEN", "REFRESH_TOKEN")


def login(connector: str, options: Options) -> int:
    """Sign in, and keep what that gives; a failure is one line, and leaves what was kept before as it was."""
    try:
        return _login(connector, options)
    except BadSettings:
        raise
    except KeyboardInterrupt:
        note("\nended, and nothing was kept; what you allowed on the platform's page stays allowed there")
        raise
    except AdsError as error:
        complain(f"{error}; {error.fix}" if error.fix else str(error))
        return FAILED


def _login(word: str, options: Options) -> int:
    settings = load(env_file=options.env_file)
    connector, options = asked.meant(settings, word, options)
    signing = signing_in(connector)
    complain("\n".join(settings.unknown))
    redirect = (
        check_redirect(options.redirect_uri)
        if options.redirect_uri
        else redirect_at(options.port or SIGN_IN_PORT)
    )
    scopes = signing.scopes(options.scopes or "all")
    wanted = _wanted(connector, options)
    platform = asked.connection(settings, connector, options.name)
    _check_default(settings, platform, wanted)
    vault = vaults.vault(settings.home, may_prompt=True, keyring=settings.keyring)
    stored = asked.kept(vault, platform.label)
    pastes = asked.pastes(signing, token=options.token, browser=options.of_browser)
    if not pastes:
        _say_where(signing, redirect)
    if not pastes and not options.no_browser:
        browser.check(redirect, settings.home)
    app = asked.app(signing, platform, stored, optional=pastes)
    if pastes:
        assert isinstance(signing, TokensToo)
        signed_in = _with_token(signing, platform, app)
    else:
        asks = (redirect, scopes)
        signed_in = _by_browser(
            signing, platform, app, asks, home=settings.home, may_open=not options.no_browser
        )
    _say_who(signing, signed_in)
    if stored and _stays(stored, signed_in):
        complain(f"{platform.label}: what was kept stays as it was; sign in again with all of it ticked")
        return FAILED
    accounts, gaps = seen.accounts(settings, platform, signed_in)
    complain("\n".join(gaps))
    choice = _choice(settings, platform, accounts, wanted)
    given = (choice.accounts or None, choice.default) if choice else ()
    kept = keeping.keep(settings.home, vault, platform.label, signed_in, *given)
    _say_kept(platform, signed_in, kept, vault.place)
    return 0


def _wanted(connector: str, options: Options) -> choosing.Choice | None:
    """The accounts that the command line names; None where it names none. Raises BadSettings."""
    if not options.accounts and not options.default:
        return None
    mistakes: list[str] = []

    def ids(option: str, text: str) -> list[str]:
        found = []
        for part in filter(None, (part.strip() for part in text.split(","))):
            try:
                found.append(connections.account_of(part, connector))
            except ValueError as error:
                mistakes.append(f"{option}: {error}")
        return found

    allowed, default = ids("--accounts", options.accounts), ids("--default", options.default)
    if options.accounts and not allowed and not mistakes:
        mistakes.append("--accounts: names none; leave it out for all accounts")
    if len(default) > 1:
        mistakes.append("--default: names several; one is meant when a call names none")
    if allowed and default and default[0] not in allowed:
        mistakes.append(f"--default: {SHORT[connector]}:{default[0]} is not among --accounts")
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    return choosing.Choice(tuple(dict.fromkeys(allowed)), default[0] if default else "")


def _check_default(settings: Settings, platform: Platform, wanted: choosing.Choice | None) -> None:
    """Raise BadSettings for a default account outside of the accounts that are written down."""
    written = connections.read(settings.home).get(platform.label)
    limits = written.accounts if written else ()
    if wanted and limits and not wanted.accounts and wanted.default not in limits:
        short = SHORT[platform.name]
        raise BadSettings(
            f"--default: {short}:{wanted.default} is not among the accounts that may be used as "
            f"{platform.label}, {', '.join(f'{short}:{account}' for account in limits)}; "
            "--accounts names others"
        )


def _say_where(signing: SigningIn, redirect: str) -> None:
    """What has to be registered before the page can work, and what it says otherwise."""
    note(f"{signing.title} sends the browser back to an address your app has to have, letter by letter:")
    note(f"\n    {redirect}\n")
    note(f"register it at {signing.redirects}")
    note(f"without it the page says: {signing.unregistered}")
    if is_here(redirect):
        note(signing.caution)
    elif urlsplit(redirect).hostname:
        note("nothing has to answer there: you paste the address the browser ended at")


def _by_browser(
    signing: SigningIn,
    platform: Platform,
    app: App,
    asks: tuple[str, tuple[str, ...]],
    *,
    home: Path,
    may_open: bool,
) -> SignedIn:
    if may_open and terminal.is_there():
        terminal.ask("Enter opens the page:")
    consent = signing.consent(platform, app, *asks)
    with protocol.talking() as http:
        return browser.consented(
            consent,
            signing.title,
            lambda code: signing.signed_in(http, platform, app, consent, code),
            home=home,
            may_open=may_open,
        )


def _with_token(signing: TokensToo, platform: Platform, app: App) -> SignedIn:
    note(f"paste {signing.pasted}")
    token = terminal.secret_from("token (it is not shown):")
    if not token:
        raise BadSettings("--token: no token came; paste it, or write it to stdin")
    if not VISIBLE.fullmatch(token):
        raise BadSettings(
            "--token: that is no token: it has spaces, line ends or letters no token has; copy it whole"
        )
    with protocol.talking() as http:
        return signing.with_token(http, platform, app, token)


def _say_who(signing: SigningIn, signed_in: SignedIn) -> None:
    """Who signed in, what was granted and refused, and what each is for."""
    who = f" as {signed_in.who}" if signed_in.who else ""
    note(f"signed in to {signing.title}{who} ({signed_in.kind}), {keeping.until(signed_in)}")
    for scope in signed_in.granted:
        use = signing.uses.get(scope)
        note(f"  granted  {quoted(scope, MOST_SCOPE)}{f': {use}' if use else ''}")
    for scope in signed_in.refused:
        note(f"  refused  {scope}: {signing.uses.get(scope, 'what it is for')} will not work")
    if not signed_in.granted:
        note(f"  {signing.title} does not say what this token may do")
    if signing.connector == "linkedin_ads" and not signed_in.refresh_token and signed_in.kind == "user":
        note("LinkedIn gave no refresh token, which it grants to approved apps only: sign in again by then")


def _stays(stored: SignedIn, signed_in: SignedIn) -> bool:
    """Whether the sign-in that is kept stays: it may do something that was refused to the new one."""
    lost = [scope for scope in signed_in.refused if scope in stored.granted]
    ends = stored.refresh_ends if stored.refresh_token else stored.access_ends
    if not lost or 0 < ends < time.time():
        return False
    note(f"the sign-in that is kept may do what this one may not: {', '.join(lost)}")
    question = "Enter keeps that one, `replace` this one instead:"
    return not terminal.is_there() or terminal.ask(question).lower() != "replace"


def _choice(
    settings: Settings, platform: Platform, accounts: Sequence[Account], wanted: choosing.Choice | None
) -> choosing.Choice | None:
    """The accounts that may be used: as the command line says, else as asked; None for as written down.

    Raises BadSettings.
    """
    name = platform.name
    written = connections.read(settings.home).get(platform.label)
    limits = written.accounts if written else ()
    if wanted:
        stays = written.default_account if written and written.default_account in wanted.accounts else ""
        return choosing.named(name, accounts, wanted.accounts, wanted.default or stays)
    known = {account.id for account in accounts}
    for missing in [id_ for id_ in limits if id_ not in known]:
        note(f"{SHORT[name]}:{missing} is in connections.toml, and these credentials do not see it")
    if limits or (written and written.default_account):
        note("which accounts may be used stays as connections.toml has it; --accounts names others")
        return None
    if not accounts:
        note("these credentials see no ad account: ask for access to one")
    if not terminal.is_there():
        choosing.show(name, accounts, 0)
        return None
    return choosing.chosen(name, accounts)


def _say_kept(platform: Platform, signed_in: SignedIn, kept: connections.Connection, place: str) -> None:
    short = SHORT[platform.name]
    allowed = ", ".join(f"{short}:{account}" for account in kept.accounts) or "every account it sees"
    default = f"; {short}:{kept.default_account} is meant when none is named" if kept.default_account else ""
    say(f"{platform.label}: kept in {place}, {keeping.until(signed_in)}; {allowed} may be used{default}")
    for name in TOKENS:
        if name in platform.credentials:
            note(f"{platform.prefix}_{name} is set and wins over it: unset it")
    note(in_shell("next: mcp-ads doctor"))
