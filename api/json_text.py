"""JSON that was sent or handed in: read once and strictly, so that what is kept is what its sender meant.

Owns what is refused before any schema sees it: other encodings, a field that stands twice (the last would win
silently), numbers that JSON does not have, texts that UTF-8 cannot carry, nesting and numbers without end.
Never repeats a value.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

from domain.errors import BadInput

SHOWN = 60  # characters of a field's name


def read(text: bytes | str, file: str | None = None) -> Any:
    """The value of a JSON text; a byte order mark before it is passed over.

    Raises:
        BadInput: names file, row or field, and the remedy.
    """
    try:
        plain = text.decode("utf-8-sig") if isinstance(text, bytes) else text
        found = json.loads(plain, object_pairs_hook=_once, parse_constant=_no_number)
        json.dumps(found, ensure_ascii=False).encode()
    except BadInput as error:
        raise BadInput(error.message, **{**error.attributes, "file": file}) from error  # type: ignore[arg-type]
    except UnicodeDecodeError as error:
        raise BadInput("not UTF-8 text", file=file, remedy="save the file as UTF-8") from error
    except json.JSONDecodeError as error:
        raise BadInput(
            f"not JSON: {error.msg}", file=file, row=error.lineno, remedy="send one complete JSON value"
        ) from error
    except UnicodeEncodeError as error:
        raise BadInput("a text holds half a character", file=file, remedy="escape it as a pair") from error
    except RecursionError as error:
        raise BadInput(
            "it is nested too deeply", file=file, remedy="send what the schema asks for"
        ) from error
    except ValueError as error:  # of int(): more digits than Python reads
        raise BadInput("a number has too many digits", file=file, remedy="send a smaller number") from error
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            shown = name[:SHOWN].encode("utf-8", "backslashreplace").decode()
            raise BadInput("this field stands twice", field=shown, remedy="send it once")
        found[name] = value
    return found


def _no_number(name: str) -> NoReturn:
    raise BadInput(f"{name} is no number of JSON", remedy="send a finite number")
