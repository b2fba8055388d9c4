"""Secrets at rest: what the database keeps of a secret that must be read again is sealed with a key file.

The key lies outside the database, so that a copy of the database alone opens nothing. Sealing is Fernet
(AES-128-CBC with HMAC-SHA256, https://github.com/fyernet/spec): what was altered does not open.
"""

import os
from functools import cached_property
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

KEY_FILE = "secrets.key"


class SealError(Exception):
    """A secret cannot be sealed or opened; the text says what to do."""


class Seal:
    """Seals with the first key, opens with any of them; keys stand in a file, one a line, newest first."""

    def __init__(self, data_dir: Path, given: SecretStr | None = None) -> None:
        """`given` takes the place of the file: machines that share a database share the keys."""
        self._path = data_dir / KEY_FILE
        self._given = given

    def close_up(self, secret: str) -> str:
        """Sealed, as text; of other form each time."""
        return self._keys.encrypt(secret.encode()).decode("ascii")

    def open_up(self, sealed: str) -> str:
        """What was sealed. Raises SealError where the key is another, or the text was altered."""
        try:
            return self._keys.decrypt(sealed.encode("ascii")).decode()
        except InvalidToken:
            raise SealError(
                f"a stored secret does not open; put back the {KEY_FILE} with which it was sealed"
            ) from None

    @cached_property
    def _keys(self) -> MultiFernet:
        text = self._given.get_secret_value() if self._given else self._read()
        try:
            return MultiFernet([Fernet(line) for line in text.split()])
        except ValueError as error:
            raise SealError(f"{KEY_FILE} holds no key of 32 bytes in base64 ({error})") from None

    def _read(self) -> str:
        try:
            if not self._path.exists():
                make_key_file(self._path)
            return self._path.read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError) as error:
            raise SealError(f"{self._path} cannot be used ({error})") from None


def make_key_file(path: Path) -> None:
    """Write a new key for the owner alone; of two makers at once both read the one's."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(Fernet.generate_key().decode("ascii") + "\n")
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(part, path)
    except FileExistsError:
        pass  # another process was first
    finally:
        part.unlink()
