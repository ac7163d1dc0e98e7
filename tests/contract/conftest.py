"""A case without a single source record, under the shipped book: the barest thing a specialist meets."""

from __future__ import annotations

from datetime import date

import pytest

from api.assembly import reference_lists
from api.settings import Settings
from graphs.catalog import VOCABULARY
from policies.loader import shipped
from tests.fakes.context import home_loan, tool_context
from tools.contract import ToolContext


@pytest.fixture(scope="session")
def bare() -> ToolContext:
    """No records, no facts, the parameters of the home-loan book and the demo lists."""
    book = next(each for each in shipped(VOCABULARY) if each.rules.kind == "home_loan")
    return tool_context(
        application=home_loan(),
        parameters=book.on(date(2026, 3, 2)).parameters,
        lists=reference_lists(Settings(_env_file=None)),
    )
