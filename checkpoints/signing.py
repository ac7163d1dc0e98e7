"""The key that signs the record (Ed25519), and the folder outside the database where signed notes stand.

The key file holds 32 bytes and only its owner may read it; it is made by ``countersign keygen`` or by the
demonstration, never by a process that needs it. A note that was written is never written again.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.note import Checkpoint, VerifierKey, signed
from checkpoints.keys import read_secret
from domain.errors import Conflict


class Signer:
    """Signs notes in the name of one log."""

    def __init__(self, name: str, seed: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.key = VerifierKey(name, self._private.public_key().public_bytes_raw())

    @classmethod
    def read(cls, file: Path, name: str) -> Signer:
        """From a key file; ``Misconfigured`` when it is missing or others can read it."""
        return cls(name, read_secret(file))

    def note(self, size: int, root: bytes) -> str:
        """The signed note of a root."""
        return self.vouch(Checkpoint(self.key.name, size, root).text)

    def vouch(self, text: str) -> str:
        """The signed note of a text that ends with a newline."""
        return signed(text, self.key, self._private.sign)


class NoteFolder:
    """Signed notes as files, one for each size of the tree: ``<size>.note``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, size: int, note: str) -> None:
        """Write it through to the disk, whole or not at all; writing the same again changes nothing.

        Raises:
            Conflict: another note of this size stands there: somebody signed two histories.
        """
        self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        file, draft = self._file(size), self.folder / f".{size}.{os.getpid()}"
        _write_through(draft, note.encode())
        try:
            os.link(draft, file)
        except FileExistsError:
            if file.read_bytes() != note.encode():
                remedy = "stop anchoring and compare both histories with `countersign verify`"
                raise Conflict(f"another note stands in {file}", remedy=remedy) from None
        finally:
            draft.unlink()
        _sync(self.folder)

    def of(self, size: int) -> str | None:
        """The note of one size, or nothing."""
        file = self._file(size)
        return _text(file) if file.exists() else None

    def all(self) -> dict[int, str]:
        """Every note by the size that its file name says; what is no text reads as nothing."""
        files = sorted(self.folder.glob("*.note"))
        return {int(file.stem): _text(file) for file in files if file.stem.isdecimal()}

    def _file(self, size: int) -> Path:
        return self.folder / f"{size:012d}.note"


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError:
        return ""


def _write_through(file: Path, content: bytes) -> None:
    file.unlink(missing_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
