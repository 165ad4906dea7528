"""Many records in little memory: each after the first few is packed as it comes, and unpacked when wanted."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, overload

Record = dict[str, Any]
PLAIN = 500
"""Records that stay as they are; a list that is no longer is not worth the packing."""
FORM = (zlib.DEFLATED, -13, 5)
"""Raw DEFLATE in a window of 8 KB: records are short, and begun anew each."""


class Packer:
    """Packs the records of one list by what they have in common with the first that is packed."""

    def __init__(self) -> None:
        self._count, self._like = 0, b""

    def pack(self, record: Record) -> Record | bytes:
        """What is kept of a record; of the first few, the record itself."""
        self._count += 1
        if self._count <= PLAIN:
            return record
        text = json.dumps(record, separators=(",", ":")).encode()
        self._like = self._like or text
        packing = zlib.compressobj(1, *FORM, zdict=self._like)
        return packing.compress(text) + packing.flush()

    def packed(self, records: Sequence[Record | bytes]) -> Packed:
        """The records of which this was kept."""
        return Packed(records, self._like)


class Packed(Sequence[Record]):
    """Records as often as they are wanted: whoever reads a packed one gets a copy, and is to forget it."""

    def __init__(self, records: Sequence[Record | bytes], like: bytes) -> None:
        self._records, self._like = records, like

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return map(self._unpacked, self._records)

    @overload
    def __getitem__(self, at: int) -> Record: ...

    @overload
    def __getitem__(self, at: slice) -> Packed: ...

    def __getitem__(self, at: int | slice) -> Record | Packed:
        if isinstance(at, slice):
            return Packed(self._records[at], self._like)
        return self._unpacked(self._records[at])

    def _unpacked(self, record: Record | bytes) -> Record:
        if isinstance(record, dict):
            return record
        unpacking = zlib.decompressobj(FORM[1], zdict=self._like)
        found: Record = json.loads(unpacking.decompress(record))
        return found

    @property
    def long(self) -> bool:
        """Whether any of them is packed."""
        return len(self) > PLAIN
