"""One question to the keyring, in a process of its own: started by `keyring.py`, never imported by it.

A keyring may hang, or ask the person at the screen. The question comes on stdin and the answer goes to
stdout, both as JSON, so that no secret is in a list of processes.
"""

from __future__ import annotations

import contextlib
import json
import sys
from typing import Any


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """What the keyring says: its name, and the text that was asked for; or why it does not say it."""
    try:
        import keyring
        import keyring.errors
    except ImportError:
        return {"failed": "the package keyring is not installed"}
    backend = keyring.get_keyring()
    if backend.priority < 1:
        return {"failed": "there is none on this machine"}
    if not question["may_prompt"] and _would_ask():
        return {"failed": "it is locked"}
    place = (question["service"], question["user"])
    found = None
    try:
        if question["what"] == "read":
            found = backend.get_password(*place)
        elif question["what"] == "write":
            backend.set_password(*place, question["text"])
            found = backend.get_password(*place)
        else:
            with contextlib.suppress(keyring.errors.PasswordDeleteError):
                backend.delete_password(*place)
    except keyring.errors.KeyringLocked:
        return {"failed": "it is locked"}
    except keyring.errors.KeyringError as error:
        return {"failed": type(error).__name__}
    return {"name": backend.name, "text": found}


def _would_ask() -> bool:
    """Whether the keyring would ask a person to unlock it; macOS is told to refuse instead."""
    if sys.platform == "darwin":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            framework = "/System/Library/Frameworks/Security.framework/Security"
            ctypes.CDLL(framework).SecKeychainSetUserInteractionAllowed(0)
        return False
    import keyring
    from keyring.backends import SecretService

    chosen = keyring.get_keyring()
    among = getattr(chosen, "backends", [chosen])
    if not any(isinstance(backend, SecretService.Keyring) for backend in among):
        return False
    import secretstorage

    try:
        with contextlib.closing(secretstorage.dbus_init()) as bus:
            return bool(secretstorage.get_default_collection(bus).is_locked())
    except secretstorage.exceptions.SecretStorageException:
        return True


if __name__ == "__main__":
    json.dump(answer(json.load(sys.stdin)), sys.stdout)
