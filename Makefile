# Each target makes what it needs; running one twice does no harm. README.md says the same commands without make.
PYTHON ?= python3
PY := .venv/bin/python
FAST := not vendors and not live and not slow
REST := (vendors or slow) and not live
# Kept bytecode spares every worker and every process of the tests from compiling everything anew.
export PYTHONDONTWRITEBYTECODE :=
EVERYTHING := .[dev,vendors,tokens,docs]
RUNS := import sys, pip; sys.exit(sys.version_info < (3, 11))

# Read before any target is looked at: a .venv whose Python is gone, broken or too old is removed, and so made anew.
GONE := $(shell test -e .venv && ! $(PY) -c '$(RUNS)' >/dev/null 2>&1 && rm -rf .venv && echo yes)
ifeq ($(GONE),yes)
$(info the .venv here was broken or older than Python 3.11: it is made anew)
endif

# A line at once and a dot a second, for the half minute that pip says nothing.
define INSTALL
	@test -x $(PY) || $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo 'Python 3.11 or newer is needed: make PYTHON=python3.12 $(MAKECMDGOALS)' >&2; exit 1; }
	@printf 'installing into .venv, this once '; \
	(while sleep 1; do printf .; done) & ticker=$$!; trap "kill $$ticker 2>/dev/null" EXIT; \
	{ test -x $(PY) || $(PYTHON) -m venv .venv; } \
	  && $(PY) -m pip install --quiet --disable-pip-version-check -e $(1); \
	code=$$?; printf '\n'; exit $$code
endef

.PHONY: demo test test-all soak docs site snapshots lint mcpb

demo: .venv/.run
	@$(PY) -m mcp_ads demo

test: .venv/.dev
	$(PY) -m pytest -n auto -m "$(FAST)" --most-seconds 240

# What `test` leaves out: vendors' clients, Node's, load, long sequences.
test-all: .venv/.all
	$(PY) -m pytest -n auto -rs -m "$(REST)" --most-seconds 2100

# The long figures whole: hours where `test-all` takes one part in a hundred.
soak: .venv/.all
	MCP_ADS_TEST_SCALE=100 $(PY) -m pytest -n auto -rs -m "slow and not live" --timeout 0

# One file that Claude Desktop installs with a click.
mcpb: .venv/.run
	$(PY) -m mcp_ads install claude-desktop --bundle dist/mcp-ads.mcpb

docs: .venv/.dev
	$(PY) -m mcp_ads.docs

# The documentation as a site, in site/. A warning, or a link that leads nowhere, ends it.
site: .venv/.docs
	$(PY) -m docs_site

# What agents see of every action and tool, kept under tests/schemas; the tests compare, the diff is reviewed.
snapshots: .venv/.dev
	MCP_ADS_UPDATE_SNAPSHOTS=1 $(PY) -m pytest -n 0 tests/test_actions.py tests/server/test_tools.py tests/test_public_names.py -k 'schemas or reviewed'

lint: .venv/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m mcp_ads.docs --check

.venv/.run: pyproject.toml
	$(call INSTALL,.)
	@touch $@

.venv/.dev: pyproject.toml
	$(call INSTALL,".[dev]")
	@touch $@ .venv/.run

.venv/.docs: pyproject.toml
	$(call INSTALL,".[docs]")
	@touch $@ .venv/.run

.venv/.all: pyproject.toml
	$(call INSTALL,"$(EVERYTHING)")
	@touch $@ .venv/.dev .venv/.run .venv/.docs
