"""mcp-ads: read and manage ads on Facebook Marketing, LinkedIn Ads and Amazon Ads.

from mcp_ads import connect

async with connect("facebook-marketing", access_token=...) as client:
    result = await client.execute("campaigns", "list", {"account_id": "1234567890"})
    print(result.data, result.meta)
    async for row in client.rows("ads", "list", {"account_id": "1234567890"}):
        print(row["id"])

The connector classes answer with the platforms' own records:

from mcp_ads import LinkedinAdsConnector

async with LinkedinAdsConnector() as connector:
    result = await connector.campaigns.list(account_id="512345678")
    print(result.data[0].id, result.meta)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from .core import Progress, Result
    from .errors import (
        AdsError,
        ApiError,
        AuthError,
        BadSettings,
        CallError,
        InvalidParams,
        NoConnector,
        NotConfigured,
        NotFound,
        OutcomeUnknown,
        OverCap,
        PlatformDown,
        PolicyError,
        RateLimited,
        Rejected,
        SeveralConnectors,
        StalePlan,
        ToolError,
        UnknownAction,
        UnknownPlan,
        WritesOff,
    )
    from .sdk.airbyte_names import (
        ActionNotSupportedError,
        AirbyteError,
        AirbyteToolError,
        AuthenticationError,
        ConnectorAmbiguityError,
        ConnectorNotFoundError,
        ConnectorValidationError,
        EntityNotFoundError,
        ExecutorError,
        HTTPClientError,
        HTTPStatusError,
        InvalidParameterError,
        MissingParameterError,
        NetworkError,
        RateLimitError,
        UnknownConnectorError,
    )
    from .sdk.airbyte_names import TimeoutError as TimeoutError  # noqa: A004 - their name of it
    from .sdk.auth_configs import AirbyteAuthConfig
    from .sdk.classes.amazon_ads import AmazonAdsAuthConfig, AmazonAdsConnector
    from .sdk.classes.facebook_marketing import FacebookMarketingAuthConfig, FacebookMarketingConnector
    from .sdk.classes.linkedin_ads import LinkedinAdsAuthConfig, LinkedinAdsConnector
    from .sdk.client import Client
    from .sdk.connecting import connect
    from .sdk.record import CheckResult, ExecuteResult, Record
    from .sdk.tools.connector_tools import build_connector_tools
    from .sdk.workspace import ConnectorInfo, ExecutionResult, HostedExecutor, Workspace

_ERRORS = (
    "AdsError", "ApiError", "AuthError", "BadSettings", "CallError", "InvalidParams", "NoConnector",
    "NotConfigured", "NotFound", "OutcomeUnknown", "OverCap", "PlatformDown", "PolicyError", "RateLimited",
    "Rejected", "SeveralConnectors", "StalePlan", "ToolError", "UnknownAction", "UnknownPlan", "WritesOff",
)  # fmt: skip
_AIRBYTE_NAMES = (
    "ActionNotSupportedError", "AirbyteError", "AirbyteToolError", "AuthenticationError",
    "ConnectorAmbiguityError", "ConnectorNotFoundError", "ConnectorValidationError", "EntityNotFoundError",
    "ExecutorError", "HTTPClientError", "HTTPStatusError", "InvalidParameterError", "MissingParameterError",
    "NetworkError", "RateLimitError", "TimeoutError", "UnknownConnectorError",
)  # fmt: skip
_HOMES = {
    **dict.fromkeys(_ERRORS, "errors"),
    **dict.fromkeys(_AIRBYTE_NAMES, "sdk.airbyte_names"),
    "AirbyteAuthConfig": "sdk.auth_configs",
    "AmazonAdsAuthConfig": "sdk.classes.amazon_ads",
    "AmazonAdsConnector": "sdk.classes.amazon_ads",
    "CheckResult": "sdk.record",
    "Client": "sdk.client",
    "ConnectorInfo": "sdk.workspace",
    "ExecuteResult": "sdk.record",
    "ExecutionResult": "sdk.workspace",
    "FacebookMarketingAuthConfig": "sdk.classes.facebook_marketing",
    "FacebookMarketingConnector": "sdk.classes.facebook_marketing",
    "HostedExecutor": "sdk.workspace",
    "LinkedinAdsAuthConfig": "sdk.classes.linkedin_ads",
    "LinkedinAdsConnector": "sdk.classes.linkedin_ads",
    "Progress": "core",
    "Record": "sdk.record",
    "Result": "core",
    "Workspace": "sdk.workspace",
    "build_connector_tools": "sdk.tools.connector_tools",
    "connect": "sdk.connecting",
}
"""Where each public name lives. `TimeoutError` is not in `__all__`: it would hide the built-in one."""
__all__ = [
    "ActionNotSupportedError",
    "AdsError",
    "AirbyteAuthConfig",
    "AirbyteError",
    "AirbyteToolError",
    "AmazonAdsAuthConfig",
    "AmazonAdsConnector",
    "ApiError",
    "AuthError",
    "AuthenticationError",
    "BadSettings",
    "CallError",
    "CheckResult",
    "Client",
    "ConnectorAmbiguityError",
    "ConnectorInfo",
    "ConnectorNotFoundError",
    "ConnectorValidationError",
    "EntityNotFoundError",
    "ExecuteResult",
    "ExecutionResult",
    "ExecutorError",
    "FacebookMarketingAuthConfig",
    "FacebookMarketingConnector",
    "HTTPClientError",
    "HTTPStatusError",
    "HostedExecutor",
    "InvalidParameterError",
    "InvalidParams",
    "LinkedinAdsAuthConfig",
    "LinkedinAdsConnector",
    "MissingParameterError",
    "NetworkError",
    "NoConnector",
    "NotConfigured",
    "NotFound",
    "OutcomeUnknown",
    "OverCap",
    "PlatformDown",
    "PolicyError",
    "Progress",
    "RateLimitError",
    "RateLimited",
    "Record",
    "Rejected",
    "Result",
    "SeveralConnectors",
    "StalePlan",
    "ToolError",
    "UnknownAction",
    "UnknownConnectorError",
    "UnknownPlan",
    "Workspace",
    "WritesOff",
    "__version__",
    "build_connector_tools",
    "connect",
]

if not TYPE_CHECKING:  # a name that is not above is a mistake

    def __getattr__(name: str) -> Any:
        """Names load when they are first used: the command line must not pay for the client."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import importlib

        return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
