"""One answer of a tool: within its time, asked once more where it failed, foreign errors told as ours.

Tools only read, so that asking again changes nothing. Never decides whether a tool may be asked (``gateway``).
"""

from __future__ import annotations

import asyncio
import random

from psycopg import OperationalError

from domain.errors import CountersignError, Unavailable
from domain.identity import Record
from tools.contract import Tool, ToolContext

ATTEMPTS = 2  # at most
PAUSE = (0.05, 0.25)  # seconds before the second attempt, drawn anew so that runners do not ask in step


async def ask(tool: Tool, args: Record, context: ToolContext, seconds: int) -> Record:
    """The checked answer.

    Raises:
        Unavailable: it did not answer in ``seconds``, failed twice, or answered something else than it declares.
        CountersignError: what the tool itself says of the question.
    """
    try:
        return await _once(tool, args, context, seconds)
    except Unavailable as error:
        if error.control == "tool.timeout":
            raise  # it had all its time
    await asyncio.sleep(random.uniform(*PAUSE))  # noqa: S311 - spreads load, keeps no secret
    return await _once(tool, args, context, seconds)


async def _once(tool: Tool, args: Record, context: ToolContext, seconds: int) -> Record:
    try:
        async with asyncio.timeout(seconds):
            answer = await tool.run(args, context)
        return tool.result.model_validate(answer.model_dump())
    except TimeoutError as error:
        raise Unavailable(f"{tool.name} did not answer in time", control="tool.timeout") from error
    except (CountersignError, OperationalError):
        raise  # its own word; or our database, after which the step as a whole is tried again
    except Exception as error:
        told = f"{tool.name} failed: {type(error).__name__}"  # a foreign message may hold anything
        raise Unavailable(told, control="tool.failure") from error
