# `make run` and `make test` are the two commands; `make` alone lists the others.
# Everything made here lies in .venv and .cache; the program's own data lies in data/.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

bin := .venv/bin
uv := $(shell command -v uv 2>/dev/null)

# Tools keep their caches here, not in the home folder.
cache := $(CURDIR)/.cache
export PIP_CACHE_DIR := $(cache)/pip
export UV_CACHE_DIR := $(cache)/uv
export XDG_CACHE_HOME := $(cache)/home
export PLAYWRIGHT_BROWSERS_PATH := $(cache)/playwright
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export UV_PYTHON_DOWNLOADS := never

ifdef uv
install := uv pip install --quiet --python $(bin)/python
compile := uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--custom-compile-command "make pins" $(PINS)
else
# An environment that uv made has no pip.
install := { $(bin)/python -m pip --version >/dev/null 2>&1 || $(bin)/python -m ensurepip >/dev/null; } \
	&& $(bin)/python -m pip install --quiet
endif

##@ The two commands

run: .venv/.run ## Serve the tracker on this machine
	@exec $(bin)/tracker serve

test: .venv/.test ## Run every check and every test
	@$(bin)/python tests/install_browser.py
	@$(MAKE) --no-print-directory check
	@$(bin)/pytest --cov

##@ More

demo: .venv/.run ## Serve a database full of fictional letters, apart from the real one (data/demo)
	@# What is set for the real database must not reach the demo. It is filled under another name, so
	@# that an interrupted start is no half demo; serve prints the links that the filling prints, too.
	@unset TRACKER_DATABASE_URL TRACKER_SECRET_KEY_FILE; \
	[ -e data/demo/tracker.db ] || { \
		rm -rf data/demo data/demo.unfinished \
		&& TRACKER_DATA_DIR=data/demo.unfinished $(bin)/tracker demo >/dev/null \
		&& mv data/demo.unfinished data/demo; \
	} || exit; \
	export TRACKER_DATA_DIR=data/demo; exec $(bin)/tracker serve

check: .venv/.test ## Run the fast checks only: format, lint, types, imports, words
	@$(bin)/ruff format --check --quiet . || { echo "Some files are not formatted: make format"; exit 1; }
	@$(bin)/ruff check --quiet .
	@$(bin)/mypy
	@$(bin)/lint-imports --no-logo --cache-dir .cache/imports
	@$(bin)/python tests/catalogue.py check

format: .venv/.test ## Format the code and repair what can be repaired
	@$(bin)/ruff check --fix-only .
	@$(bin)/ruff format .

words: .venv/.test ## Rewrite the template of translatable words from the code
	@$(bin)/python tests/catalogue.py write

faults: .venv/.test ## Run the tests that break things on purpose, whole (break-ins, kill -9; long)
	@$(bin)/pytest -m faults -o faulthandler_timeout=3600 tests/faults

bench: .venv/.test ## Measure what docs/performance.md says
	@$(bin)/python -m benchmarks

pins: ## Resolve pyproject.toml into the hashed pins (PINS=--upgrade for newer versions)
ifdef uv
	@$(compile) pyproject.toml --group build --output-file requirements.txt
	@$(compile) pyproject.toml --group build --group test --constraints requirements.txt \
		--output-file requirements-test.txt
else
	@echo "make pins needs uv on PATH, which resolves for all platforms at once: pip install uv"; exit 1
endif

clean: ## Remove what make made; data/ stays
	@rm -rf .venv .cache build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:
	@awk 'BEGIN { FS = ":.*## " } \
	/^##@/ { printf "\n%s\n", substr($$0, 5) } \
	/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

.PHONY: run test demo check format words faults bench pins clean help

# The environment. The empty files say that a step was finished, so that it is not done again before
# the pins change.

.venv/.run: requirements.txt pyproject.toml .venv/.made
	@echo "Installing what the program needs (requirements.txt): a minute or two, once ..."
	@$(install) --require-hashes -r requirements.txt
	@$(install) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test: requirements-test.txt .venv/.run
	@echo "Installing what the tests need (requirements-test.txt) ..."
	@$(install) --require-hashes -r requirements-test.txt
	@touch $@

# PYTHON=… names the interpreter; otherwise it is the first that is new enough and complete. Each is
# asked, because a name on PATH may be an empty shim.
.venv/.made:
	@for python in $(if $(PYTHON),"$(PYTHON)",python3 python3.14 python3.13 python3.12 python3.11); do \
		"$$python" -c 'import sys, venv$(if $(uv),,, ensurepip); sys.exit(sys.version_info < (3, 11))' \
			>/dev/null 2>&1 || continue; \
		$(if $(uv),uv venv --quiet --clear --python "$$python" .venv,"$$python" -m venv --clear .venv) \
			&& touch $@ && exit; \
		exit 1; \
	done; \
	echo "This needs Python 3.11 or newer$(if $(uv),, with its venv module); name one with: make run PYTHON=/path/to/python3"; \
	exit 1
