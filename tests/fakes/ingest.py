"""A stand-in for LangSmith's ingest on 127.0.0.1 that keeps every byte sent to it, as sent and unpacked."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import zstandard


class Ingest:
    """What arrived.

    Args:
        compressed: whether it tells clients that it takes zstd.
        multipart: whether it tells clients that it takes multipart.
    """

    def __init__(self, *, compressed: bool = True, multipart: bool = True) -> None:
        self.info = {
            "version": "0.12.0",
            "instance_flags": {"zstd_compression_enabled": compressed},
            "batch_ingest_config": {
                "use_multipart_endpoint": multipart,
                "size_limit": 100,
                "size_limit_bytes": 20_000_000,
                "scale_up_nthreads_limit": 4,
                "scale_up_qsize_trigger": 1000,
                "scale_down_nempty_trigger": 4,
            },
        }
        self.url = ""
        self.raw: list[bytes] = []
        self.unpacked: list[bytes] = []
        self.runs: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()

    def take(self, path: str, headers: dict[str, str], body: bytes) -> None:
        """Keep one request."""
        plain = _unpack(body, headers.get("content-encoding", ""))
        with self._lock:
            self.raw.append(f"{path} {headers}".encode() + body)
            self.unpacked.append(plain)
            for run in _runs(path, headers.get("content-type", ""), plain):
                self.runs.setdefault(run["id"], {}).update(run)

    @property
    def everything(self) -> str:
        """All that arrived, as text."""
        return b"\n".join([*self.raw, *self.unpacked]).decode("utf-8", errors="replace")

    @property
    def traces(self) -> set[str]:
        """Ids of the traces that the runs belong to."""
        return {run["trace_id"] for run in self.runs.values()}

    @property
    def roots(self) -> list[dict[str, Any]]:
        """Runs without a parent."""
        return [run for run in self.runs.values() if not run.get("parent_run_id")]


@contextmanager
def running_ingest(ingest: Ingest) -> Iterator[Ingest]:
    """Serve on a free port for the length of the block."""
    server = _Server(ingest)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    ingest.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield ingest
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, ingest: Ingest) -> None:
        self.ingest = ingest
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Stay silent: the record is in ``Ingest``."""

    def do_GET(self) -> None:
        """``/info``."""
        self._answer(200, cast("_Server", self.server).ingest.info)

    def do_POST(self) -> None:
        """Anything that is sent."""
        body = self._chunks() if "chunked" in self.headers.get("transfer-encoding", "") else self._whole()
        headers = {name.lower(): value for name, value in self.headers.items()}
        cast("_Server", self.server).ingest.take(self.path, headers, body)
        self._answer(202, {})

    def do_PATCH(self) -> None:
        """The same."""
        self.do_POST()

    def _whole(self) -> bytes:
        return self.rfile.read(int(self.headers.get("content-length", "0")))

    def _chunks(self) -> bytes:
        pieces = []
        while size := int(self.rfile.readline(), 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        written = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)


def _unpack(body: bytes, encoding: str) -> bytes:
    if encoding == "zstd":
        return zstandard.ZstdDecompressor().stream_reader(body, read_across_frames=True).read()
    return gzip.decompress(body) if encoding == "gzip" else body


def _runs(path: str, kind: str, body: bytes) -> Iterator[dict[str, Any]]:
    if kind.startswith("multipart/"):
        message = message_from_bytes(f"content-type: {kind}\r\n\r\n".encode() + body, policy=policy.HTTP)
        for part in message.iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            content = json.loads(part.get_content())
            action, run_id, *field = name.split(".")
            if action in ("post", "patch"):
                yield {"id": run_id} | ({field[0]: content} if field else content)
    elif path.endswith("/batch"):
        batch = json.loads(body)
        yield from (*batch.get("post", []), *batch.get("patch", []))
    else:
        yield {"id": path.rsplit("/", 1)[-1]} | json.loads(body)
