"""The wheel, installed: what it brings along, and a user's script checked by mypy --strict."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
SCRIPT = """
import asyncio
from mcp_ads import AdsError, Progress, Result, connect

async def note(progress: Progress) -> None:
    print(progress.done, progress.total, progress.message)

async def main() -> None:
    async with connect("facebook-marketing", access_token="t", writes="plan") as client:
        try:
            result: Result = await client.execute("campaigns", "list", {"limit": 5}, progress=note)
            print(result.data, result.meta, result.errors, await client.plans(), client.entities())
            async for row in client.rows("ads", "list", {"account_id": "1"}):
                print(row["id"])
        except AdsError as error:
            print(error.lines, error.fix)

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built once."""
    folder = tmp_path_factory.mktemp("wheel")
    words = [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder), str(ROOT)]
    subprocess.run(words, check=True, capture_output=True, text=True)
    return next(folder.glob("*.whl"))


@pytest.mark.timeout(400)
def test_every_table_is_in_the_wheel(wheel: Path) -> None:
    """The JSON beside the code comes along with it."""
    tables = {str(path.relative_to(ROOT)) for path in (ROOT / "mcp_ads").rglob("*.json")}
    with zipfile.ZipFile(wheel) as packed:
        assert tables - set(packed.namelist()) == set()


@pytest.mark.timeout(400)
def test_a_users_script_is_checked_against_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """The package says that it is typed, and its public names have types."""
    venv.create(tmp_path / "venv")
    site = next((tmp_path / "venv").rglob("site-packages"))
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    (tmp_path / "script.py").write_text(SCRIPT)
    python = str(next((tmp_path / "venv").rglob("python")))
    words = ["--strict", "--cache-dir", str(tmp_path / "cache"), "--python-executable", python, "script.py"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *words], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
