"""A question over all platforms: declared like any read, and answered from several reads of theirs."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from mcp_ads.core import NONE, Read, Result
from mcp_ads.core.recipe import Report
from mcp_ads.core.view import TableView

from . import ads

if TYPE_CHECKING:
    from mcp_ads.engine.door import Engine


class Question(Read):
    """Subclass to declare one: the fields are its parameters, and `answered` is what becomes of them.

    It has no route and no account of its own: its rows are those of every account the caller may use, and
    each says which account it is of.
    """

    whose, spooled = NONE, True
    retired = dict.fromkeys(
        ("platform", "platforms"), 'write accounts: "facebook", or where: "platform = facebook"'
    )

    @property
    def what(self) -> str:
        """What is asked, as answers from its rows name it: ads accounts.list."""
        return next(
            f"{ads.name} {entity.name}.{name}"
            for entity in ads.loaded.values()
            for name, kind in entity.actions.items()
            if kind is type(self)
        )

    @abstractmethod
    async def answered(self, desk: Engine, view: TableView, report: Report | None) -> Result:
        """The rows of the view. Raises AdsError."""
