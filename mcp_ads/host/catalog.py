"""What connectors can be kept: their names as callers write them, and what each wants. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mcp_ads.errors import UnknownAction


@dataclass(frozen=True)
class Definition:
    """A kind of connector. Ids are those that Airbyte's clients send."""

    slug: str
    id: str
    """Its definition id, a UUID."""
    name: str
    """Its name in our engine, such as facebook_marketing."""
    title: str
    schemes: tuple[tuple[frozenset[str], frozenset[str]], ...]
    """What credentials may be: each the keys there have to be, and those there may be besides."""
    needed: frozenset[str] = frozenset()
    """Keys of `replication_config` there have to be."""
    optional: frozenset[str] = frozenset()


def _keys(*names: str) -> frozenset[str]:
    return frozenset(names)


_APP = _keys("client_id", "client_secret")
DEFINITIONS: Mapping[str, Definition] = {
    known.slug: known
    for known in (
        Definition(
            "facebook-marketing", "e7778cfc-e97c-4458-9ecb-b4f2bba8946c", "facebook_marketing",
            "Facebook Marketing",
            ((_keys("access_token"), _APP), (_keys("account_key"), _keys())),
            _keys("account_ids"), _keys("start_date"),
        ),
        Definition(
            "linkedin-ads", "137ece28-5434-455c-8f34-69dc3782f451", "linkedin_ads", "LinkedIn Ads",
            ((_keys("refresh_token") | _APP, _keys()), (_keys("access_token"), _keys())),
            _keys("start_date"), _keys("account_ids"),
        ),
        Definition(
            "amazon-ads", "c6b0a29e-1da9-4512-9002-7bfd0cba2246", "amazon_ads", "Amazon Ads",
            ((_keys("refresh_token"), _APP),),
            _keys(), _keys("start_date", "profiles", "region"),
        ),
    )
}  # fmt: skip


def named(text: str) -> Definition:
    """The kind that is meant by its slug, title, snake case or definition id, in any case.

    Raises UnknownAction with those there are.
    """
    plain = text.strip().lower().replace("_", "-").replace(" ", "-")
    for known in DEFINITIONS.values():
        if plain in (known.slug, known.id):
            return known
    raise UnknownAction(f"there is no connector of that kind; there are {', '.join(DEFINITIONS)}")
