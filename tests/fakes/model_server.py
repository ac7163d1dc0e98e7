"""A language model on a real socket that says what its script says.

Speaks the OpenAI chat-completions protocol (plain and streamed) on 127.0.0.1. Owns the wire format, the
record of requests and the faults below it; never decides what to say, and never reads the time.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

from domain.canonical import Json
from tests.fakes.model_script import Fault, InOrder, ModelRequest, Reply, Script

PIECE = 12  # characters of text or arguments per streamed chunk


class ScriptedModel:
    """A model server for the length of a ``with`` block.

    Args:
        script: an ordered list of replies, or any ``Script``.
        latency: seconds before every answer.
        models: names listed under ``/v1/models``.
    """

    def __init__(
        self, script: Script | list[Reply], latency: float = 0.0, models: tuple[str, ...] = ("scripted",)
    ) -> None:
        self._script = InOrder(*script) if isinstance(script, list) else script
        self.latency = latency
        self.models = models
        self.serves_as = ""  # the name that answers carry, where it is not the one asked for
        self.requests: list[ModelRequest] = []
        self.errors: list[Exception] = []
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        """The ``base_url`` for a client, ending in ``/v1``."""
        if self._server is None:
            raise RuntimeError("the scripted model is not running: use it in a with block")
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def requests_of(self, job: str) -> list[ModelRequest]:
        """The recorded requests whose system prompt starts with ``# <job>``."""
        return [request for request in self.requests if request.job == job]

    def take(self, request: ModelRequest) -> tuple[int, Reply | Exception]:
        """Record a request; its 1-based number and its reply, or what is wrong with the script."""
        with self._lock:
            self.requests.append(request)
            try:
                return len(self.requests), self._script.reply_to(request).resolved(request)
            except Exception as error:
                self.errors.append(error)  # answered with 400, raised again on leaving the with block
                return len(self.requests), error

    def __enter__(self) -> Self:
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
        if self.errors and error is None:
            raise self.errors[0]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, model: ScriptedModel) -> None:
        self.model = model
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: the record is ``requests``."""

    def handle(self) -> None:
        """Answer one request; a client that has hung up gets nothing more."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def do_GET(self) -> None:
        """``/v1/models``."""
        if self.path != "/v1/models":
            return self._send(404, _error("not_found", self.path))
        listed = [{"id": name, "object": "model"} for name in self.server.model.models]
        return self._send(200, {"object": "list", "data": listed})

    def do_POST(self) -> None:
        """``/v1/chat/completions``."""
        body = self.rfile.read(int(self.headers.get("content-length", "0")))
        if self.path != "/v1/chat/completions":
            return self._send(404, _error("not_found", self.path))
        model = self.server.model
        request = ModelRequest(json.loads(body))
        number, reply = model.take(request)
        model.closing.wait(model.latency)
        if isinstance(reply, Exception):
            return self._send(400, _error("script_error", f"{type(reply).__name__}: {reply}"))
        return self._answer(request, number, reply)

    def _answer(self, request: ModelRequest, number: int, reply: Reply) -> None:
        match reply.fault:
            case Fault.HANG:
                self.server.model.closing.wait()
            case Fault.RATE_LIMITED:
                self._send(429, _error("rate_limit_exceeded", "slow down"), reply.retry_after)
            case Fault.SERVER_ERROR:
                self._send(500, _error("server_error", "the model failed"))
            case _:
                self._complete(request, number, reply)

    def _complete(self, request: ModelRequest, number: int, reply: Reply) -> None:
        wire = _Wire(request, number, reply, self.server.model.serves_as)
        if request.body.get("stream"):
            lines = ['{"id": "chatcmpl'] if reply.fault is Fault.BROKEN_BODY else wire.events()
            self._write(200, "text/event-stream", (f"data: {line}\n\n".encode() for line in lines))
        elif reply.fault is Fault.BROKEN_BODY:
            self._write(200, "application/json", iter([b'{"id": "chatcmpl']))
        else:
            self._send(200, wire.completion())

    def _send(self, status: int, body: Json, retry_after: int | None = None) -> None:
        self._write(status, "application/json", iter([json.dumps(body).encode()]), retry_after)

    def _write(self, status: int, kind: str, parts: Iterator[bytes], retry_after: int | None = None) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        if retry_after is not None:
            self.send_header("retry-after", str(retry_after))
        self.end_headers()
        for part in parts:
            self.wfile.write(part)
            self.wfile.flush()


class _Wire:
    """One reply in the protocol's two forms."""

    def __init__(self, request: ModelRequest, number: int, reply: Reply, serves_as: str) -> None:
        self._model = serves_as or request.body.get("model", "scripted")
        cut = reply.fault is Fault.MALFORMED_JSON
        self._body = request.body
        self._id = f"chatcmpl-{number}"
        self._text = _cut_short(reply.text) if cut else reply.text
        arguments = [json.dumps(call.args) for call in reply.calls]
        self._calls = [
            (f"call_{number}_{place}", call.tool, _cut_short(text) if cut else text)
            for place, (call, text) in enumerate(zip(reply.calls, arguments, strict=True))
        ]
        self._finish = "tool_calls" if reply.calls else "stop"
        self._usage = {
            "prompt_tokens": reply.prompt_tokens,
            "completion_tokens": reply.completion_tokens,
            "total_tokens": reply.prompt_tokens + reply.completion_tokens,
        }

    def completion(self) -> Json:
        """The whole answer as one object."""
        made = [_call(*call) for call in self._calls]
        message = {"role": "assistant", "content": self._text or None, "refusal": None}
        choice = {"index": 0, "message": message | ({"tool_calls": made} if made else {})}
        choices = [choice | {"finish_reason": self._finish, "logprobs": None}]
        return self._frame("chat.completion") | {"choices": choices, "usage": self._usage}

    def events(self) -> Iterator[str]:
        """The answer in pieces, as the text after ``data:``; usage last, if it was asked for."""
        yield self._chunk({"role": "assistant", "content": ""})
        for piece in _pieces(self._text):
            yield self._chunk({"content": piece})
        for place, (call_id, tool, arguments) in enumerate(self._calls):
            yield self._chunk({"tool_calls": [{"index": place} | _call(call_id, tool, "")]})
            for piece in _pieces(arguments):
                yield self._chunk({"tool_calls": [{"index": place, "function": {"arguments": piece}}]})
        yield self._chunk({}, self._finish)
        if (self._body.get("stream_options") or {}).get("include_usage"):
            frame = self._frame("chat.completion.chunk")
            yield json.dumps(frame | {"choices": [], "usage": self._usage})
        yield "[DONE]"

    def _chunk(self, delta: Json, finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return json.dumps(self._frame("chat.completion.chunk") | {"choices": [choice], "usage": None})

    def _frame(self, kind: str) -> dict[str, Json]:
        return {"id": self._id, "object": kind, "created": 0, "model": self._model}


def _call(call_id: str, tool: str, arguments: str) -> dict[str, Json]:
    return {"id": call_id, "type": "function", "function": {"name": tool, "arguments": arguments}}


def _pieces(text: str) -> Iterator[str]:
    return (text[start : start + PIECE] for start in range(0, len(text), PIECE))


def _cut_short(text: str) -> str:
    return text[: max(1, len(text) * 2 // 3)]


def _error(code: str, message: str) -> Json:
    return {"error": {"message": message, "type": code, "code": code, "param": None}}
