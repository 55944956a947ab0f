# Every target does the set-up that it needs. `make help` lists them.

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Tests wait for servers, browsers and disks a quarter of their time: more processes than there are cores.
WORKERS ?= $(shell expr $$(nproc) \* 2)
# How many customers `make bench-herd` has.
CUSTOMERS ?= 2000
# How long `make bench-load` lasts, on which database, and whether in one process with its worker or in three (apart).
MINUTES ?= 30
DATABASE ?= sqlite
SERVERS ?= serve
FILE_PROGRAMS := curl lftp rclone ncftp tnftp wput php-cli libio-socket-ssl-perl libcommons-net-java default-jdk-headless proftpd-core proftpd-mod-crypto mono-mcs
PYTEST := $(BIN)/pytest --quiet -n $(WORKERS) --dist worksteal

# pytest keeps what it has compiled: each of its processes would take seconds to do that anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test test-sqlite test-postgresql packages coverage test-all check sbom deb docs pictures bench bench-herd bench-load clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | column -t -s $$'\t'

setup: $(READY) ## make .venv with .venv/bin/instroom, exactly as uv.lock says

$(READY): uv.lock pyproject.toml scripts/uv.txt scripts/setup
	@scripts/setup
	touch $@

demo: $(READY) ## the whole way of the example delivery, in a folder that is thrown away
	@home=$$(mktemp -d)
	trap 'rm -rf "$$home"' EXIT
	INSTROOM_HOME="$$home" $(BIN)/instroom demo

test: packages test-sqlite test-postgresql ## all tests but the slow ones, on SQLite and on PostgreSQL

test-sqlite: $(READY) packages
	@echo "Tests, on SQLite:"
	env -u INSTROOM_TEST_POSTGRES_URL $(PYTEST)

test-postgresql: $(READY) packages
	@echo "Tests that PostgreSQL may answer differently (all others that store: in make test-all):"
	scripts/with_postgres.py $(PYTEST) -m "on_postgresql and not slow" tests/contracts tests/store tests/flow \
	    $$(grep -rl on_postgresql --include=test_*.py tests/doors)

packages: $(READY)
	@scripts/need postgresql chromium systemd

coverage: $(READY) packages ## how much of the code the tests reach, branches too; fails where that is too little
	@rm -f .coverage .coverage.*
	env -u INSTROOM_TEST_POSTGRES_URL $(BIN)/coverage run -m pytest --quiet -n $(WORKERS) --dist worksteal
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

test-all: coverage ## all tests, the slow ones too, with LibreOffice, Chromium and the programs that upload
	@scripts/need postgresql pgbouncer prometheus libreoffice-calc-nogui chromium nginx-light caddy $(FILE_PROGRAMS)
	@echo "Slow tests, and properties with a thousand examples each, on SQLite:"
	env -u INSTROOM_TEST_POSTGRES_URL $(PYTEST) -m "slow or hypothesis" --hypothesis-profile thorough
	@echo "All that PostgreSQL can answer:"
	INSTROOM_FUZZ_SECONDS=60 scripts/with_postgres.py $(PYTEST) -m "stored and not on_sqlite_alone" --hypothesis-profile thorough

check: $(READY) sbom ## style, types, layers, the lock file, the generated pages, the SBOM, and advisories where they can be asked for
	@.uv/bin/uv lock --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/djlint src --lint --quiet
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/reference.py --check
	scripts/advisories
	find src -name '*.py' -not -path '*/migrations/*' -exec awk 'END { if (NR > 300) print "Long, consider splitting: " FILENAME " (" NR " lines)" }' {} \;

sbom: $(READY) ## write dist/sbom.cdx.json: all that an installation consists of, as CycloneDX
	@scripts/sbom.py

deb: $(READY) ## write dist/instroom_VERSION_ARCHITECTURE.deb, for the release of Debian or Ubuntu that makes it
	@deploy/debian/build

docs: $(READY) ## write the generated pages of docs/reference
	@$(BIN)/python scripts/reference.py

pictures: $(READY) ## take the pictures of the pages, for README and guides
	@scripts/need chromium
	$(BIN)/python scripts/pictures.py

bench: $(READY) ## measure against peers and against the floor; writes the table in docs
	@scripts/need postgresql curl proftpd-core proftpd-mod-crypto
	UV_PROJECT_ENVIRONMENT=.venv-bench scripts/setup --group bench
	scripts/with_postgres.py --durable .venv-bench/bin/python -m bench

# With fewer customers it prints what it measures, and leaves the page as it is.
bench-herd: $(READY) ## measure 2,000 customers that are due at one moment, in half an hour; CUSTOMERS=200 in minutes
	@scripts/need postgresql
	scripts/with_postgres.py --durable $(BIN)/python -m bench.herd --customers $(CUSTOMERS) $(if $(filter 2000,$(CUSTOMERS)),--write)

# Shorter ones print what they measure, and leave the page as it is.
bench-load: $(READY) ## use a whole site for half an hour: errors, times of pages, memory; DATABASE=postgresql SERVERS=apart
	@scripts/need postgresql
	scripts/with_postgres.py --durable $(BIN)/python -m bench.load --minutes $(MINUTES) --database $(DATABASE) --servers $(SERVERS) $(if $(filter 30,$(MINUTES)),--write)

clean: ## remove what these targets have made
	@rm -rf .venv .venv-bench .uv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.*
