# make run             set up, run the default comparison, write the report
# make test            set up, run the tests
# make image           build an image with the workflow and all that it needs
# make help            list this
#
# ./backprop --help    all other uses, such as: ./backprop run ~/trees.csv --label species
# make test-times      run the tests, show which take longest
# make test-mutants    see which small changes of the inference its unit tests notice
# make lint            check style, types, imports and the workflow
# make page            build the page on which networks train, after an edit in the folder page (Node 20)
# make test-page       check that page (Node 20)
# make site            build the documentation, in the folder site (Node 20)
# make sentences       write what the report says in many situations, in tests/report/sentences.md
# make readme          write the numbers and pictures in the README and docs, from a run
# make gallery         draw the pictures of docs/gallery, from two runs (Chromium)
# make benchmark       measure the speed
# make test-report     test the report in a browser (root, Debian)
# make test-cluster    install a Slurm and test the workflow on it (root, Debian)
# make test-storage    test the workflow with its results in a storage (rsync: root, Debian)
# make test-versions   test the library in another Python, compare the tables of both, install it in both
# make test-image      build an image, and compare its tables with those here (root, Debian)
# make test-lowest     test the library and take a first look with the lowest versions that are allowed
# make release         build what a release has, in the folder release: TAG=v0.4.0
# make lock            resolve the versions of all packages
#
# PYTHON=python3.13    the interpreter of the set-up
# VENV=.venv           the folder of the set-up
# BASE=python:3.12     `make image`: the image to begin with, in place of that in the Containerfile
# SETUP=run            `make image`: leave TensorFlow out
# TAG=v0.4.0           `make release`: the tag, which must agree with the version
# OTHER=python3.13     the second interpreter of `make test-versions`, and the interpreter of `make test-image`
# THOROUGH=1           tests: what takes too long for each change, too

# Before all else: shells read these values as they are, and make would run a `$(shell ...)` in them.
variables := PYTHON VENV BASE SETUP TAG OTHER THOROUGH
special := $$ ` ' " \ ; & | < > ( ) { } [ ] * ? ! \#
$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(if $(filter $(name),$(variables)),,$(error \
found the variable $(name)=; use one of $(variables), or a command: ./backprop --help))))
$(foreach name,$(variables),$(foreach character,$(special),$(if $(findstring $(character),$(value $(name))),$(error \
found $(character) in $(name)=; use a value without it))))

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# The programs in $(BIN) begin with the path of the folder that they were installed in. So that the
# folder can be moved, and have any name, all are started by the Python in $(BIN).
RUN := $(BIN)/python -m
BACKPROP := PYTHON='$(PYTHON)' VENV='$(VENV)' ./backprop

# The path of the folder is in UTF-8, whatever the locale is.
export PYTHONUTF8 := 1

.PHONY: stale run help image test test-times test-mutants sentences test-report chromium node buildah test-cluster test-storage rsync test-versions test-image test-lowest release lint page test-page site benchmark gallery readme lock

run: $(VENV)/run
	@$(BACKPROP) run

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

image: $(VENV)/place
	@$(BIN)/python requirements/image.py 'BASE=$(BASE)' 'SETUP=$(SETUP)'

# Side by side, but the tests of a file in one process: they share what they prepare. Bytecode is kept
# in any case: one process of the tests compiles them, and the others read that.
pytest := pytest --numprocesses=logical --maxprocesses=4 --dist=loadfile --no-loadscope-reorder
of_library := --ignore=tests/runs --ignore=tests/setup
thorough := $(if $(filter-out 0,$(THOROUGH)),--thorough)
test test-times test-versions test-lowest: export PYTHONDONTWRITEBYTECODE :=
test test-times: $(VENV)/dev
	$(RUN) $(pytest) $(thorough) $(if $(filter test-times,$@),--durations=30)

test-mutants: $(VENV)/dev
	$(RUN) mutmut run
	$(RUN) mutmut results

sentences: $(VENV)/dev
	$(RUN) pytest --quiet tests/report/test_sentences.py --update-sentences

test-report: chromium
test-cluster: $(VENV)/cluster
test-storage: rsync
test-report test-cluster test-storage: $(VENV)/dev
	$(RUN) pytest tests/$(subst report,browser,$(@:test-%=%)) $(thorough)

# What is missing is installed as root on Debian. A page is tested with Chinese glyphs.
missing_node := command -v node && command -v npm || echo nodejs npm
missing_chromium := command -v chromium && command -v chromedriver && fc-list :lang=zh | grep . || \
	echo chromium chromium-driver fontconfig fonts-noto-cjk
missing_buildah := command -v buildah && command -v mmdebstrap && ls /usr/lib/podman/netavark || \
	echo buildah mmdebstrap netavark
missing_rsync := command -v rsync || echo rsync
node chromium buildah rsync:
	@packages=$$({ $(missing_$@); } | grep -v /) || exit 0; apt-get --quiet --quiet update && \
	DEBIAN_FRONTEND=noninteractive apt-get --quiet --quiet install --yes --no-install-recommends $$packages

OTHER ?= python3.13
test-versions: $(VENV)/dev
	$(MAKE) $(VENV)-$(notdir $(OTHER))/dev VENV=$(VENV)-$(notdir $(OTHER)) PYTHON=$(OTHER)
	$(VENV)-$(notdir $(OTHER))/bin/python -m $(pytest) $(of_library)
	$(BIN)/python tests/versions.py $(VENV)-$(notdir $(OTHER))/bin/python $(thorough)

# No registry may be in reach: the image begins with a Debian that is made here, so it needs root and
# Debian. OTHER is the Python of that Debian: other versions have other versions of SciPy.
test-image: buildah
	$(MAKE) $(VENV)-$(notdir $(OTHER))/run VENV=$(VENV)-$(notdir $(OTHER)) PYTHON=$(OTHER)
	$(VENV)-$(notdir $(OTHER))/bin/python tests/image.py

# Of what pyproject.toml names but TensorFlow; of what these need, the newest, which may warn of old ones.
LOWEST := $(VENV)-lowest
test-lowest: $(VENV)/dev
	$(RUN) uv venv --quiet --clear --python $(BIN)/python $(LOWEST)
	$(RUN) uv pip install --quiet --python $(LOWEST)/bin/python --resolution lowest-direct -r pyproject.toml $(patsubst %,--extra %,excel formats storage dev)
	cd $(LOWEST)/lib/python*/site-packages && echo ../../../../src >backprop.pth
	$(LOWEST)/bin/python -m $(pytest) $(of_library) --ignore=tests/workflow -W default
	$(LOWEST)/bin/python -P -m backprop run --quick --folder $(LOWEST)/look

release: $(VENV)/dev
	$(BIN)/python .ci/release.py $(TAG)
	$(RUN) uv build --quiet --clear --out-dir release
	$(BIN)/python .ci/release.py $(TAG) >release/notes.md
	sed "s/path: [.][.]$$/path: $$(cd release && echo *.tar.gz)/" conda/recipe.yaml >release/recipe.yaml
	$(RUN) uv tool run --quiet --from cyclonedx-bom==7.5.0 cyclonedx-py requirements --output-file release/sbom.json requirements/tensorflow.txt
	@$(BACKPROP) run --folder release/run
	@$(BACKPROP) archive --folder release/run --output release/default-run.zip

lint: $(VENV)/dev
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) snakefmt --check Snakefile workflow
	$(RUN) mypy
	$(BIN)/python $(BIN)/lint-imports
	$(RUN) snakemake --lint
	! git grep --line-number --extended-regexp '^([<>]{7}) ' # of a merge

test-page: node
	npm --prefix page ci --silent
	npm --prefix page test --silent # which lints first

page: node
	npm --prefix page run --silent build

# The page of the report is in it after `make run`, the pages on which networks train after `backprop live`. Warnings are errors. Nothing is fetched from the
# network while it is built, or when it is read: the script that draws diagrams comes from the lock.
site: $(VENV)/docs node
	npm --prefix docs ci --silent --omit=dev
	rm -rf site
	$(RUN) sphinx --quiet --fresh-env --nitpicky --fail-on-warning --keep-going -c docs -d $(VENV)/doctrees . site
	@printf 'The documentation: %s\n' "$$PWD/site/index.html"

benchmark: $(VENV)/dev
	$(BIN)/python benchmarks/compare.py
	$(BIN)/python benchmarks/workflow.py

readme: run $(VENV)/dev
	$(BIN)/python docs/update_readme.py
	$(BIN)/python docs/rerun_table.py --write

gallery: run $(VENV)/dev chromium
	@$(BACKPROP) run config/gallery.yaml --folder gallery
	$(BIN)/python docs/draw_gallery.py
	$(BIN)/python docs/draw_live.py

# The locks, also those of npm, name no package index, so any mirror can be used.
lock: $(VENV)/dev
	cd requirements && ../$(RUN) uv pip compile $(LOCK) $(patsubst %,--extra %,$(filter-out run cluster,$(locks))) -o dev.txt
	cd requirements && for name in $(filter-out dev,$(locks)); do \
	../$(RUN) uv pip compile $(LOCK) -c dev.txt $$(test $$name = run || echo --extra $$name) -o $$name.txt || exit; done
	$(BIN)/python requirements/conda.py
LOCK := ../pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url

# These files mark an environment as complete. Each has all that `run` has, and `dev` all but `cluster`.
with_run := everything but TensorFlow: fetches up to 0.2 GB (0.8 GB when installed)
with_tensorflow := TensorFlow: fetches up to 0.6 GB (2.1 GB when installed)
with_dev := everything, and the tools of development: fetches up to 0.9 GB (3.4 GB when installed)
locks := run tensorflow excel formats docs cluster storage dev

# pip shows its progress on a terminal. Programs are replaced by some that can be moved, see RUN.
$(locks:%=$(VENV)/%): $(VENV)/%: requirements/%.txt $(VENV)/place
	@echo 'Set up $(VENV) with $(or $(with_$*),what $* needs: fetches up to 0.2 GB (0.9 GB when installed)).'
	@quiet=--quiet; ! test -t 1 || quiet=; \
	$(RUN) pip install $$quiet --disable-pip-version-check --require-hashes -r $< || { \
	echo 'error: the set-up of $(VENV) failed, see above; it needs a network and a package index, as pip is set up for. \
	`make` again goes on where it ended' >&2; exit 1; }
	@cd $(BIN) && for module in '-P -m backprop' '-m snakemake'; do name=$${module##* } && rm -f $$name && \
	printf '#!/bin/sh\nexec "$${0%%/*}/python" %s "$$@"\n' "$$module" >$$name && chmod +x $$name || exit; done
	@cd $(VENV) && touch run $* $(if $(filter dev,$*),$(filter-out cluster,$(locks)))

# The environment without packages, with the path that it was made for. If it was moved or copied,
# only the paths in it are written again. If it is broken or was not completed, it is made again.
where := CDPATH= cd $(VENV) && pwd -P
$(VENV)/place: $(shell test -e $(BIN)/python && test "$$(cat $(VENV)/place 2>&1)" = "$$($(where))" || echo stale)
	@command -v $(firstword $(PYTHON)) >/dev/null || { echo "error: found no $(PYTHON); \
	install Python 3.11 to 3.13, or choose one with PYTHON=" >&2; exit 1; }
	@$(PYTHON) requirements/check.py
	@if test -e $(VENV)/run && $(RUN) pip --version >/dev/null 2>&1; then \
	$(RUN) venv --without-pip $(VENV); else $(PYTHON) -m venv --clear $(VENV); fi
	@cd $(VENV)/lib/python*/site-packages && echo ../../../../src >backprop.pth # to import the library
	@$(where) >place
