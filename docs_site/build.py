"""Builds the site: documents, reference and pictures into one folder, and Zensical makes pages of them."""

from __future__ import annotations

import asyncio
import multiprocessing
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import tomlkit

from docs_site import checked, descriptions, examples, pictures, reference, staging
from mcp_ads.across import offer
from mcp_ads.connectors import NAMES

HERE = Path(__file__).resolve().parent
CONNECTORS = ("ads", *NAMES)
TABLE = "actions.md"
"""The document with a row an entity."""


class Broken(Exception):
    """The site cannot be built as it is; the text says what is wrong."""


def build(to: Path) -> None:
    """Make the site anew. Raises Broken for a warning of the generator, and leaves what is there alone then."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        sources = here / "docs"
        staging.staged(sources)
        write(sources, referred())
        write(sources, {TABLE: reference.linked((sources / TABLE).read_text("utf-8"))})
        pictures.taken(sources)
        shutil.copytree(HERE / "assets", sources / "assets")
        shutil.copytree(HERE / "theme", here / "theme")
        (here / "zensical.toml").write_text(config(sources), "utf-8")
        descriptions.described(sources)
        generate(here)
        if wrong := [*checked.wrong(here / "site")]:
            raise Broken("\n".join(wrong))
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(here / "site", to)


def referred() -> dict[str, str]:
    """Every page of the reference, with examples that have just been run."""
    offers = {name: offer(name) for name in CONNECTORS}
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        ran = dict(zip(CONNECTORS, pool.map(run, CONNECTORS), strict=True))
    made = {f"{reference.FOLDER}/index.md": reference.front(offers)}
    for name, found in offers.items():
        made |= reference.pages(found, ran[name])
    return made


def run(name: str) -> dict[examples.Key, examples.Example]:
    """The examples of one connector, in a process of their own."""
    return asyncio.run(examples.run(name))


def write(to: Path, made: Mapping[str, str]) -> None:
    """Write pages below a folder."""
    for path, text in made.items():
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        (to / path).write_text(text, "utf-8")


def config(sources: Path) -> str:
    """The configuration, with what the folders have in place of their names."""
    known = tomllib.loads((HERE / "zensical.toml").read_text("utf-8"))
    known["project"]["nav"] = [_entry(entry, sources) for entry in known["project"]["nav"]]
    return tomlkit.dumps(known)


def _entry(entry: dict[str, Any], sources: Path) -> dict[str, Any]:
    ((title, place),) = entry.items()
    if isinstance(place, list):
        return {title: [_entry(each, sources) for each in place]}
    return {title: _listed(sources / place, sources)} if place.endswith("/") else entry


def _listed(folder: Path, sources: Path) -> list[Any]:
    """The pages of a folder, its index first, then those of the folders in it."""
    files = sorted(folder.glob("*.md"), key=lambda path: (path.stem != "index", path.stem))
    inner = sorted(path for path in folder.iterdir() if path.is_dir())
    return [
        *(path.relative_to(sources).as_posix() for path in files),
        *({_title(path): _listed(path, sources)} for path in inner),
    ]


def _title(folder: Path) -> str:
    return (folder / "index.md").read_text("utf-8").partition("\n")[0].removeprefix("# ")


def generate(here: Path) -> None:
    """Let Zensical make the site of a folder. Raises Broken with what it complains of."""
    words = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    done = subprocess.run(words, cwd=here, capture_output=True, text=True, check=False)  # noqa: S603
    said = done.stdout + done.stderr
    if done.returncode or "warning" in said.lower():
        raise Broken(said)
