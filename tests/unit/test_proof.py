"""No path of a graph skips a control: proven for the shipped graphs, and a planted way round is found."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

import pytest
from langgraph.errors import NodeError
from langgraph.graph import END, START, StateGraph
from langgraph.types import Command, interrupt
from typing_extensions import TypedDict

from agents.advisor.advisor import answer
from agents.build import run_detached
from agents.work import work
from api.cli import main
from checkpoints.referrals import Referrals
from domain.errors import Misconfigured
from domain.guard import verdict_of
from graphs.approval import Boundary, approval
from graphs.catalog import GRAPHS
from graphs.failure import RETRY, STEP, TIMEOUT
from graphs.proof import PROPERTIES, prove, require_proven
from graphs.services import services


class State(TypedDict):
    """Nothing but a case."""

    case_id: str


class Talk(State):
    """What a client could send beside it."""

    bonus: str


async def step(state: State) -> dict[str, Any]:
    return {}


async def refers(state: State) -> dict[str, Any]:
    await Referrals.open(*state)  # type: ignore[arg-type,call-arg]
    return {}


async def performs(state: State) -> dict[str, Any]:
    return dict(await services().outbox.perform(state))  # type: ignore[call-arg,arg-type]


async def performs_through_another(state: State) -> dict[str, Any]:
    return await performs(state)


async def claims(state: State) -> dict[str, Any]:
    return {"authorised": [state["case_id"]]}


async def delegates(state: State) -> dict[str, Any]:
    return dict(await run_detached(state, {}))  # type: ignore[arg-type]


async def answers(state: State) -> dict[str, Any]:
    return {"answer": await answer(services().crew, state)}  # type: ignore[arg-type]


async def shows(state: State) -> dict[str, Any]:
    return {"messages": [state["case_id"]]}


async def admits(state: State) -> dict[str, Any]:
    return {"verdict": await verdict_of(*state)}  # type: ignore[call-arg,arg-type]


async def shows_what_passes(state: State) -> dict[str, Any]:
    return {"messages": [await verdict_of(*state)]}  # type: ignore[call-arg,arg-type]


async def waits(state: State) -> dict[str, Any]:
    return {"said": interrupt(state)}


async def waits_and_performs(state: State) -> dict[str, Any]:
    return {"said": interrupt(state), "done": await services().outbox.perform(state)}  # type: ignore[call-arg,arg-type]


async def asks_a_model(state: State) -> dict[str, Any]:
    return dict(services().crew.models)


async def works(state: State) -> dict[str, Any]:
    return {"finding": await work(services().crew, *state)}  # type: ignore[call-arg,arg-type]


async def astray(state: State, error: NodeError) -> Command[Literal["settle"]]:
    return Command(goto="settle")


async def leaps(state: State) -> Command[Literal["settle"]]:
    return Command(goto="settle")


async def dropped(state: State, error: NodeError) -> Command[Literal["close"]]:
    return Command(goto="close")


async def signed(state: Any, request: Any, verb: Any) -> dict[str, Any]:
    return {"authorised": [request.id]}


async def seen(state: Any, request: Any, verb: Any) -> dict[str, Any]:
    return {"reviewed": "cleared"}


def onward(state: Any) -> str:
    return "settle"


async def asks(state: Any) -> Any:
    return None


def builder(schema: type = State, **steps: Any) -> StateGraph[Any, Any, Any, Any]:
    """A graph of these steps beside ``close``; nothing leads anywhere yet."""
    made: StateGraph[Any, Any, Any, Any] = StateGraph(schema)
    for name, code in steps.items():
        made.add_node(name, code, **({} if name.startswith("await_") else STEP))
    made.add_node("refer", refers, retry_policy=RETRY, timeout=TIMEOUT)
    made.add_node("close", step, retry_policy=RETRY, timeout=TIMEOUT)
    made.add_edge("refer", END)
    made.add_edge("close", END)
    return made


def line(schema: type = State, **steps: Any) -> Any:
    """The steps one after another, then ``close``."""
    made = builder(schema, **steps)
    for begin, end in zip((START, *steps), (*steps, "close"), strict=True):
        made.add_edge(begin, end)
    return made.compile()


def boundary(made: StateGraph[Any, Any, Any, Any], record: Any = signed) -> None:
    """An approval boundary before ``settle``."""
    approval(made, Boundary("offer", asks, record, onward, ("settle",)))
    made.add_edge("settle", "close")


def handled_badly() -> Any:
    made = builder(settle=performs)
    made.add_node("work", step, retry_policy=RETRY, timeout=TIMEOUT, error_handler=astray)
    made.add_edge(START, "work")
    made.add_edge("work", "prepare_offer")
    boundary(made)
    return made.compile()


def jumps() -> Any:
    """The first step may go straight to settlement."""
    made = builder(decide=step, settle=performs)
    made.add_edge(START, "decide")
    made.add_conditional_edges("decide", lambda _: "settle", ["prepare_offer", "settle"])
    boundary(made)
    return made.compile()


def sends_itself() -> Any:
    """The first step goes to settlement by its own word, beside its edge."""
    made = builder(decide=leaps, settle=performs)
    made.add_edge(START, "decide")
    made.add_edge("decide", "prepare_offer")
    boundary(made)
    return made.compile()


def only_compliance() -> Any:
    made = builder(settle=performs)
    made.add_edge(START, "prepare_offer")
    boundary(made, seen)
    return made.compile()


def without_a_limit() -> Any:
    made = builder()
    made.add_node("work", step, retry_policy=RETRY)
    made.add_edge(START, "work")
    made.add_edge("work", "close")
    return made.compile()


def dead_end() -> Any:
    made = builder(work=step)
    made.add_edge(START, "work")
    made.add_edge("work", "work")
    return made.compile()


def shelved() -> Any:
    """Who fails is sent to a step that ends the case and tells nobody."""
    made: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    made.add_node("work", step, retry_policy=RETRY, timeout=TIMEOUT, error_handler=dropped)
    made.add_node("close", step, retry_policy=RETRY, timeout=TIMEOUT)
    for begin, end in ((START, "work"), ("work", "close"), ("close", END)):
        made.add_edge(begin, end)
    return made.compile()


def slipped_out() -> Any:
    """What an agent answers may end the graph without the step that looks at it."""
    made = builder(admit=admits, look_up=answers, release=shows_what_passes)
    for begin, end in ((START, "admit"), ("admit", "look_up"), ("release", "close")):
        made.add_edge(begin, end)
    made.add_conditional_edges("look_up", lambda _: "release", ["release", "close"])
    return made.compile()


def overheard() -> Any:
    """Something else than the wait leads to the step that reads."""
    made = builder(await_word=waits, record_word=step, other=step)
    made.add_edge(START, "other")
    made.add_conditional_edges("other", lambda _: "await_word", ["await_word", "record_word"])
    made.add_edge("await_word", "record_word")
    made.add_edge("record_word", "close")
    return made.compile()


def awaited_by_two() -> Any:
    """Two steps ask, and the answer to one of them could be taken for the other's."""
    made = builder(ask=step, other=step, await_word=waits, record_word=step)
    made.add_conditional_edges(START, lambda _: "ask", ["ask", "other"])
    for begin, end in (("ask", "await_word"), ("other", "await_word"), ("await_word", "record_word")):
        made.add_edge(begin, end)
    made.add_edge("record_word", "close")
    return made.compile()


def kept_in_a_closure() -> Any:
    """A step whose code does not name what it does: it was handed in."""
    handed = partial(performs)

    async def acts(state: State) -> dict[str, Any]:
        return await handed(state)

    return acts


def shrugged_off() -> Any:
    """Whoever is asked is not waited for."""
    made = builder(settle=performs)
    made.add_edge(START, "prepare_offer")
    boundary(made)
    made.add_edge("prepare_offer", "close")
    return made.compile()


def worker() -> Any:
    made: StateGraph[Any, Any, Any, Any] = StateGraph(State)
    made.set_node_defaults(retry_policy=RETRY, timeout=TIMEOUT)
    made.add_node("specialist", performs)
    made.add_edge(START, "specialist")
    made.add_edge("specialist", END)
    return made.compile(checkpointer=False)


def sound() -> Any:
    made = builder(decide=step, settle=performs_through_another)
    made.add_edge(START, "decide")
    made.add_edge("decide", "prepare_offer")
    boundary(made)
    return made.compile()


def against(graph: Any) -> str:
    return "; ".join(path for each in prove({"mine": graph}) for path in each.against)


@pytest.mark.parametrize("name", GRAPHS)
def test_every_property_is_proven_of_every_shipped_graph(name: str) -> None:
    proven = prove({name: GRAPHS[name]})
    assert [each.against for each in proven] == [()] * len(PROPERTIES)


def test_a_graph_that_settles_what_was_countersigned_is_proven() -> None:
    assert against(sound()) == ""


@pytest.mark.parametrize(
    ("graph", "path"),
    [
        (line(settle=performs), "__start__ → settle"),
        (line(look=step, act=performs_through_another), "__start__ → look → act"),
        (jumps(), "__start__ → decide → settle"),
        (sends_itself(), "__start__ → decide → settle"),
        (handled_badly(), "__start__ → work → __error_handler__work → settle"),
        (only_compliance(), "__start__ → prepare_offer → await_offer → record_offer → settle"),
        (line(work=claims), "work says what is to be settled"),
        (without_a_limit(), "work: lacks a time limit; work: lacks an error handler"),
        (dead_end(), "work leads to no end and to nobody"),
        (line(work=waits), "work: a step that waits is called await_"),
        (
            line(await_word=waits_and_performs),
            "await_word: a step that waits is called await_… and does nothing else",
        ),
        (line(await_word=waits, act=step), "await_word: one step record_… alone reads"),
        (line(act=kept_in_a_closure()), "__start__ → act"),
        (awaited_by_two(), "await_word: one step alone leads to it"),
        (overheard(), "await_word: one step record_… alone reads"),
        (shelved(), "work fails and nobody is told who would have to act by some time"),
        (
            line(ask=step, await_word=waits, record_word=step),
            "await_word: nothing ends the waiting, ask sets",
        ),
        (shrugged_off(), "prepare_offer: whoever was asked is waited for"),
        (line(mortgage=delegates), "mortgage → close → __end__"),
        (line(look_up=answers, release=shows), "release shows an answer and runs no guardrail"),
        (line(look_up=answers, release=shows), "__start__ → look_up"),
        (slipped_out(), "look_up → close → __end__"),
        (line(work=asks_a_model), "work reaches a model past the gateway's crew"),
        (worker(), "specialist: a worker neither performs"),
        (line(Talk, work=works), "a client could send bonus"),
    ],
)
def test_a_way_round_a_control_is_found_with_its_path(graph: Any, path: str) -> None:
    assert path in against(graph)


def test_a_process_with_a_way_round_does_not_start() -> None:
    with pytest.raises(Misconfigured, match="mine: __start__ → settle"):
        require_proven({"mine": line(settle=performs)})


def test_the_command_line_shows_what_is_proven(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["policy", "prove", "--json"])
    assert left.value.code == 0
    assert capsys.readouterr().out.count('"against": []') == len(PROPERTIES) * len(GRAPHS)
