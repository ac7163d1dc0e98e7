r"""Every string that a message carries, as written and as whoever unpacks it would read it. Judges nothing.

What models and tools say is JSON inside of strings, whole or cut short, where a letter may be written as
``\u00e9``; whoever looks for something in a message looks at every form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|([\"\\/n]))")
"""JSON's escapes (RFC 8259, 7) that can stand inside of a name or an address; the other control signs cannot."""


def texts_of(value: Any) -> Iterator[str]:
    """Strings in ``value`` (plain JSON), keys included, each followed by what its escapes stand for."""
    if isinstance(value, str):
        yield from _forms(value)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _forms(str(key))
            yield from texts_of(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_of(each)


def _forms(text: str) -> Iterator[str]:
    """The text, and the text with its escapes read, once for each level of JSON in JSON."""
    yield text
    while (read := _read(text)) != text:
        yield read
        text = read


def _read(text: str) -> str:
    if "\\" not in text:
        return text
    return _paired(ESCAPE.sub(lambda found: _sign(found[1], found[2]), text))


def _sign(code: str | None, sign: str | None) -> str:
    return chr(int(code, 16)) if code else "\n" if sign == "n" else str(sign)


def _paired(text: str) -> str:
    """Halves of surrogate pairs put together; a half that stands alone stays one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
