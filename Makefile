# Everything starts here: `make help` lists what there is.

PYTHON ?= python3

VENV := .venv
BIN := $(VENV)/bin
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard app/translations/*/LC_MESSAGES/messages.po))
STYLES := $(shell find app/static/css app/templates -name '*.css' -o -name '*.html')
DIST := app/static/dist/site.css
# What `make test` leaves to `make check`.
CHECKED := -m "servers or thorough"
DATABASES := postgresql mariadb
READY := $(VENV)/.installed key $(DIST) $(CATALOGUES)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help key run dev demo test check drill lint format assets translations clean

help: ## List the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: $(READY) ## Set up everything and serve the site on http://127.0.0.1:5000
	@$(BIN)/python -m deploy.local start Procfile

dev: $(READY) ## Serve with the debugger and reload on change
	@FLASK_DEBUG=1 $(BIN)/python -m deploy.local start deploy/Procfile.dev

demo: $(READY) ## Fill an empty database with a lively small town
	@$(BIN)/flask db upgrade
	@$(BIN)/flask demo

test: $(READY) $(VENV)/.tested lint ## Set up everything the tests need and run them
	@sh tests/install_chromium.sh
	@status=0; \
	$(BIN)/python -m pytest --numprocesses 3 --dist loadgroup --ignore tests/servers -m "not thorough" $(ARGS) || status=$$?; \
	echo; echo "Not run here, since they take long or need servers (make check runs them):"; \
	$(BIN)/python -m pytest --collect-only --quiet $(CHECKED) || status=$$?; \
	echo "And on PostgreSQL and MariaDB, which make check starts, the tests that are marked database."; \
	exit $$status

check: $(READY) $(VENV)/.tested ## Run the tests that take long or need servers: installs and starts those
	@sh tests/install_chromium.sh
	@sh tests/servers/install.sh
	@status=0; \
	for database in $(DATABASES); do \
		echo "The tests that are marked database, on $$database:"; \
		$(BIN)/python -m pytest --numprocesses 3 --dist loadgroup -m database --database $$database $(ARGS) || status=$$?; echo; \
	done; \
	echo "The tests that take long or need servers:"; \
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(CHECKED) $(ARGS) || status=$$?; \
	exit $$status

drill: $(READY) $(VENV)/.tested ## Break everything once, for half an hour, and write docs/reliability.md (as root)
	@sh tests/servers/install.sh
	@command -v gcc >/dev/null || apt-get install -qq -y gcc libc6-dev >/dev/null
	@$(BIN)/python -m tests.servers.drill "$(ARGS)"

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

key: $(VENV)/.installed
	@$(BIN)/python -m deploy.local key

$(DIST): $(STYLES) app/assets.py | $(VENV)/.installed key
	@$(BIN)/flask assets build

%.mo: %.po | $(VENV)/.installed
	@$(BIN)/pybabel -q compile -i $< -o $@
