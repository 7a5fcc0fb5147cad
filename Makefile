# Everything runs from .venv in this folder, installed from the hashed locks.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
# Twice the cores of a small machine: most tests wait for processes more than they compute.
WORKERS ?= 4
MINUTES ?= 10
# What only `make test-nodes` needs. Debian 12 has them all; elsewhere postgresql-15 is from apt.postgresql.org.
NODE_PACKAGES := nginx pgbouncer postgresql-15 prometheus

.DEFAULT_GOAL := help
.PHONY: help run test test-nodes soak simulate check bench fmt locks clean

help:
	@echo "make run    set up and serve the API, the worker and the sandbox"
	@echo "make test   set up and run the whole suite (about 10 minutes on two cores)"
	@echo "make test-nodes  several nodes behind nginx, on PostgreSQL 15 and 18; on Debian 12, for the packages it installs"
	@echo "make soak   the same laws and races at full size"
	@echo "make simulate  new seeds of the simulator for MINUTES=10"
	@echo "make check  ruff, mypy and the import contracts"
	@echo "make bench  measure speed, each figure against its limit of the same run; FULL=1 with 1,000,000 bookings"
	@echo "make fmt    format and fix what ruff can"
	@echo "make locks  resolve the locks anew (needs uv)"

$(STAMP): requirements/dev.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing from requirements/dev.lock ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

run: $(STAMP)
	@exec $(BIN)/totetaxi serve

test: $(STAMP)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder

test-nodes: $(STAMP)
	@dpkg -s $(NODE_PACKAGES) > /dev/null 2>&1 || { \
		echo "Installing $(NODE_PACKAGES) ..."; \
		$(if $(filter 0,$(shell id -u)),,sudo )apt-get install --yes --no-install-recommends $(NODE_PACKAGES); }
	TOTETAXI_NODES=1 PATH="$$PATH:/usr/sbin" $(BIN)/python -m pytest tests/nodes -n 2 --dist loadscope

soak: $(STAMP)
	TOTETAXI_SOAK=1 $(BIN)/python -m pytest -o faulthandler_timeout=0 -n $(WORKERS) --dist loadscope --no-loadscope-reorder

simulate: $(STAMP)
	@$(BIN)/totetaxi simulate --minutes $(MINUTES)

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python -m benchmarks $(if $(FULL),--full)

fmt: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --quiet pyproject.toml

locks:
	$(LOCK) --extra all -o requirements/all.lock
	$(LOCK) --extra build -o requirements/build.lock
	$(LOCK) --all-extras -o requirements/dev.lock

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
