"""The build hook: puts the stubs into the wheel."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TypeStubs(BuildHookInterface[Any]):
    """Stubs come into wheels; an installation that is edited has its source, and none."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the stubs where the build takes them from. Raises RuntimeError where they cannot be made."""
        if version == "editable":
            return
        found = self._texts()
        self.folder = tempfile.TemporaryDirectory()
        for path, text in found.items():
            made = Path(self.folder.name, path)
            made.parent.mkdir(parents=True, exist_ok=True)
            made.write_text(text, "utf-8")
            build_data["force_include"][str(made)] = path

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what was written."""
        if version != "editable":
            self.folder.cleanup()

    def _texts(self) -> dict[str, str]:
        """The stubs of the source that is built, whatever else is installed."""
        sys.path.insert(0, self.root)
        try:
            from typing_stubs.package import texts

            return texts(Path(self.root))
        except Exception as error:
            raise RuntimeError(f"the type stubs cannot be made: {type(error).__name__}: {error}") from error
        finally:
            sys.path.remove(self.root)
