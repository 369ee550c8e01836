# The house's daily work. `make` alone lists the targets. Needs a POSIX shell, make and Python 3.11 or later.
#
# PYTHON       the interpreter that makes the environment:    make demo PYTHON=python3.12
# VENV         where the environment lies:                    make test VENV=.venv-312
# RESULTS      where the demo keeps its results:              make demo RESULTS=somewhere
# PYTEST_ARGS  handed to pytest:                              make unit PYTEST_ARGS="tests/store -x"

PYTHON ?= python3
VENV = .venv
RESULTS = bakeoff-results
PYTEST_ARGS ?=

BIN = $(VENV)/bin
STAMPS = $(VENV)/stamps
PIP = $(BIN)/python -m pip --disable-pip-version-check

.PHONY: help demo test lint format types unit wheel-test soak bench constraints clean

help: ## show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "Settings, as in \`make demo PYTHON=python3.12\`:"
	@sed -n 's/^# \([A-Z_]*  *[a-z].*\)/  \1/p' Makefile

# --- Use it ---

demo: $(STAMPS)/demo ## from a bare checkout: install what `quick` needs, run it, print its leaderboards
	$(BIN)/bakeoff run quick --yes --results "$(RESULTS)"
	@$(BIN)/bakeoff leaderboard quick --results "$(RESULTS)" --format md --output "$(RESULTS)/leaderboard.md"
	@$(BIN)/bakeoff leaderboard quick --results "$(RESULTS)" --format csv --output "$(RESULTS)/leaderboard.csv"
	@echo
	@echo "Records: $(RESULTS)/segments/   tables: $(RESULTS)/leaderboard.md and leaderboard.csv"
	@echo "Again with a table of your own: $(BIN)/bakeoff run quick --dataset ./my.csv --target COLUMN"

# --- Check it ---

test: lint types unit wheel-test ## everything CI runs, from nothing: lint, floors, types, tests, the installed wheel

lint: $(STAMPS)/dev ## ruff (rules and format) and the floors of the house (import-linter)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-cache

format: $(STAMPS)/dev ## let ruff mend what it can
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: $(STAMPS)/dev ## mypy, strict
	$(BIN)/mypy

unit: $(STAMPS)/dev ## all tests in the tree, but the long faults and the installed wheel
	$(BIN)/python -m pytest -m "not soak and not wheel" $(PYTEST_ARGS)

wheel-test: $(STAMPS)/dev ## the built wheel, core dependencies only, in a new environment outside the tree
	$(BIN)/python -m pytest -m wheel tests/wheel $(PYTEST_ARGS)

soak: $(STAMPS)/dev ## long faults and floods: kills, full disks, many writers
	$(BIN)/python -m pytest -m soak $(PYTEST_ARGS)

bench: $(STAMPS)/dev ## time what must stay fast (pytest-benchmark); a report, not a gate
	$(BIN)/python -m pytest tests benchmarks -rfE --benchmark-enable --benchmark-only $(PYTEST_ARGS)

# --- Keep it ---

constraints: ## freeze the newest of everything into constraints.txt; then run `make test`
	@$(MAKE) VENV=.venv-constraints .venv-constraints/stamps/venv
	.venv-constraints/bin/python -m pip install --quiet --upgrade -e '.[dev]'
	sed -n '/^#/p' constraints.txt > .venv-constraints/new
	.venv-constraints/bin/python -m pip freeze --exclude-editable \
	  | sed -e '/^nvidia-/d' -e 's/+[a-z0-9.]*$$//' >> .venv-constraints/new
	mv .venv-constraints/new constraints.txt
	rm -rf .venv-constraints

clean: ## remove the environment and everything built; results stay
	rm -rf "$(VENV)" .venv-constraints build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
	rm -rf .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- The environment. A stamp says what has been installed; it is stale once a version or a dependency changes ---

# Editable also for the demo: one environment serves both, and a copy could not go stale behind the tests.
$(STAMPS)/demo: $(STAMPS)/venv pyproject.toml constraints.txt
	@echo "Installing what the suite \`quick\` needs into $(VENV) (once; torch is large) ..."
	@$(PIP) install --quiet -c constraints.txt -e '.[tabular,recsys]'
	@touch $@

$(STAMPS)/dev: $(STAMPS)/venv pyproject.toml constraints.txt
	@echo "Installing everything the tests need into $(VENV) (once) ..."
	@$(PIP) install --quiet -c constraints.txt -e '.[dev]'
	@touch $@

# An environment without a working pip is what an interrupted `venv` leaves behind: made anew.
$(STAMPS)/venv:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { \
	  echo "Bakeoff needs Python 3.11 or later, and there is no \`$(PYTHON)\` here." >&2; \
	  echo "Name yours, for example: make demo PYTHON=python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Bakeoff needs Python 3.11 or later; \`$(PYTHON)\` is $$("$(PYTHON)" -V 2>&1)." >&2; \
	  echo "Name another, for example: make demo PYTHON=python3.12" >&2; exit 1; }
	@$(PIP) --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear "$(VENV)" || { \
	  echo "\`$(PYTHON) -m venv\` failed: on Debian and Ubuntu it comes with the package python3-venv." >&2; exit 1; }
	@mkdir -p $(STAMPS) && touch $@
