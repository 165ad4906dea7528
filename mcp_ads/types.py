"""The auth config of a host that keeps the credentials, and what answers are made of."""

from .sdk.auth_configs import AirbyteAuthConfig
from .sdk.record import CheckResult, ExecuteResult, Record

__all__ = ["AirbyteAuthConfig", "CheckResult", "ExecuteResult", "Record"]
