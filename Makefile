# The verbs of this repository; "make help" lists them.
PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --quiet --disable-pip-version-check install --require-hashes
PYTEST := $(PY) -m pytest -n 2 --dist worksteal
# The tests of what decides who may do what, and when; their coverage is judged.
RULES := $(addprefix tests/,articles/test_permissions.py articles/test_side_by_side.py \
	articles/test_workflow.py articles/test_workflow_rights.py articles/test_admin_form.py \
	articles/test_admin_form_seen.py comments/test_by_reader.py comments/test_captcha.py \
	comments/test_claims.py comments/test_closing.py comments/test_forms.py \
	comments/test_likes.py comments/test_moderation.py comments/test_redacting.py \
	comments/test_reports.py comments/test_side_by_side.py comments/test_threads.py \
	comments/test_undo.py)
# What no database decides is asked once; in the browser on PostgreSQL only by test-long.
ONCE := $(addprefix --ignore=tests/,test_repository.py bench test_admin_rights.py \
	test_only_vietnamese.py articles/test_admin_addresses.py articles/test_admin_old_encodings.py \
	articles/test_highlight.py articles/test_import_lines.py articles/test_media.py \
	articles/test_pages_preview.py articles/test_search_typed.py articles/test_spotting.py \
	articles/test_typography.py comments/test_sound.py newsroom/test_server.py \
	newsroom/test_static_files.py newsroom/test_formats.py newsroom/test_messages.py \
	newsroom/test_old_encodings.py \
	newsroom/test_rich_text.py newsroom/test_vietnamese.py newsroom/test_vietnamese_golden.py \
	newsroom/test_vietnamese_syllables.py page_cache/test_isolation.py newsroom/test_log_page.py \
	$(addprefix security/test_r,01_nothing_a_writer_types_runs.py 03_policy.py 06_hosts.py \
	11_every_verb.py 11_rights_matrix.py 11_side_doors.py 13_forged_fields.py \
	21_pictures_are_made_anew.py \
	22_uploads_cannot_run.py 31_time_is_linear.py 33_logs_hold_no_person.py 37_safe_start.py \
	38_locked_supply.py))
# Pages and lists, which read either database by the same queries: on PostgreSQL by test-long.
LATER := $(addprefix tests/,articles/test_leaks.py articles/test_admin_clusters.py \
	articles/test_admin_doubles.py articles/test_admin_form.py articles/test_admin_form_seen.py \
	articles/test_admin_lists.py articles/test_admin_merge.py articles/test_admin_places.py \
	articles/test_feeds.py articles/test_pages_article.py comments/test_admin_many.py \
	comments/test_article_page.py comments/test_attacks_by_markup.py comments/test_consent.py \
	comments/test_ticket_page.py comments/test_views.py comments/test_words_admin.py \
	newsroom/test_password_again.py newsroom/test_second_factor.py \
	articles/test_demo.py articles/test_pages_clusters.py articles/test_pages_front.py \
	articles/test_pages_lists.py articles/test_pages_places.py articles/test_pages_visitors.py \
	comments/test_admin.py comments/test_admin_decision.py newsroom/test_admin_lists.py \
	page_cache/test_every_change.py security/test_r15_looking_writes_nothing.py \
	test_lists_cost.py)
# With their extras: else pip calls "coverage[toml]" unpinned as soon as a newer one is out.
LOCK := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
	--no-annotate --no-strip-extras --python-version 3.11
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run install dev test test-long test-security lint bench bench-large bench-compare \
	bench-memory bench-search lock messages backup drill restore upgrade sbom clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' Makefile

run: $(VENV)/runtime.stamp ## set up what is missing and serve the site; Ctrl-C ends it
	@exec $(PY) -m newsroom.start

install: $(VENV)/runtime.stamp ## only set up what a server needs that a supervisor starts

dev: $(VENV)/runtime.stamp ## serve with DEBUG=1 and reload on every change
	@DEBUG=1 $(PY) manage.py migrate --verbosity 0
	@exec env DEBUG=1 $(PY) manage.py runserver

# A run that fails ends the whole, so that pytest's last words are always true.
test: $(VENV)/test.stamp ## lints and all tests, on SQLite and on PostgreSQL
	@TEST_DB=sqlite $(PYTEST)
	@TEST_DB=postgres $(PYTEST) -m "not long and not browser" $(ONCE) $(LATER:%=--ignore=%)

# Measuring coverage nearly doubles what a test costs, so it is done here and for RULES alone.
test-long: $(VENV)/test.stamp ## the long versions of the tests, on both, and the coverage of the rules
	@TEST_DB=sqlite $(PYTEST) $(RULES) --cov
	@TEST_DB=sqlite $(PYTEST) -m long
	@TEST_DB=postgres $(PYTEST) -m "long or browser" $(ONCE)
	@TEST_DB=postgres $(PYTEST) $(LATER)

test-security: $(VENV)/test.stamp ## the promises about safety on both databases, and what was measured; over an hour
	@$(PY) -m tests.security

lint: $(VENV)/test.stamp ## only style, import contracts, migrations and translations
	@$(PY) -m pytest -q tests/test_repository.py

# What is not said on the command line has the default of "python -m tests.bench --help".
MEASURED = $(if $(ENGINE),--engine $(ENGINE)) $(if $(ARTICLES),--articles $(ARTICLES)) \
	$(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(WRITES),--writes $(WRITES)) \
	$(if $(ONLY),--only "$(ONLY)")
bench: $(VENV)/test.stamp ## how fast the pages are; ENGINE=postgresql ARTICLES= ROUNDS= WRITES=50 ONLY=hot
	@$(PY) -m tests.bench $(MEASURED)

bench-large: $(VENV)/test.stamp ## the same with 1,000,000 articles, and 100,000 on SQLite; 25 GB in var/bench (root: or /var/lib), an hour
	@$(PY) -m tests.bench --engine sqlite --articles 100000
	@$(PY) -m tests.bench --engine postgresql --articles 1000000

bench-compare: $(VENV)/test.stamp ## what moved since OLD=var/bench/….json; NEW= is the latest run
	@test -n "$(OLD)" || { echo "Name an older run: make bench-compare OLD=var/bench/….json"; exit 1; }
	@$(PY) -m tests.bench.comparing "$(OLD)" $(if $(NEW),"$(NEW)")

bench-memory: $(VENV)/test.stamp ## how much memory the workers take, for MINUTES of mixed load
	@$(PY) -m tests.bench --memory $(or $(MINUTES),30) $(MEASURED)

bench-search: $(VENV)/test.stamp ## how good and fast the search is; SIZES=2000,20000; needs SAMPLE_DATA_DIR
	@$(PY) -m tests.bench.search --sizes $(or $(SIZES),2000)

lock: ## write the locks anew from pyproject.toml; needs uv
	@command -v uv >/dev/null || { echo "make lock needs uv (docs.astral.sh/uv)."; exit 1; }
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) --extra test pyproject.toml -o requirements-test.txt

messages: $(VENV)/test.stamp ## collect what is to be translated, compile; MERGE=… more .po files
	@DEBUG=1 $(PY) manage.py messages $(if $(MERGE),--merge $(MERGE))

backup: $(VENV)/runtime.stamp ## copy database and media: the next of a row, or into a new folder DIR=…
	@$(PY) -m newsroom.start backup $(if $(DIR),"$(DIR)")

drill: $(VENV)/runtime.stamp ## try the newest backup, or DIR=…, in an empty place elsewhere
	@$(PY) -m newsroom.start drill $(if $(DIR),"$(DIR)")

restore: $(VENV)/runtime.stamp ## make restore DIR=… : put a backup back into an empty site
	@test -n "$(DIR)" || { echo "Name the folder of a backup: make restore DIR=…"; exit 1; }
	@$(PY) -m newsroom.start restore "$(DIR)"

upgrade: $(VENV)/runtime.stamp ## after "git pull", the site stopped: back up, migrate, check, else put back
	@$(PY) -m newsroom.start upgrade $(if $(BACK),--back "$(BACK)")

sbom: $(VENV)/test.stamp ## what the newsroom is made of, as CycloneDX JSON: var/sbom.json
	@mkdir -p var && $(PY) -m newsroom.sbom > var/sbom.json && echo "var/sbom.json"

clean: ## remove what can be made again; never the data in var/
	rm -rf $(VENV) var/static .pytest_cache .ruff_cache .hypothesis .import_linter_cache \
		.coverage* htmlcov
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@command -v $(PYTHON) >/dev/null || \
		{ echo "$(PYTHON) is not installed: apt install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) cannot make a virtual environment: apt install python3-venv"; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)

# One dependency comes as source only: setuptools goes in first, from the lock, and builds it.
define install
	@echo "Installing $(1) …"
	@awk '/^setuptools==/ {found = 1} found {print} found && !/\\$$/ {exit}' $(1) > $(VENV)/build.txt
	@$(PIP) -r $(VENV)/build.txt
	@$(PIP) --no-build-isolation --use-pep517 -r $(1)
	@touch $@
endef

$(VENV)/runtime.stamp: requirements.txt | $(PY)
	$(call install,requirements.txt)

$(VENV)/test.stamp: requirements-test.txt | $(PY)
	$(call install,requirements-test.txt)
	@touch $(VENV)/runtime.stamp
