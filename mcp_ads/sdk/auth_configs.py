"""Whose credentials a connector class uses: what every auth config is, and the one of a host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mcp_ads.core.synonyms import unknown
from mcp_ads.errors import BadSettings

WORKSPACE = ("workspace_name", "customer_name", "external_user_id")
"""Three names of one thing; the two that are older are read as the first."""


class Config(BaseModel):
    """A model whose unknown names are refused with the closest, and whose values no error repeats."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, str_strip_whitespace=True
    )

    @model_validator(mode="before")
    @classmethod
    def _check_names_and_blanks(cls, given: Any) -> Any:
        """An empty value is a slip, such as a variable that is not set: taken for none, others' would do."""
        if not isinstance(given, Mapping):
            return given
        wrong = [unknown(str(name), cls.model_fields) for name in given if name not in cls.model_fields]
        wrong += [
            f"{name}: empty; give its value, or leave it out"
            for name, value in given.items()
            if isinstance(value, str) and not value.strip()
        ]
        if wrong:
            raise ValueError("\n".join(wrong))
        return given


class AuthConfig(Config):
    """Credentials of one platform, used in this process."""

    variables: ClassVar[Mapping[str, str]] = {
        "access_token": "ACCESS_TOKEN",
        "refresh_token": "REFRESH_TOKEN",
        "client_id": "CLIENT_ID",
        "client_secret": "CLIENT_SECRET",
    }
    """Each field as environment variables of the platform end."""

    def credentials(self) -> dict[str, str]:
        """What is given, under the names variables end in."""
        given = self.model_dump(exclude_none=True)
        return {self.variables[name]: str(value) for name, value in given.items()}


class AirbyteAuthConfig(Config):
    """Which connector of which workspace at a host, and the client that may use it.

    `customer_name` and `external_user_id` are older names of `workspace_name`; one of the three is enough.
    What is left out is read from AIRBYTE_CLIENT_ID, AIRBYTE_CLIENT_SECRET and AIRBYTE_ORGANIZATION_ID.
    """

    workspace_name: str | None = None
    customer_name: str | None = None
    external_user_id: str | None = None
    organization_id: str | None = None
    airbyte_client_id: str | None = None
    airbyte_client_secret: str | None = Field(default=None, repr=False)
    connector_id: str | None = None

    @model_validator(mode="after")
    def _check_one_workspace(self) -> Self:
        names = {name: value for name in WORKSPACE if (value := getattr(self, name)) is not None}
        if len({*names.values()}) > 1:
            raise ValueError(f"{' and '.join(names)} name different workspaces; give one of them")
        return self

    @property
    def workspace(self) -> str | None:
        """The workspace's name, whichever of the three was given."""
        return self.workspace_name or self.customer_name or self.external_user_id


def hosted(value: object, own: type[AuthConfig] | None = None) -> AirbyteAuthConfig | None:
    """The auth config of a host, one of another package included; None for none and for `own`.

    Raises TypeError for anything else, BadSettings for one that is malformed.
    """
    if value is None or isinstance(value, AirbyteAuthConfig):
        return value
    if own is not None and isinstance(value, own):
        return None
    if type(value).__name__ in ("AirbyteAuthConfig", "AirbyteHostedAuthConfig"):
        return airbyte_config({name: getattr(value, name, None) for name in AirbyteAuthConfig.model_fields})
    taken = " or ".join(kind.__name__ for kind in (own, AirbyteAuthConfig) if kind)
    kind = type(value)
    where = "" if kind.__module__ == "builtins" else f" of {kind.__module__}"
    raise TypeError(f"auth_config: a {kind.__name__}{where}; it is {taken}, of mcp_ads")


def airbyte_config(given: Mapping[str, Any]) -> AirbyteAuthConfig:
    """The auth config of a host with what is given and not None. Raises BadSettings."""
    try:
        return AirbyteAuthConfig(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        raise BadSettings(mistakes_of(error)) from None


def mistakes_of(error: ValidationError) -> str:
    """A line per mistake, without the values."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return "\n".join(
        ": ".join([*map(str, mistake["loc"]), mistake["msg"].removeprefix("Value error, ")])
        for mistake in found
    )
