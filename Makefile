# make run             set up, run the comparison, write the report
# make test            set up, run the tests
# make lint            check style, types, imports and the workflow
# make readme          write the numbers and pictures in the README and docs, from a run
# make benchmark       measure the speed
# make test-report     test the report in a browser (root, Debian)
# make test-cluster    install a Slurm and test the workflow on it (root, Debian)
# make test-versions   compare the tables of two versions of Python
# make lock            resolve the versions of all packages
# make clean           delete all results
#
# PYTHON=python3.13 chooses the interpreter; CORES=4 is the number of cores for `make run`.

PYTHON ?= python3
CORES ?= all
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test test-report test-cluster test-versions lint benchmark readme lock clean

run: $(VENV)/run
	$(BIN)/snakemake --cores $(CORES)
	$(BIN)/snakemake --report results/report.html
	@echo "The report: $(CURDIR)/results/report.html"

test: $(VENV)/dev
	$(BIN)/pytest

# This needs Chromium and its driver. If they are missing, it installs them, as root on Debian.
test-report: run $(VENV)/dev
	command -v chromium && command -v chromedriver || { apt-get --quiet --quiet update && \
	DEBIAN_FRONTEND=noninteractive apt-get --quiet --quiet install --yes --no-install-recommends chromium chromium-driver; }
	$(BIN)/snakemake --report results/report.zip
	$(BIN)/pytest tests/browser

# This installs and starts a Slurm, so it needs root and Debian.
test-cluster: $(VENV)/dev $(VENV)/cluster
	$(BIN)/pytest tests/cluster

# The tables must agree to 1e-10. OTHER is the second interpreter.
OTHER ?= python3.13
test-versions: $(VENV)/dev
	$(MAKE) $(VENV)-$(notdir $(OTHER))/run VENV=$(VENV)-$(notdir $(OTHER)) PYTHON=$(OTHER)
	$(BIN)/python tests/versions.py $(VENV)-$(notdir $(OTHER))/bin/python

lint: $(VENV)/dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/snakemake --lint >$(VENV)/lint 2>&1 || true # it reports every rule without a Conda environment
	grep --quiet '^Lints for rule' $(VENV)/lint
	! grep '^    \* ' $(VENV)/lint | grep --invert-match 'Specify a conda environment or container'

# Measure several ways to train a network, then the whole workflow.
benchmark: $(VENV)/dev
	$(BIN)/python benchmarks/compare.py
	$(BIN)/python benchmarks/workflow.py

# Each block between markers in the README and docs/*.md is replaced.
readme: run $(VENV)/dev
	$(BIN)/python docs/update_readme.py
	$(BIN)/python docs/rerun_table.py --write

# The lock names no package index, so any mirror can be used.
lock: $(VENV)/dev
	cd requirements && \
	../$(BIN)/uv pip compile $(LOCK) --extra dev ../pyproject.toml -o dev.txt && \
	../$(BIN)/uv pip compile $(LOCK) -c dev.txt ../pyproject.toml -o run.txt && \
	../$(BIN)/uv pip compile $(LOCK) -c dev.txt --extra cluster ../pyproject.toml -o cluster.txt
LOCK := --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url

clean:
	find results -mindepth 1 ! -name .gitkeep -delete

# These files mark an environment as complete.
$(VENV)/run: requirements/run.txt pyproject.toml
	$(call install,$<)

$(VENV)/dev: requirements/dev.txt pyproject.toml
	$(call install,$<)
	touch $(VENV)/run

# All packages of `run`, and the executor plugins that the cluster profiles need.
$(VENV)/cluster: requirements/cluster.txt pyproject.toml
	$(call install,$<)
	touch $(VENV)/run

define install
$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and "error: Python 3.11 to 3.13 is needed, found " + sys.version.split()[0] + "; choose another one with PYTHON=")'
test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --no-index -e .
touch $@
endef
