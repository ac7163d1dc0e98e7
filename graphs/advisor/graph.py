"""The advisor chat: hear → admit → look up, offer the governed way or turn away → release. Wiring only."""

from __future__ import annotations

from typing import Any

from langgraph.graph import END, START, StateGraph

from graphs.advisor.answering import answer_failure, look_up, release, turn_away
from graphs.advisor.hearing import admit, hear, route_after_admit
from graphs.advisor.leading import offer_lead
from graphs.advisor.state import ChatInput, ChatState
from graphs.failure import RETRY, TIMEOUT

CHAT_STEP: dict[str, Any] = {"retry_policy": RETRY, "timeout": TIMEOUT, "error_handler": answer_failure}

builder = StateGraph(ChatState, input_schema=ChatInput)
builder.add_node("hear", hear, **CHAT_STEP)
builder.add_node("admit", admit, **CHAT_STEP)
builder.add_node("look_up", look_up, **CHAT_STEP)
builder.add_node("offer_lead", offer_lead, **CHAT_STEP)
builder.add_node("turn_away", turn_away, **CHAT_STEP)
builder.add_node("release", release, retry_policy=RETRY, timeout=TIMEOUT)

builder.add_edge(START, "hear")
builder.add_edge("hear", "admit")
builder.add_conditional_edges("admit", route_after_admit)
builder.add_edge("look_up", "release")
builder.add_edge("offer_lead", "release")
builder.add_edge("turn_away", "release")
builder.add_edge("release", END)

graph = builder.compile(name="advisor")
