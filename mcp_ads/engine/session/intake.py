"""Private values are exchanged where a call comes in: nothing behind this sees rows or files themselves."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Container, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from mcp_ads.core import Action, validate
from mcp_ads.core.kept import Kept, Mark, digests, marks
from mcp_ads.core.private import Private
from mcp_ads.core.upload import HEAD, Upload, UploadedFile
from mcp_ads.errors import InvalidParams, StalePlan
from mcp_ads.files import allowed

NO_FOLDER = "files are read from MCP_ADS_FILES, which is not set: the user sets it to a folder; or send "
NO_FILE = "no such file inside MCP_ADS_FILES that may be read"
MOST_NAMED = 10
MOST_TABLE = 200 * 2**20
"""Bytes of a table of people."""


class KeptContent(Protocol):
    """What is kept: its SHA-256 and its bytes."""

    @property
    def sha256(self) -> str: ...

    @property
    def size(self) -> int: ...


Keep = Callable[[bytes | BinaryIO, int], KeptContent]


class Intake:
    """What one call brings in: kept privately, under MCP_ADS_HOME, before anything else sees the call.

    `digests` are those of the values the call has, also of those that were kept before.
    """

    def __init__(self, files: Path | None, keep: Keep, check: Callable[[Kept], None]) -> None:
        self._files, self._keep, self._check = files, keep, check
        self.digests: set[str] = set()

    def exchanged(self, kind: type[Action], params: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters with a digest and a size in the place of every private value, in `items` too.

        What is wrong with a value takes its place, and is raised with the other mistakes of the call. Raises
        InvalidParams for `items` that are no list, NoRecord where nothing can be kept.
        """
        private = marks(kind)
        if not private:
            return dict(params)
        several = kind.risk != "read" and params.get("items") is not None
        items = _listed(params["items"]) if several else []
        used = {name for call in (params, *items) for name in _mappings(private, kind, call)}
        params_kept = self._of(private, kind, params, params, used)
        if several:
            params_kept["items"] = [
                self._of(private, kind, item, {**params, **item}, used) if isinstance(item, Mapping) else None
                for item in items
            ]
        self.digests |= set(digests(params_kept))
        return params_kept

    def _of(
        self,
        private: Mapping[str, Mark],
        kind: type[Action],
        given: Mapping[str, Any],
        whole: Mapping[str, Any],
        used: Container[str],
    ) -> dict[str, Any]:
        """What one write gives, without the mappings that are `used`; `whole` has what it takes over too."""
        all_of_it = {validate.our_name(kind, name): value for name, value in whole.items()}
        ours = {name: validate.our_name(kind, name) for name in given}
        return {
            name: self._value(private[ours[name]], value, all_of_it) if ours[name] in private else value
            for name, value in given.items()
            if ours[name] not in used
        }

    def _value(self, mark: Mark, value: Any, whole: Mapping[str, Any]) -> Any:
        if value is None:
            return value
        try:
            if isinstance(mark, Private) and (names := whole.get(mark.mapping)) is not None:
                mark = mark.mapped(names)
            return dict(self._kept(mark, value))
        except ValueError as mistake:
            return mistake

    def _kept(self, mark: Mark, value: Any) -> Kept:
        if isinstance(mark, Upload) and (path := mark.path_in(value)):
            return self._file(mark, path)
        if isinstance(mark, Private) and isinstance(value, str) and value.strip().lower().endswith(".csv"):
            table = self._opened(value.strip(), ("csv",), "the rows themselves")
            with table as file, contextlib.closing(_table(file)) as rows:
                made: Kept = mark.table(rows)
        else:
            made = mark.read(value)
        if made.content:
            self._keep(made.content, len(made.content))
        else:
            self._check_kept(made)
        return made

    def _check_kept(self, made: Kept) -> None:
        """Raise ValueError unless what was exchanged before is still kept."""
        try:
            self._check(made)
        except StalePlan:
            raise ValueError("nothing is kept under this digest any more; send it again") from None

    def _file(self, mark: Upload, path: str) -> UploadedFile:
        """A file of the user's, as it is now; it may change afterwards, and what is kept does not."""
        with self._opened(path, mark.endings, "base64, at most 1 MB") as file:
            head = file.read(HEAD)
            size = file.seek(0, io.SEEK_END)
            mark.file("", path, size, head)
            file.seek(0)
            try:
                blob = self._keep(file, mark.most)
            except InvalidParams as error:
                raise ValueError(str(error)) from None
            return mark.file(blob.sha256, path, blob.size, head)

    @contextlib.contextmanager
    def _opened(self, path: str, endings: tuple[str, ...], instead: str) -> Iterator[BinaryIO]:
        """A file of the folder the user has set; without one, something `instead` of it may be sent.

        Raises ValueError, naming what is there and not the path.
        """
        if self._files is None:
            raise ValueError(f"{NO_FOLDER}{instead}")
        try:
            file = allowed.opened(self._files, path)
        except (OSError, ValueError):
            there = ", ".join(allowed.names(self._files, endings, MOST_NAMED)) or "none of that kind"
            raise ValueError(f"{NO_FILE}; there: {there}") from None
        with file:
            yield file


def _mappings(private: Mapping[str, Mark], kind: type[Action], call: Any) -> Iterator[str]:
    """The parameters that say what the columns of a call's own rows are called."""
    for name, value in call.items() if isinstance(call, Mapping) else ():
        mark = private.get(validate.our_name(kind, name))
        if isinstance(mark, Private) and not (isinstance(value, Mapping) and mark.kind.digest in value):
            yield mark.mapping


def _listed(items: Any) -> list[Any]:
    """The items of a call, also from JSON text; never quoted, for they may be about people."""
    if isinstance(items, str):
        try:
            items = json.loads(items)
        except (ValueError, RecursionError):
            raise InvalidParams("items: not valid JSON") from None
    if not isinstance(items, list):
        raise InvalidParams("items: a list of objects, each with the parameters of one write")
    return items


def _table(file: BinaryIO) -> Generator[Any]:
    """The rows of a CSV under the names of its first line; a row that does not fit is none.

    Between its cells stands what its first line has most of: a comma, a semicolon or a tab.
    """
    import csv

    if file.seek(0, io.SEEK_END) > MOST_TABLE:
        raise ValueError(f"a table may have at most {MOST_TABLE:,} bytes")
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        first = text.readline()
        text.seek(0)
        between = max(",;\t", key=first.count)
        table = csv.DictReader(text, strict=True, delimiter=between)
        names = [name.strip().casefold() for name in table.fieldnames or () if name.strip()]
        if len(set(names)) != len(names):
            raise ValueError("two columns of the table have one name")
        for row in table:
            fits = None not in row and None not in row.values()
            yield {name: cell for name, cell in row.items() if name.strip() or cell.strip()} if fits else None
    except (csv.Error, UnicodeDecodeError):
        raise ValueError("the file is no CSV in UTF-8: save it as CSV UTF-8") from None
    finally:
        text.detach()
