# Two commands matter: `make run` and `make test`. Both make whatever they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCE ?=

.DEFAULT_GOAL := help
.PHONY: help install networks page run test lint truth soak

help:
	@echo "make run [SOURCE=rtsp://… | file | 0]   start hallwatch and watch"
	@echo "make test                               run every test"
	@echo "make soak [MINUTES=30]                  watch live cameras for long; what grows is a failure"
	@echo "make truth                              render scenes with exact truth into truth/"
	@echo "make install                            only make the environment (.venv)"

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

install: $(VENV)/installed

networks: install
	$(BIN)/hallwatch models pull

PAGE_SOURCES := $(shell find api/web/src api/web/public api/web/*.html api/web/*.json api/web/*.ts -type f 2>/dev/null)

api/web/dist/index.html: $(PAGE_SOURCES)
	cd api/web && npm ci --no-audit --no-fund --loglevel=error && npm run build
	@touch $@

page: api/web/dist/index.html

run: install networks page
	$(BIN)/hallwatch up $(if $(SOURCE),--source '$(SOURCE)')

# Renders the big set (resumable; an hour or two on two cores).
truth: install
	$(BIN)/hallwatch datasets truth --out truth

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

test: install networks page
	cd api/web && npm test
	$(BIN)/pytest

# Two RTSP cameras and a webcam-like one; figures and their picture go to var/soak.
MINUTES ?= 30
soak: install networks page
	HALLWATCH_SOAK_MINUTES=$(MINUTES) HALLWATCH_SOAK_OUT=var/soak $(BIN)/pytest -s tests/soak
