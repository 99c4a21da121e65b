# Everything a contributor types. A fresh machine needs Python 3.11+, make and git, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/python -m uv

.PHONY: help demo test bench lint format docs screenshots lock clean
help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(VENV)/.installed: requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "podbot needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	$(UV) pip sync --quiet --require-hashes --python $(BIN)/python requirements-dev.lock
	$(UV) pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	touch $@

demo: $(VENV)/.installed ## podbot in a browser: no Slack, no cluster; ARGS="--port 0 --no-browser --kubeconfig FILE"
	$(BIN)/podbot demo $(ARGS)

test: $(VENV)/.installed ## all tests; with KUBECONFIG_TEST also those on a real cluster
	$(BIN)/python -m pytest --cov --cov-report=term $(TESTS)

bench: $(VENV)/.installed ## how fast podbot is, beside what it can't do without; ARGS="--pods 1000 --markdown" and more
	$(BIN)/python -m bench $(ARGS)

lint: $(VENV)/.installed ## style, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed ## format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.installed ## write the generated parts of the README and of docs/triage.md
	$(BIN)/python docs/generate.py

screenshots: $(VENV)/.installed ## take the README's pictures of the demo's page; needs Debian's chromium
	PYTHONPATH=. $(BIN)/python docs/screenshots.py

lock: $(VENV)/.installed ## resolve the dependencies anew, with hashes and for every platform
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade pyproject.toml -o requirements.lock
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade --group build -o requirements-build.lock
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade pyproject.toml --group dev -o requirements-dev.lock

clean: ## remove the environment and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage*
