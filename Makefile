# Countersign. `make help` lists everything.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data/security
export LANGGRAPH_STRICT_MSGPACK := true
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: help install demo up studio test check bench drills chaos eval eval-quick eval-live eval-guardrails clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.installed: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/python -c "import pathlib, site; pathlib.Path(site.getsitepackages()[0], 'countersign.pth').write_text(str(pathlib.Path.cwd()))"
	@printf '#!/bin/sh\nLANGGRAPH_STRICT_MSGPACK=true exec "%s" -m api.cli "$$@"\n' "$(CURDIR)/$(BIN)/python" > $(BIN)/countersign
	@chmod +x $(BIN)/countersign
	@touch $@

install: $(VENV)/.installed ## install everything into ./.venv, from hashed locks

demo: install ## run four applications from file to closed case, before your eyes
	@$(BIN)/countersign demo

up: install ## start API, runner and stand-in core bank; stop with Ctrl-C
	@$(BIN)/countersign up

studio: install ## LangGraph Studio's server in sandbox mode: play, edit, fork; effects are impossible
	@COUNTERSIGN_MODE=sandbox $(BIN)/langgraph dev --no-browser --no-reload --host 127.0.0.1

test: install ## run every test, on every core, against a real Postgres that the tests start themselves
	$(BIN)/python -m pytest -q -n auto --dist worksteal

check: install ## ruff, mypy strict, layers, book completeness
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/countersign policy check

bench: install ## measure (about ten minutes on two idle cores); prints a table and writes build/bench.json
	$(BIN)/python -m evals.bench

drills: install ## remove each control in a copy of the tree; a test must fail every time (long)
	$(BIN)/python -m evals.drills

chaos: install ## break each tool, specialist and model once; prints how many cases ended with a person as they should
	$(BIN)/python -m evals.chaos

eval: install ## run the evaluation decks offline on a scripted model; writes build/eval.json
	$(BIN)/python -m evals

eval-quick: install ## run a small part of each deck, to see that all of it works; writes build/eval-quick.json
	$(BIN)/python -m evals --quick

eval-live: install ## run the same decks on the configured model; refuses without one
	$(BIN)/python -m evals --live

eval-guardrails: install ## measure the guardrails on the sets of DATA=folder; prints a table and writes build/guardrails.json
	$(BIN)/countersign eval-guardrails --data $(DATA)

clean: ## remove what was installed and the demo's state
	rm -rf $(VENV) .state build
