"""One platform's variables -> its settings: credentials, accounts, version, hosts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from .errors import BadSettings
from .platforms import (
    AIRBYTE_VERSIONS,
    AMAZON_HOSTS,
    AUTH_URLS,
    CREDENTIALS,
    HOSTS,
    PLATFORMS,
    SANDBOX_CREDENTIALS,
    TOKEN_URLS,
    VERSIONS,
    Platform,
)
from .settings_airbyte import airbyte
from .settings_values import Values, shown

TABLES: Mapping[str, Mapping[str, object]] = {"HOSTS": HOSTS, "SANDBOX_CREDENTIALS": SANDBOX_CREDENTIALS}
"""What there has to be of every platform."""


def platform(values: Values, name: str, *, sandbox: bool) -> Platform:
    """What the variables say of one platform; its mistakes are noted in `values`."""
    prefix = PLATFORMS[name]
    if lacking := [table for table, rows in TABLES.items() if name not in rows]:
        values.wrong(name, f"{' and '.join(lacking)} of platforms.py lack it, so that it cannot be used")
        return Platform(name)
    ids, default = accounts(values, name, prefix)
    version = _version(values, name)
    if sandbox:
        airbyte(values, name)
        return Platform(
            name, SANDBOX_CREDENTIALS[name], (), "", version, HOSTS[name], TOKEN_URLS.get(name, "")
        )
    hosts, foreign = hosts_of(values, name, f"{prefix}_REGION")
    if there := airbyte(values, name):
        at_airbyte = {next(iter(hosts)): there.base}
        theirs = AIRBYTE_VERSIONS.get(name, "")
        return Platform(name, {}, ids, default, theirs, at_airbyte, foreign=True, airbyte=there)
    credentials = {
        credential: text for credential in CREDENTIALS if (text := values.text(f"{prefix}_{credential}"))
    }
    token_url = values.url(f"{prefix}_TOKEN_URL") if name in TOKEN_URLS else ""
    return Platform(
        name, credentials, ids, default, version, hosts, token_url or TOKEN_URLS.get(name, ""),
        foreign or bool(token_url),
        auth_url=consent_page(values, name, hosts, version),
    )  # fmt: skip


def unread(values: Values, *, sandbox: bool) -> list[str]:
    """A line for each allow-list that guards nothing, because the sandbox has accounts of its own."""
    lists = [f"{prefix}_ACCOUNT_IDS" for prefix in PLATFORMS.values() if sandbox]
    return [
        f"{key}: not read in the sandbox, whose accounts are its own" for key in lists if values.text(key)
    ]


def consent_page(values: Values, name: str, hosts: Mapping[str, str], version: str) -> str:
    """The page on which people consent, whole: of the first region, or at the host or address that is set."""
    given = values.url(f"{PLATFORMS[name]}_AUTH_URL")
    pages = AUTH_URLS.get(name, {})
    page = next((pages[region] for region in hosts if region in pages), "")
    whole = page.format(version=version or VERSIONS.get(name, ("", ""))[1])
    if given and not urlsplit(given).path:
        return given + urlsplit(whole).path
    return given or whole


def account_ids(given: str | Iterable[str], what: str = "account_ids") -> tuple[str, ...]:
    """An allow-list as a program gives it: one id, ids in one text, or several. Raises BadSettings.

    An empty one is a mistake: taken for none, it would open every account.
    """
    if not isinstance(given, Iterable):
        raise BadSettings(f"{what}: ids as text, or a list of them, not {type(given).__name__}")
    parts = given.split(",") if isinstance(given, str) else [str(id_) for id_ in given]
    ids = [part.strip().removeprefix("act_") for part in parts]
    if not ids or ids == [""]:
        raise BadSettings(f"{what}: empty; name the accounts that may be used, or leave it out for all")
    if wrong := [part for part, id_ in zip(parts, ids, strict=True) if not _is_id(id_)]:
        raise BadSettings("\n".join(f"{what}: {shown(part)} is no account id: digits" for part in wrong))
    return tuple(dict.fromkeys(ids))


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit()


def accounts(values: Values, name: str, prefix: str) -> tuple[tuple[str, ...], str]:
    """The allow-list of variables with that prefix, and the default account, which is on it."""
    key, profile = f"{prefix}_ACCOUNT_IDS", f"{prefix}_PROFILE_ID"
    listed = [id_.removeprefix("act_") for id_ in values.list(key)]
    for id_ in listed:
        if not _is_id(id_):
            values.wrong(key, f"{shown(id_)} is no account id: digits, separated by commas")
    default = values.text(profile) if name == "amazon_ads" else ""
    if default and not _is_id(default):
        values.wrong(profile, f"{shown(default)} is no profile id: digits, and one only")
    return tuple(dict.fromkeys([*listed, *([default] if default else [])])), default


def _version(values: Values, name: str) -> str:
    if name not in VERSIONS:
        return ""
    key, (form, example) = f"{PLATFORMS[name]}_API_VERSION", VERSIONS[name]
    text = values.text(key)
    if text and not re.fullmatch(form, text, re.ASCII):
        values.wrong(key, f"{shown(text)} is no version: write it as {example}")
    return text


def hosts_of(values: Values, name: str, region_key: str) -> tuple[dict[str, str], bool]:
    """Base URLs by region, and whether they are someone else's than the vendor's."""
    key, known = f"{PLATFORMS[name]}_BASE_URL", HOSTS[name]
    if name == "amazon_ads":
        known = _regions(values, known, region_key)
    text = values.text(key)
    if not text:
        return dict(known), False
    if name != "amazon_ads" or "=" not in text.partition("//")[0]:
        return dict.fromkeys(known, values.url(key)), True
    return _by_region(values, key, known), True


def _by_region(values: Values, key: str, known: dict[str, str]) -> dict[str, str]:
    pairs = [pair.partition("=") for pair in values.list(key)]
    given = {region.strip(): url.strip() for region, _, url in pairs}
    if wrong := given.keys() - AMAZON_HOSTS.keys():
        values.wrong(key, f"no such region {', '.join(sorted(wrong))}; write NA=…,EU=…,FE=…")
    checked = {region: values.check_url(key, url) for region, url in given.items() if region in AMAZON_HOSTS}
    if not wrong and not known.keys() & checked.keys():
        values.wrong(key, f"gives no URL for region {', '.join(known)}")
    return {region: checked[region] for region in known if region in checked}


def _regions(values: Values, known: dict[str, str], key: str) -> dict[str, str]:
    text = values.text(key)
    if not text:
        return known
    found = next(
        (
            region
            for region, host in known.items()
            if text.upper() == region or text.rstrip("/").lower() == host
        ),
        "",
    )
    if not found:
        values.wrong(key, f"{shown(text)} is not NA, EU, FE or one of their three host URLs")
        return known
    return {found: known[found]}
