# Each target makes what it needs; running one twice does no harm. README.md says the same commands without make.
PYTHON ?= python3
PY := .venv/bin/python
FAST := not vendors and not live and not slow
REST := (vendors or slow) and not live

.PHONY: demo test test-all soak docs lint

demo: .venv/.run
	$(PY) -m mcp_ads demo

test: .venv/.dev
	$(PY) -m pytest -n auto -m "$(FAST)" --most-seconds 240

# What `test` leaves out: vendors' clients, Node's, load, long sequences.
test-all: .venv/.all
	$(PY) -m pytest -n auto -rs -m "$(REST)" --most-seconds 2100

# The long figures whole: hours where `test-all` takes one part in a hundred.
soak: .venv/.all
	MCP_ADS_TEST_SCALE=100 $(PY) -m pytest -n auto -rs -m "slow and not live" --timeout 0

docs: .venv/.dev
	$(PY) -m mcp_ads.docs

lint: .venv/.dev
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(PY) -m mcp_ads.docs --check

.venv/.run: pyproject.toml
	test -x $(PY) || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check -e .
	touch $@

.venv/.dev: pyproject.toml
	test -x $(PY) || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	touch $@ .venv/.run

.venv/.all: pyproject.toml
	test -x $(PY) || $(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check -e ".[dev,vendors,tokens]"
	touch $@ .venv/.dev .venv/.run
