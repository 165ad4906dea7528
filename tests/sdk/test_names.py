"""The names users import: there are all of them, and Airbyte's are the same classes."""

from __future__ import annotations

import builtins

import pytest

import mcp_ads
from mcp_ads import errors


@pytest.mark.parametrize("name", [*mcp_ads.__all__, "TimeoutError"])
def test_every_public_name_is_there(name: str) -> None:
    """It loads from where the package says it lives."""
    assert getattr(mcp_ads, name) is not None


def test_a_star_hides_nothing_built_in() -> None:
    """`from mcp_ads import *` leaves Python's own names alone."""
    assert not {*mcp_ads.__all__} & {*dir(builtins)}


@pytest.mark.parametrize(
    ("theirs", "caught"),
    [
        ("AirbyteError", [errors.AdsError("x"), errors.ToolError("x")]),
        ("HTTPStatusError", [errors.AuthError("x"), errors.Rejected("x"), errors.OutcomeUnknown("x")]),
        ("AuthenticationError", [errors.AuthError("x", status=403)]),
        ("ConnectorValidationError", [errors.InvalidParams("x"), errors.UnknownAction("x")]),
        ("RateLimitError", [errors.RateLimited("x", retry_after=3)]),
        ("NetworkError", [errors.PlatformDown("x")]),
        ("TimeoutError", [errors.PlatformDown("x")]),
        ("EntityNotFoundError", [errors.UnknownAction("x")]),
        ("MissingParameterError", [errors.InvalidParams("x")]),
        ("UnknownConnectorError", [errors.UnknownConnector("x")]),
        ("ConnectorNotFoundError", [errors.NoConnector("x")]),
        ("ConnectorAmbiguityError", [errors.SeveralConnectors("x")]),
        ("AirbyteToolError", [errors.ToolError("x")]),
    ],
)
def test_what_catches_their_errors_catches_ours(theirs: str, caught: list[errors.AdsError]) -> None:
    """A program's `except` goes on to work, and the status is where it looks for it."""
    for error in caught:
        with pytest.raises(getattr(mcp_ads, theirs)):
            raise error
    assert errors.AuthError("x", status=403).status_code == 403


@pytest.mark.parametrize("kind", [errors.UnknownConnector, errors.NoConnector, errors.SeveralConnectors])
def test_a_connector_that_is_not_found_is_a_value_error(kind: type[errors.AdsError]) -> None:
    """Programs for Airbyte's packages catch it so."""
    with pytest.raises(ValueError, match="none"):
        raise kind("none")
