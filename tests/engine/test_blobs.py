"""Files kept for plans: private, named by their hash, and never sent when they are not what was agreed to."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from pathlib import Path

import pytest

from mcp_ads.engine.records.blobs import KEPT, Blobs
from mcp_ads.errors import InvalidParams, NoRecord, StalePlan

CONTENT = b"\x89PNG" + bytes(range(256)) * 8_192


def test_a_file_is_kept_under_its_hash_for_its_owner_only(tmp_path: Path) -> None:
    """What is put, as bytes or as a stream, is found whole under its SHA-256, with mode 0600."""
    blobs = Blobs(tmp_path / "blobs")
    blob = blobs.put(io.BytesIO(CONTENT))
    assert (blob.sha256, blob.size) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
    assert blobs.put(CONTENT) == blob == blobs.check(blob.sha256)
    with blobs.open(blob.sha256) as file:
        assert file.read() == CONTENT
    assert [path.name for path in (tmp_path / "blobs").iterdir()] == [blob.sha256]
    assert stat.S_IMODE((tmp_path / "blobs" / blob.sha256).stat().st_mode) == 0o600


@pytest.mark.parametrize("harm", ["gone", "changed", "cut", "link"])
def test_a_file_that_is_not_as_it_was_kept_is_refused(tmp_path: Path, harm: str) -> None:
    """A file that is gone, changed, cut or a link ends in StalePlan, before anything can be sent."""
    blobs = Blobs(tmp_path / "blobs")
    path = tmp_path / "blobs" / blobs.put(CONTENT).sha256
    if harm in ("gone", "link"):
        path.unlink()
    else:
        path.write_bytes(CONTENT[:-1] if harm == "cut" else CONTENT[:-1] + b"!")
    if harm == "link":
        (tmp_path / "elsewhere").write_bytes(CONTENT)
        path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StalePlan):
        blobs.check(path.name)


def test_a_name_that_is_no_hash_opens_nothing(tmp_path: Path) -> None:
    """Only a SHA-256 names a file: a path in its place is refused."""
    (tmp_path / "secret").write_text("token")
    with pytest.raises(StalePlan):
        Blobs(tmp_path / "blobs").open("../secret")


def test_a_file_over_the_limit_leaves_nothing_behind(tmp_path: Path) -> None:
    """A stream longer than allowed is refused, and no part of it stays on disk."""
    with pytest.raises(InvalidParams, match="larger than 1,000 bytes"):
        Blobs(tmp_path / "blobs").put(io.BytesIO(CONTENT), most=1_000)
    assert not list((tmp_path / "blobs").iterdir())


def test_what_no_plan_can_send_is_forgotten(tmp_path: Path) -> None:
    """A file older than any open plan is removed when another one is kept; one that is put again stays."""
    blobs = Blobs(tmp_path / "blobs")
    old, again = blobs.put(b"old"), blobs.put(b"again")
    for blob in (old, again):
        at = (tmp_path / "blobs" / blob.sha256).stat().st_mtime - KEPT - 60
        os.utime(tmp_path / "blobs" / blob.sha256, (at, at))
    blobs.put(b"again")
    assert [path.name for path in (tmp_path / "blobs").iterdir()] == [again.sha256]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """Where no file can be kept, NoRecord says so, and nothing is sent."""
    (tmp_path / "blobs").write_text("a file in the way")
    with pytest.raises(NoRecord, match="nothing is sent"):
        Blobs(tmp_path / "blobs").put(CONTENT)
