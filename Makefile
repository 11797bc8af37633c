# `make` alone says what there is. What each target does is in scripts/.

.DEFAULT_GOAL := help
.PHONY: help run test audit lint bench shots lock
python := .venv/bin/python
export DB ?=
export ARGS ?=

help: ## List the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1: /p' Makefile

run: .venv/run ## Serve the site at http://127.0.0.1:8000/, with its worker (PORT=8100 for another port)
	@$(python) -m scripts.run

test: .venv/test ## Run every test, on SQLite and PostgreSQL where that can matter (DB=sqlite or DB=postgres for one; ARGS="-k word")
	@$(python) -m scripts.test

audit: .venv/test ## Run what is too long for each change and print a table (ARGS="looks kills" for some)
	@$(python) -m scripts.audit $(ARGS)

lint: .venv/lint ## Check format, style, types, templates, migrations and lock files
	@$(python) -m scripts.lint

bench: .venv/test ## Measure the site and print the figures
	@$(python) -m bench $(ARGS)

shots: .venv/test ## Make the pictures of README.md and docs/ anew
	@$(python) -m tests.e2e.shots

lock: .venv/lint ## Compile requirements/ from pyproject.toml (ARGS=--upgrade for newer versions)
	@$(python) -m scripts.lock $(ARGS)

.venv/bin/python:
	@sh scripts/make_venv.sh

# Each is empty and as new as what was last installed, so that a second call costs nothing.
.venv/run .venv/test .venv/lint: .venv/%: requirements/%.txt | .venv/bin/python
	@echo "Installing requirements/$*.txt into .venv"
	@$(python) -m pip install -qq --disable-pip-version-check --require-hashes -r $<
	@touch $@
