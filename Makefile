# `make help` lists what there is. Nothing has to be installed or edited before.
.DEFAULT_GOAL := help
.PHONY: help install demo demo-reset test test-some lint format bench soak lock

# for every Python from 3.11.0 on, since Debian's own 3.11.2 needs a package that 3.11.3 does not
COMPILE = .venv/bin/python -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links $(UPGRADE)

help: ## list the commands
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

install: ## install what the application itself needs, and run nothing
	@python3 scripts/install.py demo

demo: ## install what is missing and run the demo until Ctrl-C (PORT=8001 moves it)
	@python3 scripts/install.py demo
	@exec python3 scripts/demo.py

demo-reset: ## the same, with the demo's data deleted first
	@python3 scripts/install.py demo
	@exec python3 scripts/demo.py --reset

test: ## install what the tests need and run everything
	@python3 scripts/install.py test
	@exec python3 scripts/run_tests.py

test-some: ## run only some tests on PostgreSQL: make test-some ARGS="tests/grading -x" (or ARGS="--sqlite tests/grading")
	@python3 scripts/install.py test
	@exec python3 scripts/run_tests.py $(or $(ARGS),tests)

lint: ## run the linters, types, import layers and Django's checks
	@python3 scripts/install.py test
	@exec python3 scripts/run_tests.py --lint

format: ## put the code into the agreed layout
	@python3 scripts/install.py test
	@.venv/bin/python -m ruff check --quiet --fix --exit-zero .
	@.venv/bin/python -m ruff format .

bench: ## measure pages, many organisations, submitting and the PDF as ratios (ARGS="--rounds 50")
	@python3 scripts/install.py test
	@.venv/bin/python tests/benchmarks/bench.py $(ARGS)

soak: ## break a whole installation again and again for ten minutes, and count what was lost (nothing) or doubled
	@python3 scripts/install.py test
	@exec .venv/bin/python -m tests.faults.soak

lock: ## write requirements/*.txt anew from requirements/*.in, with hashes and no address (UPGRADE=--upgrade: newest)
	@python3 scripts/install.py demo
	@.venv/bin/python -m uv --version >/dev/null 2>&1 || .venv/bin/python -m pip install --quiet uv
	$(COMPILE) requirements/base.in -o requirements/base.txt
	$(COMPILE) --constraint requirements/base.txt requirements/test.in -o requirements/test.txt
