# Each target does all of its own set-up on a machine with Python 3.11 or newer.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

OLDEST := .venv-oldest

.PHONY: demo test oldest lint types conformance verify bench soak docs format clean

$(STAMP): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(STAMP)

demo: $(STAMP)          ## play the pack against the reference integration
	$(BIN)/badgateway demo

test: $(STAMP)          ## everything that needs nothing outside the clone
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup -m "not conformance"

oldest: $(STAMP)        ## the edge, webhooks and the smoke stories with the oldest versions that pyproject.toml allows
	test -x $(OLDEST)/bin/python || $(PYTHON) -m venv $(OLDEST)
	$(BIN)/python tests/oldest.py >$(OLDEST)/constraints.txt
	$(OLDEST)/bin/python -m pip install --quiet --disable-pip-version-check --constraint $(OLDEST)/constraints.txt \
		--editable '.[speed,demo,explore,attach,pytest]' 'pytest<9.2' pytest-timeout pytest-xdist
	$(OLDEST)/bin/python -m pytest -q -n 2 --dist loadgroup tests/server tests/webhooks
	$(OLDEST)/bin/badgateway demo --quiet --tag smoke

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

conformance: $(STAMP)   ## hold the simulated providers to what the real ones publish (needs ../shared/vendor)
	$(BIN)/python -m pytest -q -m conformance

verify: $(STAMP)        ## hold the reference and the simulated providers to pacts and OpenAPI documents
	$(BIN)/badgateway verify

bench: $(STAMP)         ## measure beside other stand-ins, as ratios within one run; QUICK=1 for a shorter one
	$(BIN)/python tests/bench/bench.py $(if $(QUICK),--quick)

soak: $(STAMP)          ## what is claimed, shown at length: some hours; writes its figures into tests/soak/README.md
	$(BIN)/python tests/soak/soak.py --write

docs: $(STAMP)          ## renew the pages of scenarios/, which are made of the stories
	$(BIN)/python -m badgateway.scenario.pages

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) $(OLDEST) dist build .badgateway
