"""Where sign-ins are kept: a private file, or the keyring where one answers; never lost, never twice."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from keyring import core

from mcp_ads.auth import keyring_call
from mcp_ads.auth.keyring import Keyring, KeyringFailed
from mcp_ads.auth.signed_in import SignedIn
from mcp_ads.auth.tokens import Token
from mcp_ads.auth.vault import vault
from mcp_ads.auth.vault_tokens import tokens
from mcp_ads.errors import NoRecord, NotConfigured
from mcp_ads.files.lock import Busy

SIGNED_IN = SignedIn(
    "linkedin_ads",
    client_id="app-1",
    client_secret="marked-secret",
    access_token="marked-access",
    refresh_token="marked-refresh",
    access_ends=1_800_000_000.5,
    refresh_ends=1_830_000_000.0,
    consented=1_790_000_000.0,
    granted=("r_ads", "rw_ads"),
    refused=("r_ads_leadgen_automation",),
    who="Ada Lovelace",
)
SECRETS = ("marked-secret", "marked-access", "marked-refresh")
BACKEND = """
import json, os, pathlib, sys, time
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError, PasswordSetError

with open(os.environ["FAKE_CALLS"], "a") as calls:
    print(" ".join(sys.argv), file=calls)

class Keyring(KeyringBackend):
    priority = 5
    name = "Make-believe"
    path = pathlib.Path(os.environ["FAKE_KEYRING"])

    def does(self):
        mode = pathlib.Path(os.environ["FAKE_MODE"]).read_text()
        if mode == "hang":
            time.sleep(60)
        if mode == "locked":
            raise KeyringLocked("the collection is locked")
        return mode

    def all(self):
        return json.loads(self.path.read_text()) if self.path.exists() else {}

    def get_password(self, service, user):
        self.does()
        return self.all().get(f"{service} {user}")

    def set_password(self, service, user, text):
        mode = self.does()
        if mode == "full":
            raise PasswordSetError("too long")
        kept = self.all()
        kept[f"{service} {user}"] = text[:5] if mode == "cuts" else text
        self.path.write_text(json.dumps(kept))

    def delete_password(self, service, user):
        self.does()
        kept = self.all()
        if kept.pop(f"{service} {user}", None) is None:
            raise PasswordDeleteError("there is none")
        self.path.write_text(json.dumps(kept))
"""


class Backend:
    """A make-believe keyring that child processes find."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.file, self._mode, self._calls = (folder / name for name in ("ring.json", "mode", "calls"))
        (folder / "make_believe.py").write_text(BACKEND)
        self.mode("works")
        monkeypatch.setenv("PYTHONPATH", str(folder))
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "make_believe.Keyring")
        monkeypatch.setenv("FAKE_KEYRING", str(self.file))
        monkeypatch.setenv("FAKE_MODE", str(self._mode))
        monkeypatch.setenv("FAKE_CALLS", str(self._calls))

    def mode(self, mode: str) -> None:
        """works, hang, locked, full or cuts."""
        self._mode.write_text(mode)

    @property
    def kept(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.file.read_text()) if self.file.exists() else {}
        return found

    @property
    def calls(self) -> list[str]:
        return self._calls.read_text().splitlines() if self._calls.exists() else []


@pytest.fixture
def child_backend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Backend:
    """A keyring that works, with time enough for a slow machine to start Python."""
    folder = tmp_path / "backend"
    folder.mkdir()
    monkeypatch.setattr("mcp_ads.auth.keyring.QUICK", 30.0)
    monkeypatch.delenv("MCP_ADS_KEYRING", raising=False)
    return Backend(folder, monkeypatch)


@pytest.fixture
def backend(child_backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    """The same keyring, asked in this process: starting Python for every question is another test's."""
    monkeypatch.syspath_prepend(str(tmp_path / "backend"))
    before = core.get_keyring()

    def run(command: list[str], **given: Any) -> subprocess.CompletedProcess[str]:
        sys.modules.pop("make_believe", None)
        core.set_keyring(core.load_keyring(os.environ["PYTHON_KEYRING_BACKEND"]))
        answer = keyring_call.answer(json.loads(given["input"]))
        return subprocess.CompletedProcess(command, 0, json.dumps(answer), "")

    monkeypatch.setattr("mcp_ads.auth.keyring.subprocess", SimpleNamespace(run=run, TimeoutExpired=OSError))
    yield child_backend
    core.set_keyring(before)
    sys.modules.pop("make_believe", None)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home."""
    return tmp_path / "home"


def _texts(home: Path) -> str:
    return "".join(path.read_text() for path in home.rglob("*") if path.is_file())


def test_a_sign_in_is_kept_in_a_private_file(home: Path) -> None:
    """Without a keyring the file has everything, and only its owner can read it and its folder."""
    kept = vault(home, keyring="off")
    kept.write("acme", SIGNED_IN)
    path = home / "signed-in" / "acme.json"
    assert vault(home, keyring="off").read("acme") == SIGNED_IN
    assert kept.place == str(path.parent)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["acme.json"]


def test_facts_have_no_secrets(home: Path) -> None:
    """What is known without secrets has none of them, and neither is shown when printed."""
    vault(home, keyring="off").write("acme", SIGNED_IN)
    facts = vault(home, keyring="off").facts("acme")
    assert facts == SIGNED_IN.without_secrets()
    assert not any(secret in repr([facts, SIGNED_IN]) for secret in SECRETS)


def test_names_and_forgetting(home: Path) -> None:
    """Names are those somebody signed in as; what is forgotten is gone, and forgotten once."""
    kept = vault(home, keyring="off")
    assert kept.names() == []
    kept.write("facebook", SIGNED_IN)
    kept.write("acme", SIGNED_IN)
    assert kept.names() == ["acme", "facebook"]
    assert (kept.forget("acme"), kept.forget("acme")) == (True, False)
    assert (kept.names(), kept.read("acme"), kept.facts("acme")) == (["facebook"], None, None)


@pytest.mark.slow
def test_the_keyring_has_the_secrets_and_the_file_none(home: Path, child_backend: Backend) -> None:
    """Where the keyring answers, secrets are in it alone, and in no list of processes."""
    kept = vault(home)
    kept.write("acme", SIGNED_IN)
    assert kept.place == "the keyring (Make-believe)"
    assert vault(home).read("acme") == SIGNED_IN
    assert vault(home).facts("acme") == SIGNED_IN.without_secrets()
    assert not any(secret in _texts(home) for secret in SECRETS)
    assert all(secret in str(child_backend.kept) for secret in SECRETS)
    assert not any(secret in line for line in child_backend.calls for secret in SECRETS)


def test_facts_never_ask_the_keyring(home: Path, backend: Backend) -> None:
    """What a start looks at asks the keyring nothing."""
    vault(home).write("acme", SIGNED_IN)
    before = len(backend.calls)
    assert vault(home).names() == ["acme"]
    assert vault(home).facts("acme") == SIGNED_IN.without_secrets()
    assert len(backend.calls) == before


def test_writing_again_leaves_one_place(home: Path, backend: Backend) -> None:
    """New secrets take the place of old ones; after forgetting there are none."""
    kept = vault(home)
    for number in range(3):
        kept.write("acme", replace(SIGNED_IN, access_token=f"token-{number}"))
    assert [json.loads(text)["access_token"] for text in backend.kept.values()] == ["token-2"]
    found = vault(home).read("acme")
    assert found
    assert found.access_token == "token-2"
    assert kept.forget("acme")
    assert backend.kept == {}


def test_what_another_process_wrote_is_read(home: Path, backend: Backend) -> None:
    """A vault that has read something reads what is written later, and asks once for what is not."""
    kept = vault(home)
    kept.write("acme", SIGNED_IN)
    assert kept.read("acme") == SIGNED_IN
    before = len(backend.calls)
    assert kept.read("acme") == SIGNED_IN
    assert len(backend.calls) == before
    later = replace(SIGNED_IN, access_token="later")
    vault(home).write("acme", later)
    assert kept.read("acme") == later


@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_process_that_ends_between_write_and_replace_loses_nothing(
    home: Path, backend: Backend, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    """Whether it ends before or after the file is replaced, the file and the secrets fit together."""
    vault(home).write("acme", SIGNED_IN)
    later = replace(SIGNED_IN, access_token="later", who="Grace Hopper")
    whole = Path.replace

    def ends(draft: Path, path: Path) -> Path:
        if cut == "after":
            whole(draft, path)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", ends)
        with pytest.raises(KeyboardInterrupt):
            vault(home).write("acme", later)
    assert vault(home).read("acme") == (SIGNED_IN if cut == "before" else later)
    last = replace(later, access_token="last")
    vault(home).write("acme", last)
    assert vault(home).read("acme") == last
    assert vault(home).forget("acme")
    assert backend.kept == {}


@pytest.mark.slow
def test_a_hanging_keyring_is_left_alone_for_a_day(
    home: Path, child_backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keyring that does not answer in time is asked once a day; sign-ins go into the private file."""
    monkeypatch.setattr("mcp_ads.auth.keyring.QUICK", 0.01)
    child_backend.mode("hang")
    vault(home).write("acme", SIGNED_IN)
    monkeypatch.setattr("mcp_ads.auth.keyring.QUICK", 30.0)
    child_backend.mode("works")
    vault(home).write("beta", SIGNED_IN)
    assert (child_backend.kept, child_backend.calls) == ({}, [])
    assert vault(home).read("acme") == vault(home).read("beta") == SIGNED_IN
    day_later = time.time() + 90_000
    monkeypatch.setattr(time, "time", lambda: day_later)
    vault(home).write("beta", SIGNED_IN)
    assert len(child_backend.kept) == 1
    assert "marked-refresh" not in (home / "signed-in" / "beta.json").read_text()


@pytest.mark.parametrize("content", ["", "[]", '{"k": 1}', "[" * 5000, '{"k": {"at": "x", "name": "y"}}'])
def test_a_verdict_of_another_shape_is_none(home: Path, backend: Backend, content: str) -> None:
    """An old or damaged verdict is asked for again."""
    home.mkdir()
    (home / "keyring-verdict.json").write_text(content)
    vault(home).write("acme", SIGNED_IN)
    assert len(backend.kept) == 1


def test_a_locked_keyring_says_what_to_do(
    home: Path, backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    """What is in a locked keyring is not readable, which is said; it is not lost, nor put into a file."""
    vault(home).write("acme", SIGNED_IN)
    backend.mode("locked")
    with pytest.raises(NotConfigured, match=r"are in the keyring, .* it is locked") as refused:
        vault(home).read("acme")
    assert "mcp-ads login" in refused.value.fix
    with pytest.raises(NoRecord, match="the keyring does not keep the credentials of acme: it is locked"):
        vault(home).write("acme", SIGNED_IN)
    assert not any(secret in _texts(home) + caplog.text for secret in SECRETS)
    backend.mode("works")
    assert vault(home).read("acme") == SIGNED_IN


@pytest.mark.parametrize("mode", ["full", "cuts"])
def test_a_keyring_that_does_not_keep_it_is_said(
    home: Path, backend: Backend, caplog: pytest.LogCaptureFixture, mode: str
) -> None:
    """Where the keyring answers and does not keep the secrets, they go into the file, with a warning."""
    backend.mode(mode)
    vault(home, may_prompt=True).write("acme", SIGNED_IN)
    backend.mode("works")
    assert "private file" in caplog.text
    assert vault(home).read("acme") == SIGNED_IN
    backend.mode(mode)
    with pytest.raises(NoRecord, match="does not keep"):
        vault(home, keyring="on").write("beta", SIGNED_IN)
    assert vault(home).read("beta") is None


def test_switching_the_keyring_off_and_on(home: Path, backend: Backend) -> None:
    """What a file has is read with the keyring on; what the keyring has is named when it is off."""
    vault(home, keyring="off").write("acme", SIGNED_IN)
    assert vault(home, keyring="on").read("acme") == SIGNED_IN
    vault(home, keyring="on").write("acme", SIGNED_IN)
    assert not any(secret in _texts(home) for secret in SECRETS)
    with pytest.raises(NotConfigured, match="MCP_ADS_KEYRING=off"):
        vault(home, keyring="off").read("acme")
    vault(home, keyring="off").write("acme", SIGNED_IN)
    assert vault(home, keyring="off").read("acme") == SIGNED_IN


def test_secrets_gone_from_the_keyring_are_said(home: Path, backend: Backend) -> None:
    """A keyring that was emptied by hand ends with what to do."""
    vault(home).write("acme", SIGNED_IN)
    backend.file.unlink()
    with pytest.raises(NotConfigured, match="no credentials of acme any more"):
        vault(home).read("acme")


def test_no_keyring_is_used_that_stores_plainly(
    home: Path, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backend below the recommended ones is as if there were none."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    kept = vault(home)
    kept.write("acme", SIGNED_IN)
    assert kept.place == str(home / "signed-in")
    assert vault(home).read("acme") == SIGNED_IN


def test_a_module_in_the_working_directory_is_not_loaded(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A keyring.py in a cloned project does not see what is asked of the keyring."""
    monkeypatch.setattr("mcp_ads.auth.keyring.QUICK", 30.0)
    (tmp_path / "keyring.py").write_text("open('seen', 'w').write('loaded')\n")
    monkeypatch.chdir(tmp_path)
    vault(home).write("acme", SIGNED_IN)
    assert not (tmp_path / "seen").exists()


@pytest.mark.parametrize(
    "damage",
    [
        "", "{", "[]", "null", '{"facts": 1}', '{"facts": {}}', '{"facts": {"connector": 1}}', "[" * 5000,
        '{"facts": {"connector": "linkedin_ads", "access_ends": "soon"}, "secrets": {}}',
        '{"facts": {"connector": "linkedin_ads", "granted": "r_ads"}, "secrets": {}}',
        '{"facts": {"connector": "linkedin_ads"}, "place": "beta"}',
    ],
)  # fmt: skip
def test_a_damaged_file_is_nobody_signed_in(
    home: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A file that is cut, or of another shape, is said on stderr and replaced by the next sign-in."""
    kept = vault(home, keyring="off")
    kept.write("acme", SIGNED_IN)
    (home / "signed-in" / "acme.json").write_text(damage)
    assert (kept.read("acme"), kept.facts("acme")) == (None, None)
    assert "signed in as acme: its file is damaged" in caplog.text
    kept.write("acme", SIGNED_IN)
    assert kept.read("acme") == SIGNED_IN


def test_fields_of_later_versions_are_left_out(home: Path) -> None:
    """A file with more in it is read for what is known."""
    kept = vault(home, keyring="off")
    kept.write("acme", SIGNED_IN)
    path = home / "signed-in" / "acme.json"
    document = json.loads(path.read_text())
    document["facts"]["planet"] = "Earth"
    path.write_text(json.dumps(document))
    assert kept.read("acme") == SIGNED_IN


def test_links_are_not_followed(home: Path, tmp_path: Path) -> None:
    """A link in a file's place is replaced, never read or written through; a linked folder is refused."""
    other = tmp_path / "other.json"
    kept = vault(home, keyring="off")
    kept.write("acme", SIGNED_IN)
    path = home / "signed-in" / "acme.json"
    path.rename(other)
    before = other.read_text()
    path.symlink_to(other)
    assert kept.read("acme") is None
    kept.write("acme", replace(SIGNED_IN, who="later"))
    assert (other.read_text(), path.is_symlink()) == (before, False)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    linked = tmp_path / "second"
    linked.mkdir()
    (linked / "signed-in").symlink_to(elsewhere)
    with pytest.raises(NoRecord, match="cannot be kept"):
        vault(linked, keyring="off").write("acme", SIGNED_IN)
    assert list(elsewhere.iterdir()) == []


def test_an_open_folder_is_closed(home: Path) -> None:
    """A folder others could read is its owner's alone after the next sign-in."""
    (home / "signed-in").mkdir(parents=True, mode=0o755)
    vault(home, keyring="off").write("acme", SIGNED_IN)
    assert stat.S_IMODE((home / "signed-in").stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix" or not hasattr(os, "geteuid"), reason="POSIX")
def test_a_home_that_cannot_be_written_keeps_what_was_there(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A failed write is a line with what to do, and what was stored stays."""
    kept = vault(home, keyring="off")
    kept.write("acme", SIGNED_IN)

    def refuses(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", refuses)
        with pytest.raises(NoRecord, match="No space left on device"):
            kept.write("acme", replace(SIGNED_IN, who="later"))
    assert kept.read("acme") == SIGNED_IN
    assert [file.name for file in (home / "signed-in").iterdir()] == ["acme.json"]


def test_one_renewal_at_a_time(home: Path) -> None:
    """Who holds a name holds it alone; another name is free."""
    kept = vault(home, keyring="off")
    other = vault(home, keyring="off")
    with kept.locked("acme"), other.locked("beta"), pytest.raises(Busy), other.locked("acme"):
        pytest.fail("two hold it")
    with kept.locked("acme"):
        assert kept.names() == []


@pytest.mark.parametrize("name", ["", "../acme", "Acme", "a" * 41, "-a", "a/b", "a\n"])
def test_a_name_never_leads_elsewhere(home: Path, name: str) -> None:
    """What is no name of a connection is refused before anything is touched."""
    with pytest.raises(ValueError, match="no name of a connection"):
        vault(home, keyring="off").write(name, SIGNED_IN)
    assert not home.exists()


def test_got_access_tokens_are_kept_there_too(home: Path, backend: Backend) -> None:
    """The access token of a connection of the environment is in the keyring as well, and in no file."""
    tokens(home, "auto", "0123456789abcdef0123").write(Token("marked-access", 1e12))
    assert tokens(home, "auto", "0123456789abcdef0123").read() == Token("marked-access", 1e12)
    assert "marked-access" not in _texts(home)
    assert len(backend.kept) == 1
    assert vault(home).names() == []


@pytest.mark.parametrize("answer", ["", "[]", '"x"', "{}", "Traceback"])
def test_an_answer_that_is_none_is_no_keyring(
    home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str
) -> None:
    """Whatever the child process writes, it is an answer or a failure in words."""
    monkeypatch.setattr("mcp_ads.auth.keyring.QUICK", 30.0)
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\ncat >/dev/null\necho '{answer}'\n")
    script.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(script))
    with pytest.raises(KeyringFailed):
        Keyring(home).read("acme")
    assert Keyring(home).usable() == ""


def test_the_mode_that_is_a_slip_asks_no_keyring(
    home: Path, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the settings were not read, a misspelt mode means off."""
    monkeypatch.setenv("MCP_ADS_KEYRING", "offf")
    vault(home).write("acme", SIGNED_IN)
    assert backend.calls == []
