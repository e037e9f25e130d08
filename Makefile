# `make book` and `make test` need python3 with pip and venv, and nothing else.
PYTHON ?= python3
JOBS ?= 2

VENV := .venv
BIN := $(VENV)/bin
PINS := requirements.txt requirements.lock pyproject.toml
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Each stamp is younger than the files that say what is installed, or the installation is repeated.
FOR_BOOK := $(VENV)/installed-for-book
FOR_TEST := $(VENV)/installed-for-test

.PHONY: help book test notebooks mutations lock clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

book: $(FOR_BOOK) ## install what is needed and build the pages into _build/html
	$(BIN)/python -m book.build

test: $(FOR_TEST) ## install what is needed and run every check
	$(BIN)/python -m book.chromium --install
	$(BIN)/ruff check .
	$(BIN)/python -m pytest --numprocesses $(JOBS) --dist loadfile --nbval tests chapters

notebooks: $(FOR_BOOK) ## execute every chapter again and store its outputs
	$(BIN)/python -m book.notebooks chapters/*.ipynb

mutations: $(FOR_TEST) ## change one thing at a time in each formula; the tests must see it
	$(BIN)/python -m tests.mutations

lock: ## write the versions that requirements*.txt resolve to into requirements.lock
	$(PYTHON) -m venv --clear _build/lock
	sed '/^-/d' requirements.txt requirements-test.txt > _build/lock/direct.txt
	_build/lock/bin/python -m pip install --quiet --upgrade setuptools --requirement _build/lock/direct.txt
	sed -n '/^#/p' requirements.lock > _build/lock/new.txt
	_build/lock/bin/python -m pip freeze --all --exclude pip >> _build/lock/new.txt
	cp _build/lock/new.txt requirements.lock

clean: ## remove the pages and the tools' caches
	rm -rf _build .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(FOR_BOOK): $(PINS)
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --requirement requirements.txt
	touch $@

$(FOR_TEST): $(PINS) requirements-test.txt
	$(PYTHON) -m venv $(VENV)
	$(INSTALL) --requirement requirements-test.txt
	touch $(FOR_BOOK) $@
