"""Our errors under the names that Airbyte's SDK has for them, so that what catches these goes on to."""

from __future__ import annotations

from mcp_ads.errors import (
    AdsError,
    ApiError,
    AuthError,
    CallError,
    InvalidParams,
    NoConnector,
    PlatformDown,
    RateLimited,
    SeveralConnectors,
    ToolError,
    UnknownAction,
    UnknownConnector,
)

AirbyteError = AdsError
HTTPClientError = ApiError
HTTPStatusError = ApiError
AuthenticationError = AuthError
ConnectorValidationError = CallError
RateLimitError = RateLimited
NetworkError = PlatformDown
TimeoutError = PlatformDown  # noqa: A001 - their name of it
ExecutorError = CallError
EntityNotFoundError = UnknownAction
ActionNotSupportedError = UnknownAction
MissingParameterError = InvalidParams
InvalidParameterError = InvalidParams
AirbyteToolError = ToolError
UnknownConnectorError = UnknownConnector
ConnectorNotFoundError = NoConnector
ConnectorAmbiguityError = SeveralConnectors
