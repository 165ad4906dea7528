"""What a sign-in needs before it begins: which connection, which app, which way in."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.signing_in.base import SigningIn, TokensToo
from mcp_ads.auth.signing_in.consent import App
from mcp_ads.auth.tokens import VISIBLE
from mcp_ads.auth.vault_protocol import Vault
from mcp_ads.commands.streams import note
from mcp_ads.connections import NAME
from mcp_ads.connectors import NAMES, canonical, connector
from mcp_ads.errors import BadSettings, NotConfigured, UnknownAction
from mcp_ads.platforms import SHORT, Platform
from mcp_ads.settings import Settings

from . import terminal
from .options import Options

KEEPS = " (Enter keeps the one that is stored)"


def meant(settings: Settings, word: str, options: Options) -> tuple[str, Options]:
    """The connector, and the options with the name of a connection that was written instead of one.

    Raises BadSettings.
    """
    name, label = canonical(word), word.strip().lower()
    if name in NAMES:
        return name, options
    known = {platform.label: other for other, those in settings.connections.items() for platform in those}
    further = ", ".join(label for label in known if label not in SHORT.values())
    also = f"; and the connections {further}" if further else ""
    if not label:
        slugs = ", ".join(name.replace("_", "-") for name in NAMES)
        raise BadSettings(f"CONNECTOR: missing; there are {slugs}{also}")
    if label not in known:
        try:
            connector(word)
        except UnknownAction as error:
            raise BadSettings(f"{error}{also}") from None
    if options.name not in ("", label):
        raise BadSettings(f"--name: {label} is the name of a connection itself; leave --name out")
    return known[label], replace(options, name=label)


def _say_others(settings: Settings, connector: str, label: str) -> None:
    """The connections of connections.toml that somebody may have meant who named none."""
    there = settings.of(connector)
    waiting = [platform.label for platform in there if platform.client_id and not platform.configured]
    if waiting and label not in [platform.label for platform in there]:
        tables = ", ".join(f"[{name}]" for name in waiting)
        note(f"connections.toml has {tables}, where nobody has signed in: --name {waiting[0]} does")
        note(f"going on signs in to a connection of its own, {label}, which may use what you choose")


def connection(settings: Settings, connector: str, name: str) -> Platform:
    """The connection of that name as the settings have it, or a new one beside them. Raises BadSettings."""
    if settings.sandbox:
        raise BadSettings(
            "MCP_ADS_SANDBOX: inside this process the sandbox needs no sign-in; "
            "`mcp-ads sandbox` serves pages to sign in at"
        )
    if connector not in settings.platforms:
        raise BadSettings(
            f"MCP_ADS_CONNECTORS: {connector} is not among them, so there is nothing to sign in to"
        )
    label = name or SHORT[connector]
    if not NAME.fullmatch(label):
        raise BadSettings(f"--name: {label[:60]!r}: small letters, digits and hyphens, at most 40")
    for other, short in SHORT.items():
        taken = any(platform.label == label for platform in settings.connections.get(other, ()))
        if other != connector and (label == short or taken):
            raise BadSettings(f"--name: {label} is a connection of {other}; choose another name")
    known = next((platform for platform in settings.of(connector) if platform.label == label), None)
    if known:
        return known
    if not name:
        _say_others(settings, connector, label)
    base = settings.platforms[connector]
    bare = replace(base, connection=label, credentials={}, account_ids=(), default_account="")
    return replace(bare, signed_in=None, client_id="")


def kept(vault: Vault, name: str) -> SignedIn | None:
    """What is stored already; nothing where it cannot be read, which the next write says."""
    with contextlib.suppress(NotConfigured):
        return vault.read(name)
    return None


def app(signing: SigningIn, platform: Platform, stored: SignedIn | None, *, optional: bool = False) -> App:
    """The user's app: of variables, of connections.toml, of the last sign-in, else asked for.

    `optional` is where a token is pasted, which is good without. Raises BadSettings if nobody can be asked.
    """
    known = platform.credentials
    client_id = known.get("CLIENT_ID") or platform.client_id or (stored.client_id if stored else "")
    secret = known.get("CLIENT_SECRET", "")
    if secret and not VISIBLE.fullmatch(secret):
        raise BadSettings(f"{platform.prefix}_CLIENT_SECRET: has spaces or letters that no secret has")
    old = stored.client_secret if stored and stored.client_id == client_id else ""
    if client_id:
        signing.check_id(client_id)
    if not terminal.is_there():
        return _unasked(platform, App(client_id, secret or old), optional=optional)
    if not client_id or (optional and not known.get("CLIENT_ID")):
        before, client_id = client_id, _asked_id(signing, client_id, optional=optional)
        if not client_id:
            return App("")
        old = old if client_id == before else ""
    else:
        variable = f"{platform.prefix}_CLIENT_ID"
        other = "" if known.get("CLIENT_ID") else ", or client_id in connections.toml, names another"
        note(f"client id: {client_id} ({variable}{other})")
    return App(client_id, secret or _asked_secret(old, optional=optional))


def pastes(signing: SigningIn, *, token: bool, browser: bool) -> bool:
    """Whether a token is pasted instead of signing in with a browser. Raises BadSettings."""
    if token and not isinstance(signing, TokensToo):
        raise BadSettings(f"--token: {signing.title} makes no tokens to paste; sign in with the browser")
    if token or browser or not isinstance(signing, TokensToo) or not terminal.is_there():
        return token
    if not signing.token_first:
        note(f"instead of signing in, `--token` takes {signing.pasted}")
        return False
    note(f"  1  paste {signing.pasted}; the usual way")
    note("  2  sign in with the browser: where LinkedIn has granted the app refresh tokens, for a year")
    return terminal.counted("which way? [1]", 2) == 1


def _unasked(platform: Platform, found: App, *, optional: bool) -> App:
    """What is known where nobody can be asked. Raises BadSettings with what to set."""
    values = {"CLIENT_ID": found.client_id, "CLIENT_SECRET": found.client_secret}
    lacks = [f"{platform.prefix}_{name}" for name, text in values.items() if not text]
    if lacks and not optional:
        raise BadSettings(
            f"{', '.join(lacks)}: not set, and nobody can be asked here; set them, or run it in a terminal"
        )
    return found


def _asked_id(signing: SigningIn, before: str, *, optional: bool) -> str:
    gain = "; with both, a token's kind and end are known" if optional else ""
    note(f"the client id and secret of your app: {signing.app_page}{gain}")
    question = "client id (Enter for none):" if optional else "client id:"
    question = f"client id (Enter keeps {before}):" if before else question
    while True:
        text = terminal.ask(question) or before
        if optional and not text:
            return ""
        try:
            signing.check_id(text)
        except BadSettings as error:
            note(str(error))
        else:
            return text


def _asked_secret(old: str, *, optional: bool) -> str:
    question = f"client secret{KEEPS if old else ' (Enter for none)' if optional else ''}:"
    while True:
        text = terminal.ask_secret(question) or old
        if VISIBLE.fullmatch(text) or (optional and not text):
            return text
        note("write the client secret, which has no spaces and plain letters only; it is not shown")
