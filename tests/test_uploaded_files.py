"""Files in a call: of the folder the user set, or in the call itself, kept until sent; from nowhere else."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from engine_client import FACEBOOK, US, EngineClient
from people import AUDIENCE
from planning import applied, planned, writes

from mcp_ads.connectors.facebook_marketing.creative.images import DOT
from mcp_ads.connectors.facebook_marketing.creative.videos import TINY
from mcp_ads.engine.overview import page
from mcp_ads.errors import InvalidParams, StalePlan

pytestmark = pytest.mark.anyio
EngineClients = Callable[..., EngineClient]
PNG = base64.b64decode(DOT)
HEAD = base64.b64encode(base64.b64decode(TINY)[:24]).decode()
MARK = b"FILE-MARKER-5c2d"
KEPT = {"name": "x.png", "size": 1, "media": "image/png"}
SECRET = "SECRET-4b1e"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The user's folder, with an image, and beside it what is nobody's business."""
    folder = tmp_path / "files"
    (folder / "spring").mkdir(parents=True)
    (folder / ".hidden").mkdir()
    for name in ("shop.png", "spring/shop 2.PNG", ".secret.png", ".hidden/shop.png"):
        (folder / name).write_bytes(PNG + MARK)
    (folder / "notes.txt").write_text(SECRET)
    (folder / "notes.png").write_text(SECRET)
    (folder / "empty.png").write_bytes(b"")
    (folder / "folder.png").mkdir()
    (tmp_path / "outside.png").write_bytes(PNG)
    (tmp_path / "files-too").mkdir()
    (tmp_path / "files-too" / "shop.png").write_bytes(PNG)
    (folder / "link.png").symlink_to(folder / "shop.png")
    (folder / "out.png").symlink_to(tmp_path / "outside.png")
    (folder / "in.png").symlink_to(folder / ".secret.png")
    (folder / "lost.png").symlink_to(folder / "nothing.png")
    (tmp_path / "linked.png").write_bytes(PNG)
    (folder / "linked.png").hardlink_to(tmp_path / "linked.png")
    os.mkfifo(folder / "pipe.png")
    return folder


@pytest.fixture
def engine_client(engine_client_with: EngineClients, files: Path) -> EngineClient:
    return engine_client_with(MCP_ADS_FILES=str(files))


def kept(engine_client: EngineClient) -> list[Path]:
    return [path for path in (engine_client.home / "blobs").glob("*") if path.is_file()]


def marked(engine_client: EngineClient) -> list[str]:
    """The files of ours that have the marker in them."""
    found = (path for path in engine_client.home.rglob("*") if path.is_file() and MARK in path.read_bytes())
    return [str(path.relative_to(engine_client.home)) for path in found]


async def upload(engine_client: EngineClient, file: Any, **params: Any) -> str:
    return await planned(engine_client, "images", "upload", account_id=US, file=file, **params)


@pytest.mark.parametrize("name", ["shop.png", "spring/shop 2.PNG", "link.png", "./shop.png"])
async def test_a_file_of_the_folder(engine_client: EngineClient, files: Path, name: str) -> None:
    """It is kept privately as it is now, sent as it was then, and forgotten; the plan has its hash."""
    plan = await upload(engine_client, name)
    content = PNG + MARK
    (path,) = kept(engine_client)
    assert (path.name, path.stat().st_mode & 0o777) == (hashlib.sha256(content).hexdigest(), 0o600)
    assert marked(engine_client) == [f"blobs/{path.name}"]
    (files / name).write_bytes(PNG)
    text = engine_client.workspace.text(await applied(engine_client, plan))
    assert "APPLIED: 1 of 1 done" in text
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    assert digest in text
    assert [row["name"] for row in engine_client.store.all("facebook.image") if row["hash"] == digest] == [
        Path(name).name
    ]
    engine_client.workspace.trace.flush()
    assert (kept(engine_client), marked(engine_client)) == ([], [])


@pytest.mark.parametrize("file", [DOT, f"data:image/png;base64,{DOT}", DOT[:40] + "\n" + DOT[40:]])
@pytest.mark.parametrize("mode", ["plan", "direct"])
async def test_a_file_in_the_call(engine_client_with: EngineClients, mode: str, file: str) -> None:
    """Base64 needs no folder; neither the plan nor anything else has the bytes."""
    engine_client = engine_client_with(MCP_ADS_WRITES=mode)
    result = await engine_client.do(FACEBOOK, "images", "upload", account_id=US, file=file)
    if mode == "plan":
        assert "uploads 70 bytes, image/png" in result.text
        result = await applied(engine_client, result.data["plan_id"])
    assert len(writes(engine_client)) == 1
    assert kept(engine_client) == []
    engine_client.workspace.trace.flush()
    written = "".join(path.read_text(errors="replace") for path in engine_client.home.rglob("*.json*"))
    assert DOT[:20] not in written + result.text


OUTSIDE = [
    "../outside.png", "out.png", "../files-too/shop.png", ".secret.png", "in.png", ".hidden/shop.png",
    "lost.png", "nothing.png", "folder.png", "pipe.png", "/etc/shadow.png", "spring/../../outside.png",
    "no/such.png", "a\0.png", "~/shop.png", "x" * 5000 + ".png", "shop.png/x.png", ".", "..", "spring/..",
    "linked.png", "{files}/../outside.png",
    "{files}/.secret.png", "file:///etc/hosts.png", "https://example.com/shop.png",
]  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE)
async def test_what_is_not_in_the_folder(engine_client: EngineClient, files: Path, name: str) -> None:
    """Nothing outside, nothing hidden, nothing that is no file: one line, naming what there is instead."""
    path = name.format(files=files)
    with pytest.raises(InvalidParams) as caught:
        await upload(engine_client, path)
    assert str(caught.value) == (
        "file: no such file inside MCP_ADS_FILES that may be read; there: "
        "empty.png, link.png, notes.png, shop.png, spring/shop 2.PNG"
    )
    assert kept(engine_client) == []


@pytest.mark.parametrize("by_handle", [True, False])
async def test_a_folder_that_is_replaced_while_it_is_read(
    engine_client: EngineClient, files: Path, monkeypatch: pytest.MonkeyPatch, by_handle: bool
) -> None:
    """A link that takes its place after it was looked at leads nowhere, also without handles of folders."""
    really = os.open

    def swapping(path: Any, *how: Any, **more: Any) -> int:
        if str(path).startswith(str(files)) and not (files / "spring").is_symlink():
            (files / "spring").rename(files / "summer")
            (files / "spring").symlink_to(files.parent / "files-too")
        return really(path, *how, **more)

    monkeypatch.setattr(os, "open", swapping)
    monkeypatch.setattr(os, "supports_dir_fd", {swapping} if by_handle else set())
    (files / "spring" / "shop.png").write_bytes(PNG + MARK)
    with pytest.raises(InvalidParams, match="no such file inside MCP_ADS_FILES"):
        await upload(engine_client, "spring/shop.png")
    assert (files / "spring").is_symlink()
    assert kept(engine_client) == []


async def test_the_whole_path_of_a_file_in_the_folder(engine_client: EngineClient, files: Path) -> None:
    """It is understood as well."""
    assert "shop-png" in await upload(engine_client, str(files / "shop.png"))


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("notes.txt", "not of a kind that is taken here: jpeg, png, gif"),
        ("notes.png", "not of a kind that is taken here"),
        ("empty.png", "not of a kind that is taken here"),
        (base64.b64encode(SECRET.encode()).decode(), "not of a kind that is taken here"),
        ("no base64 at all!", "neither the name of a file"),
        ("", "neither the name of a file|not of a kind"),
        ("A" * 2_000_000, "at most 1,048,576 bytes"),
        (7, "write the name of a file"),
        ({**KEPT, "file": "0" * 64}, "nothing is kept under this digest"),
        ({**KEPT, "file": "../../x"}, "not what stands for"),
        ({**KEPT, "file": "0" * 64, "name": "../x.png"}, "not what stands for"),
    ],
)  # fmt: skip
async def test_what_is_no_image(engine_client: EngineClient, file: Any, why: str) -> None:
    """What a file is, its first bytes say; a mistake never quotes the content."""
    with pytest.raises(InvalidParams, match=f"^file: .*({why})") as caught:
        await upload(engine_client, file)
    assert SECRET not in str(caught.value)
    assert kept(engine_client) == []


async def test_without_a_folder(engine_client_with: EngineClients) -> None:
    """None is read, and the answer says who sets it and what works without."""
    with pytest.raises(InvalidParams, match=r"MCP_ADS_FILES, which is not set: the user sets it .* base64"):
        await upload(engine_client_with(), "shop.png")


async def test_what_an_agent_says_of_a_kept_file(engine_client: EngineClient, files: Path) -> None:
    """It may be given again as a plan has it: not under another name or as another kind, nor people as it."""
    await upload(engine_client, "shop.png")
    value = engine_client.workspace.plans.all()[0].steps[0].params["file"]
    assert (await upload(engine_client, value)).startswith("upload-image.shop-png.")
    (files / "people.csv").write_text("email\nmary@example.com\n")
    await planned(engine_client, "custom_audiences", "add_users", audience_id=AUDIENCE, users="people.csv")
    (rows,) = [path for path in kept(engine_client) if path.name != value["file"]]
    lies = (
        {"name": "approved.png"},
        {"media": "image/gif"},
        {"size": value["size"] + 1},
        {"file": rows.name, "size": rows.stat().st_size},
    )
    for lie in lies:
        with pytest.raises(InvalidParams, match=r"^file: nothing is kept under this digest"):
            await upload(engine_client, {**value, **lie})
    assert rows.exists()
    for plan in (engine_client.home / "plans").glob("*.json"):
        plan.unlink()
    with pytest.raises(InvalidParams, match=r"^file: nothing is kept under this digest"):
        await upload(engine_client, {**value, "file": rows.name, "size": rows.stat().st_size})


@pytest.mark.parametrize("harm", ["gone", "changed"])
async def test_a_file_that_is_not_kept_any_more(engine_client: EngineClient, harm: str) -> None:
    """Nothing is sent, and the plan says to be made again."""
    plan = await upload(engine_client, "shop.png")
    (path,) = kept(engine_client)
    path.unlink() if harm == "gone" else path.write_bytes(PNG)
    with pytest.raises(StalePlan, match="kept"):
        await applied(engine_client, plan)
    assert writes(engine_client) == []


async def test_many_files_in_one_plan(engine_client: EngineClient) -> None:
    """Each item has its own; a mistake in one is said with its index."""
    items = [{"file": name} for name in ("shop.png", "spring/shop 2.PNG")]
    plan = await planned(engine_client, "images", "upload", account_id=US, items=items)
    assert plan.startswith("upload-2-images.")
    with pytest.raises(InvalidParams, match=r"items\[1\]: file: no such file"):
        await planned(
            engine_client, "images", "upload", account_id=US, items=[*items[:1], {"file": "no.png"}]
        )
    done = (await applied(engine_client, plan)).text
    assert "2 of 2 done" in done, done
    assert kept(engine_client) == []


async def test_what_is_there_is_named_by_its_kind_and_not_without_end(
    engine_client: EngineClient, files: Path
) -> None:
    """Ten names at most, one level deep, of the kind that is asked for; no kind, no name."""
    for number in range(20):
        (files / f"a{number:02d}.jpeg").write_bytes(PNG)
    (files / "spring" / "deep").mkdir()
    (files / "spring" / "deep" / "a.png").write_bytes(PNG)
    (files / "two\nlines.png").write_bytes(PNG)
    with pytest.raises(InvalidParams) as caught:
        await upload(engine_client, "no.png")
    names = str(caught.value).partition("; there: ")[2].split(", ")
    assert names == [f"a{number:02d}.jpeg" for number in range(10)]
    for entity, action, params in (
        ("videos", "upload", {"account_id": US, "file": "no.mp4"}),
        ("custom_audiences", "add_users", {"audience_id": "1202150000000000001", "users": "no.csv"}),
    ):
        with pytest.raises(InvalidParams, match="; there: none of that kind"):
            await planned(engine_client, entity, action, **params)


async def test_the_example_is_a_name(engine_client: EngineClient, files: Path) -> None:
    """What a description shows works where the folder has such a file; no base64 stands there."""
    text = await page(
        engine_client.workspace, {"connector": "facebook", "entity": "images", "action": "upload"}
    )
    shown = json.loads(text.partition("Example params: ")[2].splitlines()[0])
    assert shown["file"] == "spring.jpg"
    assert "inside MCP_ADS_FILES" in text
    (files / shown["file"]).write_bytes(PNG)
    assert "spring-jpg" in await upload(engine_client, shown["file"])


async def test_a_head_alone_is_no_video(engine_client: EngineClient) -> None:
    """What ends with its first box has nothing to show; the plan of a video names its file."""
    with pytest.raises(InvalidParams, match="head of a video and nothing behind it"):
        await engine_client.do(FACEBOOK, "videos", "upload", account_id=US, file=HEAD)
    plan = await engine_client.do(FACEBOOK, "videos", "upload", account_id=US, file=TINY)
    assert "uploads upload.mp4, 32 bytes, video/mp4" in plan.text
    assert "; ready: a creative can show it" in (await applied(engine_client, plan.data["plan_id"])).text
