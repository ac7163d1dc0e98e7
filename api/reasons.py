"""What people write beside what they do: no identity stays in it, whatever keeps the text afterwards.

The ledger keeps reasons for ever, and rows, packets and dossiers repeat them. So a front hands a text on only after
one of these three: where it belongs to a case, identity goes to the vault of that case; where it belongs to none
there is no vault, and identity is refused; where something is merely noted (what was tried, what was read) identity
is left out of the note. Identity is found as in a chat message (``tokenising``), with the names of the case in part.
"""

from __future__ import annotations

from api.tokenising import found_in, replaced
from domain.errors import BadInput
from domain.identity import IdentityKind
from graphs.services import Services

LEFT_OUT = "[withheld]"


async def kept_in(services: Services, case_id: str, text: str, *, parts: bool = True) -> str:
    """A text about a case, its identity in the vault of the case and tokens in place.

    ``parts``: names of the case count in part too; without them the same text always becomes the same.

    Raises:
        NotFound: it holds identity, and the case has no key to keep it with.
    """
    names = (await services.vault.values_of([case_id]))[IdentityKind.NAME] if parts else frozenset()
    found = await found_in(services, text, names)
    if not found:
        return text
    async with services.database.transaction() as connection:
        return await replaced(services, connection, case_id, text, found)


async def about_nobody(services: Services, text: str, field: str = "reason") -> str:
    """A text that belongs to no case, as it is; ``BadInput`` when it identifies somebody."""
    if found := await found_in(services, text):
        sort = found[0].kind.value.replace("_", " ")
        raise BadInput(
            f"it holds the {sort} of somebody, and the record keeps what is written here for ever",
            field=field,
            remedy="name the case instead, or leave it out",
        )
    return text


async def noted(services: Services, text: str) -> str:
    """What somebody asked for, as a note may hold it."""
    for each in reversed(await found_in(services, text)):
        text = f"{text[: each.start]}{LEFT_OUT}{text[each.end :]}"
    return text
