# `make book` and `make test` need python3 with pip and venv; they install the rest into .venv.
PYTHON ?= python3
# Some images forbid it to keep bytecode; the tests start Python often.
unexport PYTHONDONTWRITEBYTECODE
JOBS ?= 2

VENV := .venv
BIN := $(VENV)/bin
PINS := requirements.txt requirements.lock pyproject.toml
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Each stamp is younger than the files that say what is installed, or the installation is repeated.
FOR_BOOK := $(VENV)/installed-for-book
FOR_TEST := $(VENV)/installed-for-test
# The peers have an environment of their own: the book and its tests need none of them.
PEERS := .venv-peers
FOR_PEERS := $(PEERS)/installed

.PHONY: help book pdf test notebooks mutations fuzz peers bench lock editor clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

book: $(FOR_BOOK) ## install what is needed and build the pages into _build/html
	$(BIN)/python -m book.build

pdf: $(FOR_TEST) ## build the pages and print them as one PDF, which takes a few minutes
	$(BIN)/python -m book.chromium --install
	$(BIN)/python -m book.build
	$(BIN)/python -m book.pdf

test: $(FOR_TEST) ## install what is needed and run every check
	$(BIN)/python -m book.chromium --install
	-$(BIN)/python -m book.live
	$(BIN)/ruff check .
	$(BIN)/python -m pytest --numprocesses $(JOBS) --nbval tests chapters

notebooks: $(FOR_BOOK) ## execute every chapter again and store its outputs
	$(BIN)/python -m book.notebooks chapters/*.ipynb

mutations: $(FOR_TEST) ## change one thing at a time in each formula; the tests must see it
	$(BIN)/python -m tests.mutations

fuzz: $(FOR_TEST) ## put 100,000 random and malicious texts to what reads equations
	$(BIN)/python -m tests.fuzz --count 100000

peers: $(FOR_PEERS) ## compare the gradients with PyTorch, JAX and scikit-learn, which it installs
	$(PEERS)/bin/python -m pytest --confcutdir=tests/peers tests/peers/live.py

bench: $(FOR_PEERS) $(FOR_BOOK) ## measure beside the peers, about ten minutes on a quiet machine
	$(PEERS)/bin/python -m benchmarks gradient training jacobians cluster
	$(BIN)/python -m benchmarks house
	$(PEERS)/bin/python -m benchmarks.report

# With the oldest Python that is supported, Debian 12's 3.11.2: some releases need a later one.
lock: ## write the versions that requirements*.txt resolve to into requirements.lock
	$(PYTHON) -m venv --clear _build/lock
	sed '/^-/d' requirements.txt requirements-test.txt > _build/lock/direct.txt
	_build/lock/bin/python -m pip install --quiet --upgrade setuptools --requirement _build/lock/direct.txt
	sed -n '/^#/p' requirements.lock > _build/lock/new.txt
	_build/lock/bin/python -m pip freeze --all --exclude pip >> _build/lock/new.txt
	cp _build/lock/new.txt requirements.lock

# The bundle is committed, so that only who changes it needs npm.
editor: ## bundle the pages' code editor from its pinned npm packages
	cd book/editor && npm ci --ignore-scripts --no-audit --no-fund && npm run build
	cd book/editor/node_modules && for licence in [!e]*/LICENSE @codemirror/*/LICENSE @lezer/*/LICENSE @marijn/*/LICENSE; do \
	  echo "$${licence%/LICENSE}"; echo; cat "$$licence"; echo; done > ../../../_static/live/editor_licenses.txt

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

$(FOR_PEERS): requirements-peers.txt requirements.lock pyproject.toml
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement requirements-peers.txt
	touch $@
