# Two commands matter: `make run` and `make test`. Both need only Python ≥ 3.11 and make.
# `make run CONTACT_EMAIL=you@example.org` also visits pages; make puts it into the environment.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
VAR_DIR ?= var
# One process of tests more than processors: tests of whole installations and browsers often wait.
PROCESSES ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
# 0: in the process that is started, without another that only gives out the tests.
FEW = $(shell $(PYTHON) -c 'import os; few = ((os.cpu_count() or 1) + 1) // 2; print(few if few > 1 else 0)')
# Python compiles the modules that are used. Compiling all takes twenty seconds more.
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet

.PHONY: run test test-sqlite test-services drills replay containers check format messages lock styleguide browser clean

# Tests start dozens of Python processes: each would compile all modules anew without this.
unexport PYTHONDONTWRITEBYTECODE

run: $(VENV)/.run $(VAR_DIR)/static/staticfiles.json
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py load_catalog --release
	@PORT=$(PORT) exec $(BIN)/python -m config.supervise

# Django collects all static files again each time, and compresses them, which takes seconds.
$(VAR_DIR)/static/staticfiles.json: $(VENV)/.run $(shell find static)
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0

# The suite runs on SQLite, and meanwhile tests marked "database", whose queries could mean something
# else there, run on PostgreSQL and Redis too: both wait at times, for servers that start or restart.
# The second run is a small part of the first: with fewer processes, which give way to the others,
# it fills the gaps of the first. What it prints comes at the end.
test: $(VENV)/.dev
	@log=$$(mktemp); nice -n 5 $(MAKE) test-services PROCESSES=$(FEW) >$$log 2>&1 & services=$$!; \
	trap "kill $$services 2>/dev/null; rm -f $$log" EXIT; trap "exit 130" INT TERM; \
	$(MAKE) test-sqlite; failed=$$?; \
	wait $$services || failed=1; cat $$log; exit $$failed

test-sqlite: $(VENV)/.dev
	$(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist loadgroup

test-services: $(VENV)/.dev
	$(BIN)/python -m tests.services $(BIN)/python -m pytest -m database --numprocesses $(PROCESSES) --dist loadgroup

# Before a release: every case of every sweep (tests/sweeps.py) on both databases, the tests marked
# "drill", which take minutes, thousands of drawn platforms, and questions asked on every surface.
drills: $(VENV)/.dev
	DRILLS=1 $(BIN)/python -m pytest -m "not drill" --numprocesses $(PROCESSES) --dist loadgroup
	DRILLS=1 $(BIN)/python -m tests.services $(BIN)/python -m pytest -m "not drill" --numprocesses $(PROCESSES) --dist loadgroup
	DRILLS=1 $(BIN)/python -m tests.services $(BIN)/python -m pytest -m "drill and database"
	DRILLS=1 $(BIN)/python -m pytest -m drill
	PLATFORMS_DRAWN=5000 $(BIN)/python -m pytest tests/consent/ledger/test_verdict_properties.py tests/consent/ledger/test_figures.py
	$(BIN)/python -m benchmarks.same_answers

# Visit three months of real page histories; skipped without the mirrors in OTA_MIRRORS.
replay: $(VENV)/.dev
	$(BIN)/python -m benchmarks.replay --mirrors "$(OTA_MIRRORS)" --pages 10 --months 3 --check

# Build the image and run docker-compose.yml without a container engine (tests/containers). As root.
containers: $(VENV)/.dev
	$(BIN)/python -m tests.containers

check: $(VENV)/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m benchmarks.house
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check_catalog --errors-only
	DATABASE_URL=postgres://unused/unused SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
		ALLOWED_HOSTS=example.org SITE_URL=https://example.org \
		CONTACT_EMAIL=desk@example.org SITE_OWNER=Example TRUSTED_PROXIES=1 \
		$(BIN)/python manage.py check --deploy --tag security --fail-level WARNING

format: $(VENV)/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# Update the translations from the texts in the code, list what lacks one, and compile them.
messages: $(VENV)/.dev
	$(BIN)/python -m config.translations

# Turn each requirements*.in into a fully pinned file with hashes.
lock: $(VENV)/.dev
	for name in requirements requirements-dev requirements-uv requirements-browser requirements-s3 requirements-webhooks requirements-sentry; do \
		$(LOCK) $$name.in --output-file $$name.txt || exit 1; done

# Every part of the pages in every state, at http://127.0.0.1:$(PORT)/styleguide.
styleguide: $(VENV)/.dev
	@$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python -m tests.styleguide $(PORT)

browser: $(VENV)/.run requirements-browser.txt
	$(BIN)/pip install --quiet --require-hashes --requirement requirements-browser.txt

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 run"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt | $(BIN)/python
	$(INSTALL) --requirement requirements.txt
	@touch $@

# uv installs in six seconds what takes pip fifty. pip does it where only its own settings name the
# package index.
$(VENV)/.dev: requirements.txt requirements-dev.txt requirements-uv.txt | $(BIN)/python
	$(INSTALL) --requirement requirements-uv.txt
	$(BIN)/uv pip install --quiet --system-certs --python $(BIN)/python --require-hashes $(^:%=--requirement %) \
		|| { echo "uv could not; pip installs instead"; $(INSTALL) $(^:%=--requirement %); }
	@touch $(VENV)/.run $@

clean:
	rm -rf $(VENV) $(VAR_DIR)
