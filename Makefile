# make run             set up, run the comparison, write the report
# make run TABLE=~/trees.csv LABEL=species      the same for a table of yours: writes ~/trees.yaml first
# make config TABLE=~/trees.csv LABEL=species   only write ~/trees.yaml, the config of the table
# make predict TABLE=new.csv                    predict new rows by the model that the report recommends
# make open            open the report
# make folds           write the folds alone, so that others train on the same
# make archive         write the last run as one file, which others can verify
# make verify ARCHIVE=run.zip                   run the study of such a file again, and compare the tables
#                      with TABLE=, if its data are not in it
# make history         compare from the perceptron to back-propagation, in the folder history
# make live            write the pages on which networks train, each by itself, in the folder live
# make image           build an image with the workflow and all that it needs
# make clean           delete all results of runs
# make help            list this
#
# make test            set up, run the tests
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
# make release         build what a release has, in the folder release: TAG=v0.3.0
# make lock            resolve the versions of all packages
#
# TABLE=~/trees.csv    a table to compare the models on
# LABEL=species        its column with the class
# ROW=tree             what a row of it is, a noun in the singular
# SHEET=Measured       its sheet, if it is an Excel workbook with several
# CONFIG=my.yaml       a config to use in place of config.yaml; with TABLE, the one to write
# FOLDER=mine          where the results go, and the config of a table
# MODEL=scratch        `make predict`: the model to predict by, by default the one that is recommended
# CONFIGURATION=...    its configuration, if the run has several
# DATASET=trees        the data set that the rows are of, if the run has several
# OUTPUT=classes.csv   the file to write
# OUTDATED=1           predict by a model that an edit has made outdated, too
# ARCHIVE=run.zip      `make verify`: a file from `make archive`
# QUICK=1              take a first look, in less than a minute: see config/quick.yaml
# CORES=4              how many cores to use, by default all
# PYTHON=python3.13    the interpreter of the set-up
# VENV=.venv           the folder of the set-up
# BASE=python:3.12     `make image`: the image to begin with, in place of that in the Containerfile
# SETUP=run            `make image`: leave TensorFlow out
# TAG=v0.3.0           `make release`: the tag, which must agree with the version
# OTHER=python3.13     the second interpreter of `make test-versions`, and the interpreter of `make test-image`
# THOROUGH=1           tests: what takes too long for each change, too

# make expands the variables of its command line when it exports them, and `$(shell)` exports them,
# too: a file with the name `$(shell ...).csv` would be run. So each becomes its own text, before all
# else. A dollar in a name is doubled, as make expands the names of a definition.
on_command_line := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
$(foreach name,$(subst $$,$$$$,$(on_command_line)),$(eval override $(name) := $$(value $(name))))

# A line break would end the command of a recipe.
define line_break


endef
$(foreach name,$(on_command_line),$(if $(findstring $(line_break),$(value $(name))),$(error \
found a line break in $(name)=; use a value without one)))

PYTHON ?= python3
CORES ?= all
CONFIG := config.yaml
FOLDER := .
QUICK :=
BASE :=
SETUP :=
THOROUGH :=
VENV := .venv
BIN := $(VENV)/bin
# The programs in $(BIN) begin with the path of the folder that they were installed in. So that the
# folder can be moved, and have any name, all are started by the Python in $(BIN).
RUN := $(BIN)/python -m

# The path of the folder is in UTF-8, whatever the locale is.
export PYTHONUTF8 := 1

# Snakemake makes a cache in the home, and ends with a traceback if it cannot.
ifneq ($(shell cache="$${XDG_CACHE_HOME:-$$HOME/.cache}"; test -d "$$cache" || cache=$${cache%/*}; \
test -d "$$cache" && test -w "$$cache" && echo writable),writable)
export XDG_CACHE_HOME := $(CURDIR)/.snakemake/cache
endif

# These are programs and a folder of make's own, which shells read as they are.
special := $$ ` ' " \ ; & | < > ( ) { } [ ] * ? ! \#
$(foreach name,PYTHON VENV OTHER,$(foreach character,$(special),$(if $(findstring $(character),$(value $(name))),$(error \
found $(character) in $(name)=; use a value without it))))

# A variable that is not in the list above is a slip of the finger.
variables := $(sort $(shell sed '/^\#/!q' $(firstword $(MAKEFILE_LIST)) | grep -o '[A-Z]*=' | tr -d =))
nearest = $(shell $(PYTHON) -c 'import difflib, sys; \
print(*difflib.get_close_matches(sys.argv[1].upper(), sys.argv[2:], 1))' '$(subst ','\'',$(1))' $(variables))
did_you_mean = $(if $(1), (did you mean $(1)=?))
$(foreach name,$(filter-out $(variables),$(on_command_line)),$(error \
found the variable $(name)=$(call did_you_mean,$(call nearest,$(name))); use one of $(variables)))

# The value of a variable as one word of the shell, whatever it has; ~/ is the home.
quoted = $(subst '~/,"$$HOME"'/,'$(subst ','\'',$(value $(1)))')
# The same for a path that programs take for no option.
path = $(if $(filter -%,$(firstword $(value $(1)))),./)$(quoted)

.PHONY: run config folds predict archive verify open help history live image test test-times test-mutants sentences test-report chromium node buildah test-cluster test-storage rsync test-versions test-image test-lowest release lint page test-page site benchmark gallery readme lock clean

of_workbook := $(if $(findstring .xlsx,$(value TABLE)),$(VENV)/excel)

ifeq ($(value TABLE),)
$(if $(value LABEL)$(value ROW)$(value SHEET),$(error found LABEL=, ROW= or SHEET= without TABLE=; name the table, too))
# If implementations of the network differ, all results were made: the report says where, and the run
# has failed. If it failed for another reason, the report is refused.
differing = grep -qs ',differs,' $(call path,FOLDER)/results/*/tables/parity.csv
# Few lines are shown, and all are in Snakemake's log: `--quiet` would keep them out of it, too.
run: $(VENV)/run
	$(add_needed)
	@mkdir -p $(call path,FOLDER) # Snakemake would end with a traceback if it cannot
	$(RUN) snakemake $(OTHER_CONFIG) --cores $(call quoted,CORES) --logger backprop || $(differing)
	@printed=$$($(RUN) snakemake $(OTHER_CONFIG) --reporter backprop --report-backprop-path results/report.html 2>&1) || { \
	printf '%s\n' "$$printed" >&2; exit 1; }
	@cd $(call path,FOLDER) && printf 'The report: %s\n' "$$PWD/results/report.html"
	@! $(differing)
else
run: $(VENV)/run $(of_workbook)
	@config=$$($(first_config)) && $(run_again) TABLE= LABEL= ROW= SHEET= CONFIG="$$config"
endif

first_look := $(if $(filter-out 0,$(QUICK)),config/quick.yaml)
ifneq ($(strip $(value CONFIG) $(value FOLDER) $(first_look)),config.yaml .)
OTHER_CONFIG = --configfile $(call path,CONFIG) $(first_look) --replace-workflow-config --directory $(call path,FOLDER)
endif

# It prints the path of the config.
first_config = $(RUN) backprop.commands.first_config --row=$(call quoted,ROW) --sheet=$(call quoted,SHEET) --folder=$(call path,FOLDER) \
	$(if $(filter config.yaml,$(value CONFIG)),,--config=$(call path,CONFIG)) \
	-- $(call path,TABLE) $(call quoted,LABEL)
run_again = $(MAKE) --no-print-directory run # not in the recipe: a dry run would run it

config: $(VENV)/run $(of_workbook)
	$(if $(value TABLE),,$(error found no TABLE=; name the table, such as TABLE=~/trees.csv))
	@$(first_config) >/dev/null

folds: $(VENV)/run
	$(add_needed)
	@mkdir -p $(call path,FOLDER)
	$(RUN) snakemake $(OTHER_CONFIG) --cores $(call quoted,CORES) --quiet all -- folds
	@cd $(call path,FOLDER) && printf 'The folds: %s\n' "$$PWD"/results/*/data/folds.csv

open:
	@report=$$(cd $(call path,FOLDER) 2>/dev/null && pwd || printf %s $(call path,FOLDER))/results/report.html; \
	test -e "$$report" || { printf 'error: found no %s; `make run` writes it\n' "$$report" >&2; exit 1; }; \
	for program in xdg-open open; do \
	command -v $$program >/dev/null && $$program "$$report" 2>/dev/null && exit; done; \
	printf 'Open this file in a browser: %s\n' "$$report"

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' $(firstword $(MAKEFILE_LIST))

predict: $(VENV)/run $(of_workbook)
	@$(RUN) backprop.commands.predict --model=$(call quoted,MODEL) --configuration=$(call quoted,CONFIGURATION) \
	--sheet=$(call quoted,SHEET) --dataset=$(call quoted,DATASET) --outdated=$(call quoted,OUTDATED) --output=$(call path,OUTPUT) --config=$(if $(filter CONFIG,$(on_command_line)),$(call path,CONFIG)) \
	--folder=$(call path,FOLDER) -- $(call path,TABLE)

archive: $(VENV)/run
	@$(RUN) backprop.workflow.archive.packing $(call path,FOLDER) $(call path,OUTPUT)

verify: $(VENV)/run
	$(call add_needed,ARCHIVE)
	@$(RUN) backprop.workflow.archive.verifying $(call path,ARCHIVE) $(call path,TABLE) $(call quoted,CORES)

history:
	@$(MAKE) --no-print-directory run CONFIG=config/history.yaml FOLDER=history

# Pages to put on any server, or to send: only what they need is trained, and no report is written.
live: $(VENV)/run
	$(RUN) snakemake --configfile config/live.yaml --replace-workflow-config --directory live \
	--cores $(call quoted,CORES) --logger backprop -- $(LIVE:%=results/%/live.html)
	@for name in $(LIVE); do cp live/results/$$name/live.html live/watch-$$name.html && \
	printf 'A page by itself: %s\n' "$$PWD/live/watch-$$name.html" || exit; done
LIVE := ex4 xor iris

# What pip needs to reach its index from here is a secret of the build: no image keeps it.
image: $(VENV)/place
	@program=$$(command -v buildah || command -v podman || command -v docker) || { \
	echo 'error: found no podman, buildah or docker; install one of them' >&2; exit 1; }; \
	certificates=$$($(BIN)/python requirements/pip_settings.py certificates) && \
	PIP_CONF=$$($(BIN)/python requirements/pip_settings.py) \
	"$$program" build --file Containerfile --tag backprop-study --secret id=pip.conf,env=PIP_CONF \
	$${certificates:+--secret "id=certificates,src=$$certificates"} \
	$(foreach name,BASE SETUP,$(if $($(name)),--build-arg $(name)=$(call quoted,$(name)))) .

# Side by side, but the tests of a file in one process: they share what they prepare. Bytecode is kept
# in any case: one process of the tests compiles them, and the others read that.
pytest := pytest --numprocesses=logical --maxprocesses=4 --dist=loadfile --no-loadscope-reorder
of_library := --ignore=tests/runs --ignore=tests/setup
thorough := $(if $(filter-out 0,$(THOROUGH)),--thorough)
test test-times test-versions test-lowest: export PYTHONDONTWRITEBYTECODE :=
test test-times: $(VENV)/dev
	$(RUN) $(pytest) $(thorough) $(if $(filter test-times,$@),--durations=30)

# Which small changes of the library the unit tests notice; those that survive are listed. A run that
# was ended goes on.
test-mutants: $(VENV)/dev
	$(RUN) mutmut run
	$(RUN) mutmut results

sentences: $(VENV)/dev
	$(RUN) pytest --quiet tests/report/test_sentences.py --update-sentences

test-report: $(VENV)/dev chromium
	$(RUN) pytest tests/browser $(thorough)

# What is missing is installed as root on Debian.
apt_install = apt-get --quiet --quiet update && \
	DEBIAN_FRONTEND=noninteractive apt-get --quiet --quiet install --yes --no-install-recommends

node:
	command -v node && command -v npm || { $(apt_install) nodejs npm; }

# With Chinese glyphs, which the page on which networks train is tested with.
chromium:
	command -v chromium && command -v chromedriver && fc-list :lang=zh | grep --quiet . || \
	{ $(apt_install) chromium chromium-driver fontconfig fonts-noto-cjk; }

buildah:
	command -v buildah && command -v mmdebstrap && test -x /usr/lib/podman/netavark || { \
	$(apt_install) buildah mmdebstrap netavark; }

# This installs and starts a Slurm, so it needs root and Debian.
test-cluster: $(VENV)/dev $(VENV)/cluster
	$(RUN) pytest tests/cluster $(thorough)

rsync:
	command -v rsync || { $(apt_install) rsync; }

test-storage: $(VENV)/dev rsync
	$(RUN) pytest tests/storage $(thorough)

# The tables must agree to 1e-10. The library is installed from an index. OTHER is the second interpreter.
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

# Of what pyproject.toml names; of what these need, the newest, of which old versions may warn.
# TensorFlow stays out.
LOWEST := $(VENV)-lowest
LOOK := --configfile config.yaml config/quick.yaml --replace-workflow-config --directory $(LOWEST)/look
test-lowest: $(VENV)/dev
	rm -rf $(LOWEST)
	$(RUN) uv venv --quiet --python $(BIN)/python $(LOWEST)
	$(RUN) uv pip install --quiet --python $(LOWEST)/bin/python --resolution lowest-direct -r pyproject.toml $(patsubst %,--extra %,workflow excel storage dev)
	cd $(LOWEST)/lib/python*/site-packages && echo ../../../../src >backprop.pth
	$(LOWEST)/bin/python -m $(pytest) $(of_library) --ignore=tests/workflow -W default
	$(LOWEST)/bin/python -m snakemake --cores $(call quoted,CORES) $(LOOK) --config 'models=[logistic, softmax, scratch]'
	$(LOWEST)/bin/python -m snakemake $(LOOK) --config 'models=[logistic, softmax, scratch]' --report report.html

# The documents of the sources, the packages and a run, to attach to a release.
CYCLONEDX := cyclonedx-bom==7.5.0
release: $(VENV)/dev
	$(BIN)/python .ci/release.py $(call quoted,TAG)
	rm -rf release
	$(RUN) uv build --quiet --out-dir release
	$(RUN) uv tool run --quiet --from $(CYCLONEDX) cyclonedx-py requirements --output-file release/sbom.json requirements/tensorflow.txt
	@$(MAKE) --no-print-directory run FOLDER=release/run
	@$(MAKE) --no-print-directory archive FOLDER=release/run OUTPUT=release/default-run.zip

lint: $(VENV)/dev
	$(RUN) ruff check
	$(RUN) ruff format --check
	$(RUN) snakefmt --check Snakefile workflow
	$(RUN) mypy
	$(BIN)/python $(BIN)/lint-imports
	$(RUN) snakemake --lint
	! git grep --line-number --extended-regexp '^([<>]{7}) ' # of a merge

# The lock names no registry, so any mirror can be used.
test-page: node
	npm --prefix page ci --silent
	npm --prefix page run --silent lint
	npm --prefix page test --silent

page: node
	npm --prefix page run --silent build

# The page of the report is in it after `make run`, the pages on which networks train after `make live`. Warnings are errors. Nothing is fetched from the
# network while it is built, or when it is read: the script that draws diagrams comes from the lock.
MERMAID := docs/node_modules/@mermaid-js/tiny/dist/mermaid.tiny.js
site: $(VENV)/docs $(MERMAID)
	rm -rf site
	$(RUN) sphinx --quiet --fresh-env --nitpicky --fail-on-warning --keep-going -c docs -d $(VENV)/doctrees . site
	@printf 'The documentation: %s\n' "$$PWD/site/index.html"

$(MERMAID): docs/package-lock.json | node
	npm --prefix docs ci --silent --omit=dev

# Measure several ways to train a network, then the whole workflow.
benchmark: $(VENV)/dev
	$(BIN)/python benchmarks/compare.py
	$(BIN)/python benchmarks/workflow.py

# Each block between markers in the README and docs/*.md is replaced.
readme: run $(VENV)/dev
	$(BIN)/python docs/update_readme.py
	$(BIN)/python docs/rerun_table.py --write

gallery: run $(VENV)/dev chromium
	@$(MAKE) --no-print-directory run CONFIG=config/gallery.yaml FOLDER=gallery
	$(BIN)/python docs/draw_gallery.py
	$(BIN)/python docs/draw_live.py

# The lock names no package index, so any mirror can be used.
lock: $(VENV)/dev
	cd requirements && \
	../$(RUN) uv pip compile $(LOCK) --extra workflow --extra dev --extra tensorflow --extra excel --extra storage --extra docs ../pyproject.toml -o dev.txt && \
	../$(RUN) uv pip compile $(LOCK) -c dev.txt --extra workflow ../pyproject.toml -o run.txt && \
	../$(RUN) uv pip compile $(LOCK) -c dev.txt --extra workflow --extra tensorflow ../pyproject.toml -o tensorflow.txt && \
	../$(RUN) uv pip compile $(LOCK) -c dev.txt --extra workflow --extra excel ../pyproject.toml -o excel.txt && \
	../$(RUN) uv pip compile $(LOCK) -c dev.txt --extra workflow --extra storage ../pyproject.toml -o storage.txt && \
	../$(RUN) uv pip compile $(LOCK) -c dev.txt --extra workflow --extra plot --extra docs ../pyproject.toml -o docs.txt && \
	../$(RUN) uv pip compile $(LOCK) -c dev.txt --extra workflow --extra cluster ../pyproject.toml -o cluster.txt
	$(BIN)/python requirements/conda.py >workflow/envs/backprop.yaml
LOCK := --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url

# What people put into results, or changed there, stays, and is named.
clean:
	rm -f $(call path,FOLDER)/results/report.html $(call path,FOLDER)/results/report.zip
	root="$$PWD"; cd $(call path,FOLDER) && PYTHONPATH="$$root/src" $(PYTHON) -B -c 'from backprop.workflow.records.job_records import remove_all; remove_all()'

# These files mark an environment as complete.
$(VENV)/run: requirements/run.txt $(VENV)/place
	$(call install,$<,everything but TensorFlow: fetches up to 0.2 GB$(,) 0.8 GB when installed)

# Everything of `run`, and TensorFlow.
$(VENV)/tensorflow: requirements/tensorflow.txt $(VENV)/place
	$(call install,$<,TensorFlow: fetches up to 0.6 GB$(,) 2.1 GB when installed)
	@touch $(VENV)/run

# Everything of `run`, and what reads Excel workbooks.
$(VENV)/excel: requirements/excel.txt $(VENV)/place
	$(call install,$<,what reads Excel workbooks: fetches up to 0.001 GB$(,) 0.002 GB when installed)
	@touch $(VENV)/run

# Everything of `run`, and what builds the documentation.
$(VENV)/docs: requirements/docs.txt $(VENV)/place
	$(call install,$<,what builds the documentation: fetches up to 0.2 GB$(,) 0.9 GB when installed)
	@touch $(VENV)/run

# Everything of `tensorflow`, `excel`, `storage` and `docs`, and the tools of development.
$(VENV)/dev: requirements/dev.txt $(VENV)/place
	$(call install,$<,everything$(,) and the tools of development: fetches up to 0.9 GB$(,) 3.4 GB when installed)
	@touch $(VENV)/run $(VENV)/tensorflow $(VENV)/excel $(VENV)/storage $(VENV)/docs

# Everything of `run`, and the executor plugins that the cluster profiles need.
$(VENV)/cluster: requirements/cluster.txt $(VENV)/place
	$(call install,$<,everything for a cluster: fetches up to 0.2 GB$(,) 0.8 GB when installed)
	@touch $(VENV)/run
	$(add_needed)

# Everything of `run`, and the storage plugin of the profile of that name, which runs rsync.
$(VENV)/storage: requirements/storage.txt $(VENV)/place
	$(call install,$<,everything for a storage: fetches up to 0.2 GB$(,) 0.8 GB when installed)
	@touch $(VENV)/run
	$(add_needed)

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

.PHONY: stale
stale:

# pip shows its progress on a terminal. `snakemake` is replaced by one that can be moved, see RUN.
define install
@echo 'Set up $(VENV) with $(2).'
@quiet=--quiet; ! test -t 1 || quiet=; \
$(RUN) pip install $$quiet --disable-pip-version-check --require-hashes -r $(1) || { \
echo 'error: the set-up of $(VENV) failed, see above; it needs a network and a package index, as pip is set up for. \
`make` again goes on where it ended' >&2; exit 1; }
@printf '#!/bin/sh\nexec "$${0%%/*}/python" -m snakemake "$$@"\n' >$(BIN)/snakemake
@touch $@
endef

# Some models and tables need packages of their own, which have a lock. The config is in the variable
# CONFIG, or an archive with one in the variable that is the argument.
define add_needed
+@test ! -e $(BIN)/python || for package in $$(PYTHONPATH=src $(BIN)/python requirements/needed.py $(call path,$(or $(1),CONFIG))); do \
$(MAKE) --no-print-directory $(VENV)/$$package || exit; done
endef

, := ,
