"""A scripted crew of which every tenth answer is wrong at first, and every tenth of those stays wrong."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.model_script import ByPrompt, ModelRequest, Reply, structured
from tests.fakes.specialists_script import answer, specialists

SENT_BACK = "your_answer_cannot_be_used"
INVENTED = structured(answer(narrative="The total comes to USD 73,519."))


@dataclass
class ErringCrew:
    """Every specialist at work; ``one_in`` says which answers err, counted over all of them."""

    one_in: int = 10
    answers: int = 0
    errors: int = 0
    sent_back: int = 0
    _crew: ByPrompt = field(default_factory=specialists)

    def reply_to(self, request: ModelRequest) -> Reply:
        """What the crew says, wrong where it is the turn of an error."""
        reply = self._crew.reply_to(request)
        if reply.payload is None or request.job in ("judge", "planner"):
            return reply
        if any(SENT_BACK in str(each.get("content")) for each in request.messages):
            self.sent_back += 1
            return reply if self.sent_back % self.one_in else INVENTED
        self.answers += 1
        if self.answers % self.one_in:
            return reply
        self.errors += 1
        return INVENTED
