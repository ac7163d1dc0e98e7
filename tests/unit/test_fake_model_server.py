"""The scripted model speaks the protocol that the real clients read."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import reduce
from operator import add
from typing import Literal

import httpx
import openai
import pytest
from langchain.agents import create_agent
from langchain.agents.structured_output import ProviderStrategy, ToolStrategy
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel, SecretStr

from tests.fakes.model_script import (
    BROKEN_BODY,
    HANG,
    SERVER_ERROR,
    ByPrompt,
    Call,
    InOrder,
    ModelRequest,
    Reply,
    ScriptError,
    Turns,
    calls,
    ignored_instruction,
    invented_figure,
    malformed_json,
    rate_limited,
    says,
    structured,
    wrong_tool,
)
from tests.fakes.model_server import ScriptedModel


class Income(BaseModel):
    """Verified monthly income."""

    monthly_cents: int
    source: str


@tool
def read_paystub(month: str) -> str:
    """Read the pay stub of a month."""
    return f"{month}: 650000 cents"


@tool
def read_bank_statement(month: str) -> str:
    """Read the bank statement of a month."""
    return f"{month}: 649000 cents"


PROMPT = "# income_verifier\nVerify the income."
STUB, STATEMENT = (
    Call("read_paystub", {"month": "2026-09"}),
    Call("read_bank_statement", {"month": "2026-09"}),
)
ANSWER = {"monthly_cents": 650000, "source": "paystub"}
ASK = [("system", PROMPT), ("human", "Case 7")]


def client(model: ScriptedModel, retries: int = 0, timeout: float = 5.0) -> ChatOpenAI:
    return ChatOpenAI(
        model="scripted", base_url=model.url, api_key=SecretStr("x"), max_retries=retries, timeout=timeout,
        use_responses_api=False, stream_usage=True,
    )  # fmt: skip


def test_prose_comes_back_with_its_usage() -> None:
    with ScriptedModel([Reply(text="Fits.", prompt_tokens=7, completion_tokens=3)]) as model:
        answer = client(model).invoke(ASK)
    assert answer.text == "Fits."
    assert answer.usage_metadata is not None and answer.usage_metadata["total_tokens"] == 10
    assert [request.job for request in model.requests] == ["income_verifier"]


def test_streamed_prose_arrives_in_pieces_with_one_usage_chunk() -> None:
    text = "The letter explains the gap in employment."
    with ScriptedModel([Reply(text=text, prompt_tokens=7, completion_tokens=3)]) as model:
        chunks = list(client(model).stream(ASK))
    assert len([c for c in chunks if c.text]) > 2
    assert reduce(add, chunks).text == text
    assert [c.usage_metadata["total_tokens"] for c in chunks if c.usage_metadata] == [10]


@pytest.mark.parametrize("streamed", [False, True])
def test_parallel_tool_calls_keep_their_order_and_arguments(streamed: bool) -> None:
    with ScriptedModel([calls(STUB, STATEMENT)]) as model:
        bound = client(model).bind_tools([read_paystub, read_bank_statement])
        made = reduce(add, bound.stream(ASK)).tool_calls if streamed else bound.invoke(ASK).tool_calls
    assert [(c["name"], c["args"]) for c in made] == [
        (STUB.tool, STUB.args),
        (STATEMENT.tool, STATEMENT.args),
    ]
    assert len({c["id"] for c in made}) == 2


@pytest.mark.parametrize("method", ["json_schema", "function_calling", "json_mode"])
def test_structured_output_is_given_the_way_it_is_asked_for(
    method: Literal["json_schema", "function_calling", "json_mode"],
) -> None:
    with ScriptedModel([structured(ANSWER)]) as model:
        assert client(model).with_structured_output(Income, method=method).invoke(
            ASK
        ) == Income.model_validate(ANSWER)


@pytest.mark.parametrize("strategy", [ProviderStrategy, ToolStrategy])
@pytest.mark.parametrize("streamed", [False, True])
def test_an_agent_calls_its_tools_and_then_answers_in_either_strategy(strategy: type, streamed: bool) -> None:
    def answer(request: ModelRequest) -> dict[str, object]:
        return {"monthly_cents": int(request.results("read_paystub")[0].split()[1]), "source": "paystub"}

    script = ByPrompt({"income_verifier": Turns([STUB, STATEMENT], answer=answer)})
    with ScriptedModel(script) as model:
        agent = create_agent(
            client(model).model_copy(update={"streaming": streamed}), [read_paystub, read_bank_statement],
            system_prompt=PROMPT, response_format=strategy(Income),
        )  # fmt: skip
        result = agent.invoke({"messages": [HumanMessage("Case 7")]})
    assert result["structured_response"] == Income.model_validate(ANSWER)
    assert [bool(r.body.get("stream")) for r in model.requests_of("income_verifier")] == [streamed] * 2


def test_steps_of_a_job_follow_each_other_and_use_earlier_results() -> None:
    then = Call("read_bank_statement", lambda request: {"month": request.results("read_paystub")[0][:7]})
    with ScriptedModel(ByPrompt({"income_verifier": Turns([STUB], [then], answer=ANSWER)})) as model:
        tools = [read_paystub, read_bank_statement]
        agent = create_agent(client(model), tools, system_prompt=PROMPT, response_format=ToolStrategy(Income))
        agent.invoke({"messages": [HumanMessage("Case 7")]})
    assert [name for name, _, _ in model.requests[-1].answered] == ["read_paystub", "read_bank_statement"]
    assert len(model.requests) == 3


def test_rate_limit_says_when_to_come_back() -> None:
    with ScriptedModel([rate_limited(17)]) as model, pytest.raises(openai.RateLimitError) as caught:
        client(model).invoke(ASK)
    assert caught.value.response.headers["retry-after"] == "17"


def test_client_retries_a_server_error_and_both_requests_are_counted() -> None:
    with ScriptedModel([SERVER_ERROR, says("Fits.")]) as model:
        assert client(model, retries=1).invoke(ASK).text == "Fits."
    assert len(model.requests) == 2


def test_faults_come_first_and_then_the_job_goes_on() -> None:
    script = ByPrompt({"income_verifier": Turns(answer=says("Fits."), first=[SERVER_ERROR])})
    with ScriptedModel(script) as model:
        with pytest.raises(openai.InternalServerError):
            client(model).invoke(ASK)
        assert client(model).invoke(ASK).text == "Fits."


def test_hang_lasts_until_the_client_gives_up_or_the_server_closes() -> None:
    with ScriptedModel([HANG]) as model, pytest.raises(openai.APITimeoutError):
        client(model, timeout=0.2).invoke(ASK)


def test_closing_ends_a_request_that_hangs() -> None:
    model = ScriptedModel([HANG])
    with ThreadPoolExecutor(1) as pool:
        with model:
            pending = pool.submit(client(model, timeout=30).invoke, ASK)
            while not model.requests:
                threading.Event().wait(0.01)
        with pytest.raises(openai.APIConnectionError):
            pending.result(5)


@pytest.mark.parametrize("streamed", [False, True])
def test_broken_body_is_no_json(streamed: bool) -> None:
    with ScriptedModel([BROKEN_BODY]) as model, pytest.raises(ValueError):
        list(client(model).stream(ASK)) if streamed else client(model).invoke(ASK)


def test_malformed_json_shows_as_an_invalid_tool_call_or_a_failed_parse() -> None:
    with ScriptedModel([malformed_json(ANSWER), malformed_json(ANSWER)]) as model:
        bound = client(model).bind_tools([Income], tool_choice="Income")
        assert bound.invoke(ASK).invalid_tool_calls[0]["name"] == "Income"
        with pytest.raises(ValueError):
            client(model).with_structured_output(Income, method="json_schema").invoke(ASK)


def test_wrong_tool_is_called_although_it_was_not_offered() -> None:
    with ScriptedModel([wrong_tool("wire_money", {"cents": 1})]) as model:
        answer = client(model).bind_tools([read_paystub]).invoke(ASK)
    assert answer.tool_calls[0]["name"] == "wire_money"


def test_invented_figure_differs_in_that_figure_alone() -> None:
    payload = {"figures": [{"name": "income", "cents": 650000}], "source": "paystub"}
    schema = {"title": "Finding", "type": "object", "properties": {"figures": {}, "source": {}}}
    with ScriptedModel([invented_figure(payload, "figures.0.cents", 990000)]) as model:
        answer = client(model).with_structured_output(schema, method="function_calling").invoke(ASK)
    assert answer == {"figures": [{"name": "income", "cents": 990000}], "source": "paystub"}
    assert payload["figures"] == [{"name": "income", "cents": 650000}]


def test_ignored_instruction_is_prose_where_a_schema_was_asked_for() -> None:
    with ScriptedModel([ignored_instruction()]) as model, pytest.raises(ValueError):
        client(model).with_structured_output(Income, method="json_schema").invoke(ASK)


def test_request_without_a_script_is_reported_to_the_client_and_to_the_test() -> None:
    with pytest.raises(ScriptError, match="no script for job 'income_verifier'"):  # noqa: SIM117
        with ScriptedModel(ByPrompt({})) as model:
            with pytest.raises(openai.BadRequestError, match="no script for job"):
                client(model).invoke(ASK)


def test_script_may_not_call_a_tool_that_was_not_offered_unless_it_says_so() -> None:
    with pytest.raises(ScriptError, match="not offered"):  # noqa: SIM117
        with ScriptedModel(InOrder(then=calls(STUB))) as model:
            with pytest.raises(openai.BadRequestError):
                client(model).invoke(ASK)


def test_many_callers_at_once_are_all_recorded() -> None:
    with ScriptedModel(InOrder(then=says("Fits.")), latency=0.05) as model, ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: client(model).invoke(ASK).text, range(32)))
    assert answers == ["Fits."] * 32
    assert len(model.requests) == 32


def test_models_are_listed() -> None:
    with ScriptedModel([], models=("small", "large")) as model:
        listed = httpx.get(f"{model.url}/models").json()["data"]
    assert [entry["id"] for entry in listed] == ["small", "large"]
