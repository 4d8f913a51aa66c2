# Two commands do all the set-up on a fresh Debian or Ubuntu with Python 3.11:
#   make run    install into .venv, trace the bundled example, serve it
#   make test   install what the tests need, a browser and a database included, and run all
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: run test unit lint bench docs test-long lock clean install install-test system-test

install: $(VENV)/.stamp-run
install-test: $(VENV)/.stamp-test

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Nameplate needs Python 3.11 or newer: set PYTHON=python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(SUDO) apt-get update -q && $(SUDO) apt-get install -y -q python3-venv; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.stamp-run: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/.stamp-test: requirements-test.lock pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-test.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@ $(VENV)/.stamp-run

run: install
	$(BIN)/nameplate demo --out workspace/demo
	$(BIN)/nameplate load workspace/demo --title "The worked example"
	$(BIN)/nameplate serve

system-test:
	@scripts/install-system-test-tools

test: install-test system-test lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m "not long"
	scripts/with-postgres $(BIN)/python -m pytest tests/integration/register tests/integration/web

unit: install-test
	$(BIN)/python -m pytest -n 2 tests/unit

lint: install-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: install-test
	@for file in benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

test-long: install-test system-test
	$(BIN)/python -m pytest -m long --timeout 7200

docs: install-test
	$(BIN)/python -m pytest -q tests/unit/test_docs.py

# The two locks agree: the larger is solved first and the smaller is held to it.
LOCK := $(BIN)/uv pip compile -q --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --extra web pyproject.toml
lock: install-test
	$(LOCK) --group test --group lint --group bench -o requirements-test.lock
	$(LOCK) -c requirements-test.lock -o requirements.lock

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
