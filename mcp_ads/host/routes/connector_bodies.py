"""Bodies of requests about connectors: their fields as Airbyte's clients send them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from mcp_ads.host import intake
from mcp_ads.host.bodies import Body
from mcp_ads.host.catalog import Definition
from mcp_ads.host.refusals import Refused
from mcp_ads.host.store.connectors import New

Config = dict[str, Any]
SLUG = "facebook-marketing, linkedin-ads or amazon-ads, as a slug or a title"


class OfEntity(Body):
    """What may be done of one entity."""

    entity: str
    modes: Annotated[list[Literal["read", "write"]], Field(min_length=1)]


class Change(Body):
    """What may be changed of a connector; what is left out stays."""

    name: str | None = None
    replication_config: Config | None = None
    entities: Annotated[
        list[OfEntity] | None, Field(description="What may be done of what; null is all.")
    ] = None


class Create(Change):
    """A connector as it is asked for."""

    workspace_name: Annotated[str | None, Field(description="The workspace; made if it is new.")] = None
    customer_name: Annotated[str | None, Field(description="An older name of workspace_name.")] = None
    external_user_id: Annotated[str | None, Field(description="An older name of workspace_name.")] = None
    connector_type: Annotated[str | None, Field(description=SLUG)] = None
    definition_id: Annotated[str | None, Field(description="Instead of connector_type.")] = None
    source_template_id: Annotated[str | None, Field(description="Instead of connector_type.")] = None
    credentials: Annotated[Config | None, Field(description="What it signs in with.")] = None
    server_side_oauth_secret_id: Annotated[
        str | None, Field(description="Of a consent, instead of credentials.")
    ] = None
    environment: Annotated[Config | None, Field(description="Amazon: {region: NA, EU or FE}.")] = None
    selected_connection_template_tags: Annotated[
        list[str] | None, Field(description="Taken and not used.")
    ] = None

    def checked(self) -> tuple[str, New]:
        """The workspace's name, and what is to be kept. Raises Refused with every mistake.

        Without credentials where those are a consent's.
        """
        granted = self.server_side_oauth_secret_id is not None
        kinds = {name: getattr(self, name) for name in intake.KINDS}
        places = {name: getattr(self, name) for name in intake.WORKSPACES}
        workspace, definition = intake.every(lambda: intake.workspace(places), lambda: intake.kind(kinds))
        name = f"{definition.title} - {workspace}"[: intake.LONGEST] if self.name is None else self.name
        config = self.replication_config or {}
        named, credentials, kept_config, environment, entities = intake.every(
            lambda: intake.name_of("name", name),
            lambda: self._secrets(definition),
            lambda: (
                {} if granted and self.replication_config is None else intake.replication(definition, config)
            ),
            lambda: intake.environment(definition, self.environment or {}, config),
            lambda: entities_of(definition, self),
        )
        new = New(definition.slug, named, credentials, kept_config, environment, entities)
        return workspace, new

    def _secrets(self, definition: Definition) -> dict[str, str]:
        if self.server_side_oauth_secret_id is None:
            return intake.credentials(definition, self.credentials or {})
        if self.credentials is not None:
            said = "credentials: give these or server_side_oauth_secret_id, which stands for a consent's"
            raise Refused(422, said, field="credentials")
        return {}

    def given(self, new: New) -> dict[str, Any]:
        """What of a connector the body itself says, by column."""
        said = {"name": self.name, "replication_config": self.replication_config, "entities": self.entities}
        columns = [name for name, value in said.items() if value is not None]
        return {
            name: getattr(new, name) for name in [*columns, *(["environment"] if new.environment else [])]
        }


def entities_of(definition: Definition, body: Change) -> list[dict[str, Any]] | None:
    """The entities of a body, checked; None where it says nothing of them. Raises Refused."""
    if body.entities is None:
        return None
    return intake.entities(definition, [entry.model_dump() for entry in body.entities])
