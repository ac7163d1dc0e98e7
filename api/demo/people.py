"""The demo's people at work: each asks the HTTP API with a token of their own, and what they decide is written here.

Nothing here reaches into the system: what a person may not do through the API, they cannot do in the demo.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import httpx

from api.demo.identities import demo_token
from api.settings import Settings
from domain.errors import CountersignError, Unavailable

PATIENCE = 480  # looks at a case, a quarter of a second apart
Found = dict[str, Any]


class Say(NamedTuple):
    """What somebody decides in a story, and why."""

    who: str
    verb: str
    reason: str


DECISIONS: dict[str, tuple[Say, ...]] = {
    "routine": (Say("underwriter-1", "approve", "Figures agree with their sources; no exceptions."),),
    "self_employed": (
        Say("underwriter-1", "approve", "The letter explains the fall; four customers, full order book."),
        Say("senior-underwriter", "approve", "I read the letter and agree."),
    ),
    "over_committed": (
        Say("underwriter-2", "approve", "Obligations are too high; the reason is the real one."),
    ),
    "small_amendment": (),
}


@dataclass(frozen=True, slots=True)
class Front:
    """The running system as its people see it."""

    settings: Settings
    client: httpx.Client

    def ask(self, who: str, method: str, path: str, body: Any = None, key: str = "") -> Any:
        """One request with this person's own token; raises when the answer is a problem."""
        answer = self.send(who, method, path, body, key)
        if not answer.is_success:
            raise CountersignError(f"{who}: {method} {path}: {problem(answer)}")
        return answer.json()

    def send(self, who: str, method: str, path: str, body: Any = None, key: str = "") -> httpx.Response:
        """The same, whatever the answer is."""
        headers = {"authorization": f"Bearer {demo_token(self.settings, who)}"}
        headers |= {"idempotency-key": key} if key else {}
        return self.client.request(method, path, json=body, headers=headers)

    def case(self, case_id: str) -> Found:
        """A case as the auditor sees it."""
        found: Found = self.ask("auditor", "GET", f"/v1/cases/{case_id}")["case"]
        return found

    def wait(self, case_id: str, reached: Callable[[Found], bool]) -> Found:
        """The case, once it has got there; ``Unavailable`` when it does not."""
        for _ in range(PATIENCE):
            found = self.case(case_id)
            if reached(found):
                return found
            time.sleep(0.25)
        logs = f"see the logs in {self.settings.home}"
        raise Unavailable(f"case {case_id} does not get any further; {logs}", control="demo.runner")

    def request_for(self, who: str, case_id: str) -> Found:
        """What waits for this person's decision on the case, as their inbox shows it."""
        for each in self.ask(who, "GET", "/v1/approvals?limit=200"):
            if each["case_id"] == case_id:
                found: Found = each
                return found
        raise CountersignError(
            f"nothing of case {case_id} waits for {who}: it is {self.case(case_id)['status']}"
        )


def problem(answer: httpx.Response) -> str:
    """What an answer that is a problem says."""
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"status {answer.status_code}"
