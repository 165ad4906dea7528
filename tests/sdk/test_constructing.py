"""What connector classes are constructed with: whose credentials, and every slip in a line of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from mcp_ads import AirbyteAuthConfig, AmazonAdsConnector, FacebookMarketingConnector, LinkedinAdsConnector
from mcp_ads.connectors import amazon_ads, facebook_marketing, linkedin_ads
from mcp_ads.errors import BadSettings
from mcp_ads.models import (
    AmazonAdsAuthConfig,
    FacebookMarketingAuthConfig,
    LinkedinAdsAuthConfig,
    LinkedinAdsReplicationConfig,
)

MARKER = "S3CRET-marker"
OWN = LinkedinAdsAuthConfig(access_token=MARKER)
HOST = {"MCP_ADS_HOST_URL": "https://ads.example.com"}
CLIENT = {"airbyte_client_id": "client", "airbyte_client_secret": MARKER}


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty home, and a host."""
    monkeypatch.setenv("MCP_ADS_HOME", str(tmp_path))
    monkeypatch.setenv("MCP_ADS_KEYRING", "off")
    for name, value in HOST.items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        (FacebookMarketingAuthConfig, {}, "access_token or account_key"),
        (FacebookMarketingAuthConfig, {"access_token": MARKER, "account_key": MARKER}, "only one"),
        (FacebookMarketingAuthConfig, {"access_token": ""}, "access_token: empty"),
        (FacebookMarketingAuthConfig, {"acces_token": MARKER}, "did you mean access_token"),
        (FacebookMarketingAuthConfig, {"access_token": [MARKER]}, "access_token"),
        (LinkedinAdsAuthConfig, {}, "refresh_token with client_id and client_secret"),
        (LinkedinAdsAuthConfig, {"refresh_token": MARKER, "client_id": "a"}, "client_secret: missing"),
        (LinkedinAdsAuthConfig, {"refresh_token": MARKER}, "client_id and client_secret: missing"),
        (AmazonAdsAuthConfig, {"client_id": "a"}, "refresh_token"),
        (AmazonAdsAuthConfig, {"refresh_token": " "}, "refresh_token: empty"),
        (AirbyteAuthConfig, {"workspace_name": "a", "external_user_id": "b"}, "different workspaces"),
        (AirbyteAuthConfig, {"airbyte_client_secret": ""}, "airbyte_client_secret: empty"),
        (LinkedinAdsReplicationConfig, {"start_date": "31.1.2026"}, "a date, as 2026-01-31"),
    ],
)
def test_a_config_that_is_none(kind: Any, given: dict[str, Any], said: str) -> None:
    """It says what would be right, and repeats no secret."""
    with pytest.raises(ValidationError) as refused:
        kind(**given)
    assert said in str(refused.value)
    assert MARKER not in str(refused.value)


def test_secrets_are_not_shown() -> None:
    """Neither by configs nor by connectors."""
    configs = [
        FacebookMarketingAuthConfig(access_token=MARKER, client_secret=MARKER),
        FacebookMarketingAuthConfig(account_key=MARKER),
        LinkedinAdsAuthConfig(refresh_token=MARKER, client_id="a", client_secret=MARKER),
        AmazonAdsAuthConfig(refresh_token=MARKER, client_secret=MARKER),
        AirbyteAuthConfig(external_user_id="a", **CLIENT),
    ]
    made = LinkedinAdsConnector(OWN)
    assert LinkedinAdsAuthConfig(access_token=f"{MARKER}\n").access_token == MARKER
    assert MARKER not in f"{configs} {configs[0]!s} {made!r} {made.__dict__!r}"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"auth_config": OWN, **CLIENT}, ["airbyte_client_id: is for", "airbyte_client_secret: is for"]),
        ({"auth_config": OWN, "account_ids": "x"}, ["account_ids: 'x' is no account id"]),
        ({"auth_config": OWN, "writes": "plann"}, ["plan, direct, off"]),
        ({"auth_config": OWN, "connection": ""}, ["connection: empty"]),
        ({"external_user_id": "", **CLIENT}, ["external_user_id: empty"]),
        ({"external_user_id": "a", "workspace_name": "b", **CLIENT}, ["different workspaces"]),
        (
            {"auth_config": AirbyteAuthConfig(workspace_name="a"), "workspace_name": "b"},
            ["workspace_name: auth_config says another one"],
        ),
        (
            {"external_user_id": "a", **CLIENT, "account_ids": "1", "home": "/x"},
            ["account_ids: is of this process", "home: is of this process"],
        ),
        ({"external_user_id": "a", **CLIENT, "backend": "airbite"}, ["backend: 'airbite'"]),
        ({"auth_config": OWN, "backend": "airbyte"}, ["backend: is for a host"]),
    ],
)  # fmt: skip
def test_constructions_that_are_none(options: Any, said: list[str]) -> None:
    """A line per mistake, before anything is sent."""
    with pytest.raises(BadSettings) as refused:
        LinkedinAdsConnector(**options)
    assert len(refused.value.lines) == len(said)
    for line, part in zip(refused.value.lines, said, strict=True):
        assert part in line
    assert MARKER not in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        (LinkedinAdsConnector, {"auth_config": {"access_token": "x"}}, "a dict"),
        (LinkedinAdsConnector, {"auth_config": AmazonAdsAuthConfig(refresh_token="x")}, "AmazonAdsAuth"),
        (LinkedinAdsConnector, {"external_userid": "x"}, "did you mean external_user_id"),
        (FacebookMarketingConnector, {"region": "EU"}, "region: no such parameter"),
        (FacebookMarketingConnector, {"on_token_refresh": "x"}, "on_token_refresh: a str"),
    ],
)  # fmt: skip
def test_constructions_of_another_kind(kind: Any, options: Any, said: str) -> None:
    """As Python says of wrong arguments."""
    with pytest.raises(TypeError, match=said):
        kind(**options)


@pytest.mark.parametrize("region", ["UE", "https://example.com", ""])
def test_no_such_region(region: str) -> None:
    """A region is one of three; another host never gets the credentials."""
    with pytest.raises(BadSettings, match="region"):
        AmazonAdsConnector(AmazonAdsAuthConfig(refresh_token="x"), region=region)


def test_public_names_of_a_platforms_package() -> None:
    """They are those of the package itself, and a wrong one is an AttributeError."""
    assert linkedin_ads.LinkedinAdsConnector is LinkedinAdsConnector
    assert amazon_ads.AmazonAdsAuthConfig is AmazonAdsAuthConfig
    assert facebook_marketing.AirbyteAuthConfig is AirbyteAuthConfig
    from mcp_ads.connectors.linkedin_ads.models import LinkedinAdsAuthConfig as SameConfig
    from mcp_ads.types import AirbyteAuthConfig as SameHosted

    assert (SameConfig, SameHosted) == (LinkedinAdsAuthConfig, AirbyteAuthConfig)
    for name in ("AmazonAdsConnector", "LinkedinAdsConector", "base"):
        with pytest.raises(AttributeError, match=name):
            getattr(linkedin_ads, name)
