# Everything starts here: `make help` lists what there is.

PYTHON ?= python3
# The command line and the environment come before .env.
PORT ?= $(or $(shell sed -n 's/^PORT=//p' .env 2>/dev/null),5000)

VENV := .venv
BIN := $(VENV)/bin
# honcho starts what the Procfile names: gunicorn and flask of this environment.
export PATH := $(CURDIR)/$(BIN):$(PATH)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard app/translations/*/LC_MESSAGES/messages.po))
STYLES := $(shell find app/static/css app/templates -name '*.css' -o -name '*.html')
DIST := app/static/dist/site.css
READY := $(VENV)/.installed instance/secret_key $(DIST) $(CATALOGUES)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run dev demo test lint format assets translations clean

help: ## List the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: $(READY) ## Set up everything and serve the site on http://127.0.0.1:5000
	@$(BIN)/flask db upgrade
	@echo "Serving on http://127.0.0.1:$(PORT) - Ctrl-C ends it."
	@$(BIN)/honcho start --env /dev/null --port $(PORT) web

dev: $(READY) ## Serve with the debugger and reload on change
	@FLASK_DEBUG=1 $(BIN)/flask db upgrade
	@$(BIN)/flask run --debug --port $(PORT)

demo: $(READY) ## Fill an empty database with a lively small town
	@$(BIN)/flask db upgrade
	@$(BIN)/flask demo

test: $(READY) $(VENV)/.tested lint ## Set up everything the tests need and run them
	@sh tests/install_chromium.sh
	@$(BIN)/python -m pytest --numprocesses auto --dist loadgroup $(ARGS)

lint: $(VENV)/.tested ## Check style
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .

format: $(VENV)/.tested ## Put every file in shape
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

assets: $(DIST) ## Build the style sheet and the icons
translations: $(CATALOGUES) ## Compile the catalogues

clean: ## Remove everything that was built (not instance/, which holds your data)
	rm -rf $(VENV) app/static/dist $(CATALOGUES)

$(VENV)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Microblog needs Python 3.11 or later.")'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv module is missing: apt-get install python3-venv"; exit 1; }
	@echo "Setting up a virtual environment; this takes a minute the first time."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.tested: tests/requirements.txt $(VENV)/.installed
	@$(BIN)/pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@

instance/secret_key: | $(VENV)/.installed
	@mkdir -p -m 700 instance
	@umask 077 && $(BIN)/python -c 'import secrets; print(secrets.token_hex(32))' > $@

$(DIST): $(STYLES) app/assets.py | $(VENV)/.installed instance/secret_key
	@$(BIN)/flask assets build

%.mo: %.po | $(VENV)/.installed
	@$(BIN)/pybabel -q compile -i $< -o $@
