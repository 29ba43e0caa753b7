# Two commands: `make demo` and `make test`. Both set up .venv from the lock file first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo serve test docs bench bench-read bench-floors bench-times bench-pages bench-origins bench-kiel lint types imports unit servers lock clean bench-check bench-desk

demo: $(STAMP)
	@rm -f build/demo.db && mkdir -p build
	$(BIN)/recoupe read examples --into build/demo.db
	@echo
	$(BIN)/recoupe ledger build/demo.db --conflicts

# The examples in the browser.
serve: $(STAMP)
	@mkdir -p build
	@test -e build/examples.db || $(BIN)/recoupe read examples --into build/examples.db
	$(BIN)/recoupe serve build/examples.db

test: servers lint types imports unit

lint: $(STAMP)
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

# PostgreSQL for the tests of ledgers on a server and Chromium for those of the desk, where they are missing and may be
# installed.
servers:
	@sh tests/servers.sh

unit: $(STAMP)
	$(BIN)/pytest -n 2 --dist loadfile src tests

bench: $(STAMP)
	$(BIN)/python bench/read_bench.py

bench-read: $(STAMP)
	$(BIN)/python bench/read_bench.py --stages

bench-floors: $(STAMP)
	$(BIN)/python bench/floors.py

bench-times: $(STAMP)
	$(BIN)/python bench/times_bench.py

bench-pages: $(STAMP)
	$(BIN)/python bench/pages_bench.py

bench-origins: $(STAMP)
	$(BIN)/python bench/origins_bench.py

bench-kiel: $(STAMP)
	$(BIN)/python bench/kiel_bench.py

bench-check: $(STAMP)
	$(BIN)/python bench/check_bench.py

bench-grow: $(STAMP)
	$(BIN)/python bench/grow_bench.py

bench-desk: $(STAMP)
	$(BIN)/python bench/desk_bench.py

# Writes the lock file anew from pyproject.toml; every package with the hashes of its files.
lock: $(STAMP)
	$(BIN)/pip-compile --quiet --extra dev --extra postgres --extra tables --extra watch --extra web --extra docs --extra bench --generate-hashes --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links \
		--no-emit-trusted-host --output-file requirements.lock pyproject.toml

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@# As an installer does: where Python may write no bytecode of its own, half of each start would be compiling.
	$(BIN)/python -m compileall -q src/recoupe
	@touch $@

# The documentation as a site, in build/site. Open build/site/index.html, or for the search too:
# python -m http.server --directory build/site
docs: $(STAMP)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

clean:
	rm -rf $(VENV) build

.PHONY: golden
golden: $(STAMP)
	$(BIN)/python tests/golden/make.py
	PYTHONPATH=tests $(BIN)/python -m golden.docs
