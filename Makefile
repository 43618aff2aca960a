# Every command does its own set-up; a second run skips what has not changed.
#
#   make demo        the product with two fictional towns, at a printed address
#   make test        every test; ends with pytest's own count
#   make help        all commands

SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
GROUND := .venv-ground
BIN := $(VENV)/bin
PYTHON ?= $(firstword $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && command -v $$p; done))
PIP := -m pip --disable-pip-version-check install -qq --require-virtualenv
ARGS ?=
export PIP_NO_INPUT := 1

# For two cores: tests that wait for servers leave room for a third.
WORKERS ?= 3

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# ---------------------------------------------------------------- set-up

$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "Plein needs Python 3.11 or newer: apt-get install python3 python3-venv"; exit 1; }
	@echo "Making $(VENV) with $(PYTHON)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "This Python cannot make a virtual environment: apt-get install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.core: requirements/core.txt requirements/build.txt pyproject.toml | $(VENV)/.python
	@echo "Installing what Plein needs (a minute)"
	@$(BIN)/python $(PIP) --require-hashes -r requirements/core.txt
	@$(BIN)/python $(PIP) --require-hashes -r requirements/build.txt
	@$(BIN)/python $(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

# After the assets, which may bring node into the same environment: side by side is for what does not meet.
$(VENV)/.dev: requirements/dev.txt $(VENV)/.core | $(VENV)/.assets
	@echo "Installing what the tests and benchmarks need (a minute)"
	@$(BIN)/python $(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.assets: package-lock.json tools/assets.py $(VENV)/.core
	@echo "Fetching what the browser needs"
	@command -v npm >/dev/null || $(BIN)/python $(PIP) --require-hashes -r requirements/node.txt
	@$(BIN)/python tools/assets.py
	@touch $@

PO := $(wildcard src/plein_web/site/locale/*/LC_MESSAGES/*.po)
$(VENV)/.messages: $(PO) tools/messages.py $(VENV)/.core
	@$(BIN)/python tools/messages.py compile
	@touch $@

$(GROUND)/.ready: requirements/ground.txt | $(VENV)/.python
	@echo "Making $(GROUND): the ground floor without Django"
	@test -x $(GROUND)/bin/python || $(PYTHON) -m venv $(GROUND)
	@$(GROUND)/bin/python $(PIP) --require-hashes -r requirements/ground.txt
	@touch $@

.PHONY: product setup servers system
product: $(VENV)/.core $(VENV)/.assets $(VENV)/.messages

setup: product $(VENV)/.dev ## Make .venv, with the command plein in it and everything the tests need
	@echo "Ready: $(BIN)/plein --help"

system: $(VENV)/.python ## Install the programs the tests need (as root), or say which
	@$(BIN)/python tools/install_system.py

servers: setup ## Fetch the real servers the tests start
	@$(BIN)/python -m tests.servers.install

# ---------------------------------------------------------------- the product

.PHONY: demo up
demo: product $(if $(SERVERS),servers) ## Show Plein with two fictional towns (SERVERS=1: on real servers)
	@exec $(BIN)/plein demo $(if $(SERVERS),--servers) $(ARGS)

up: product ## Run Plein
	@exec $(BIN)/plein up $(ARGS)

# ---------------------------------------------------------------- tests

.PHONY: test test-libraries test-servers test-fast test-web prove lint bench messages
test: ## Every test (long proofs at a seeded tenth); ends with pytest's count
	@$(MAKE) --no-print-directory -j2 test-servers test-libraries
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(ARGS)

# What the servers are compiled from and what Python needs come in side by side: minutes less on two cores.
test-libraries: $(GROUND)/.ready $(VENV)/.dev

test-servers: product system
	@$(BIN)/python -m tests.servers.install || echo "The tests that need a server that is missing say so."

test-fast: $(GROUND)/.ready ## The ground floor, in an environment without Django (under a minute)
	PLEIN_GROUND=1 $(GROUND)/bin/python -m pytest -q -n $(WORKERS) tests/unit $(wildcard tests/golden) $(ARGS)

test-web: setup ## Rows and pages, on SQLite and on PostgreSQL
	$(BIN)/python -m pytest -n $(WORKERS) -q tests/web $(ARGS)

prove: servers system ## The long proofs at their full size
	$(BIN)/python -m pytest --whole --timeout 0 -s tests/prove $(ARGS)

lint: $(VENV)/.dev ## Style, layers, translations
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/python tools/messages.py check

bench: setup ## All measurements in one run
	$(BIN)/python -m bench $(ARGS)

messages: $(VENV)/.dev ## Bring the translations up to date with the code
	$(BIN)/python tools/messages.py update

# ---------------------------------------------------------------- packaging

.PHONY: lock wheel clean
lock: $(VENV)/.dev ## Resolve the dependencies anew
	@$(BIN)/python tools/lock.py

wheel: product ## Build dist/*.whl with the browser assets and translations in it
	@$(BIN)/python tools/wheel.py

clean: ## Remove everything that set-up made
	rm -rf $(VENV) $(GROUND) node_modules .cache build dist src/plein_web/site/static/vendor
