.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

.venv/.video: requirements/video.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "triviareel needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	@echo "Setting up .venv (once; about a minute) …" >&2
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/video.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.video requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

video: .venv/.video  ## make one real video and print where it is
	@$(BIN)/triviareel make

test: .venv/.dev  ## run every test that needs no root and no Docker engine
	@$(BIN)/python -m pytest

soak: .venv/.dev  ## kill, freeze and race workers for some 20 minutes, on the tests' own Cloud Storage
	@$(BIN)/python -m pytest --soak -o faulthandler_timeout=0 tests/e2e/test_kills.py tests/e2e/test_freezes.py tests/e2e/test_races.py tests/e2e/test_mutations.py

.venv-legacy/.legacy: requirements/gemini-legacy.txt pyproject.toml
	@test -x .venv-legacy/bin/python || $(PYTHON) -m venv .venv-legacy
	@# --no-deps: the file names all of them, and pip's resolver stumbles over google-api-core[grpc] beside hashes.
	@.venv-legacy/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/gemini-legacy.txt
	@.venv-legacy/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

test-legacy: .venv-legacy/.legacy  ## run the fault table on google-generativeai, in its own .venv
	@.venv-legacy/bin/python -W ignore::FutureWarning -m pytest -W ignore::FutureWarning tests/contract/test_gemini_sdks.py

lint: .venv/.dev  ## style, types and import rules
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

.venv-infra/.infra: requirements/infra.txt requirements/infra-hcl.txt
	@test -x .venv-infra/bin/python || $(PYTHON) -m venv .venv-infra
	@.venv-infra/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/infra.txt
	@# python-hcl2 and the fork that checkov brings are both called hcl2, so this one has a folder of its own.
	@.venv-infra/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --upgrade --target .venv-infra/hcl -r requirements/infra-hcl.txt
	@touch $@

lint-infra: .venv-infra/.infra  ## check the images' files, parse and scan the Terraform files, in their own .venv
	@.venv-infra/bin/hadolint images/worker/Dockerfile images/render/Dockerfile
	@.venv-infra/bin/shellcheck .ci/run .ci/engine images/render/move_ffmpeg.sh
	@.venv-infra/bin/checkov --directory infra --framework terraform --skip-download --soft-fail --output json > .venv-infra/checkov.json
	@PYTHONPATH=.venv-infra/hcl .venv-infra/bin/python tools/check_infra.py infra .venv-infra/checkov.json
	@if command -v terraform >/dev/null; then TF_CLI_CONFIG_FILE= terraform fmt -check infra; fi

.venv-bench/.bench: requirements/bench.txt pyproject.toml
	@echo "Setting up .venv-bench (once; about a minute) …" >&2
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

bench: .venv-bench/.bench  ## measure speed, memory and quality; writes benchmarks/RESULTS.md (15 minutes, idle machine)
	@.venv-bench/bin/python -m benchmarks

DOCKER ?= docker
LOCAL := registry.example/triviareel
VERSION = $(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
REVISION = $(shell git describe --always --dirty --abbrev=40 2>/dev/null || echo unknown)

images:  ## build both images; BUILD_OPTIONS="--build-arg BASE=…" for another base
	@# Vertex AI's machines are amd64, whatever this one is.
	@set -e; for image in worker render; do DOCKER_BUILDKIT=1 $(DOCKER) build --platform linux/amd64 $(BUILD_OPTIONS) \
	  --build-arg VERSION=$(VERSION) --build-arg REVISION=$(REVISION) \
	  --file images/$$image/Dockerfile --tag $(LOCAL)/$$image:$(VERSION) .; done

push:  ## push both images to REGISTRY=… and write their digests into images/lock.toml
	@test -n "$(REGISTRY)" || { echo "make push: say where to: make push REGISTRY=europe-west4-docker.pkg.dev/my-project/triviareel" >&2; exit 2; }
	@set -e; for image in worker render; do \
	  $(DOCKER) tag $(LOCAL)/$$image:$(VERSION) $(REGISTRY)/$$image:$(VERSION); $(DOCKER) push $(REGISTRY)/$$image:$(VERSION); done
	@$(DOCKER) inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' $(REGISTRY)/worker:$(VERSION) $(REGISTRY)/render:$(VERSION) \
	  | $(PYTHON) images/lock.py $(REGISTRY) $(VERSION)

test-images: .venv/.dev  ## build both images and run the pipeline in them (needs a Docker engine; 5 minutes)
	@$(BIN)/python -m pytest -rs tests/images

lock:  ## resolve the dependencies anew into requirements/*.txt (hashes, no index addresses)
	@test -x .venv-lock/bin/uv || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet uv==0.13.9; }
	@# dev holds all that may share an environment, so that every file with a part of it has the same versions.
	@set -e; compile=".venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --native-tls pyproject.toml"; same="-c requirements/dev.txt"; \
	  printf "hatchling\neditables\n" | $$compile - --extra dev -o requirements/dev.txt; \
	  printf "hatchling\neditables\n" | $$compile - --extra video $$same -o requirements/video.txt; \
	  $$compile --extra cards --extra gcp --extra gemini $$same -o requirements/worker.txt; \
	  $$compile --extra video --extra gcp $$same -o requirements/render.txt; \
	  printf "hatchling\nsetuptools\nwheel\npkgconfig\ncffi\n" | $${compile% *} - $$same -o requirements/build.txt; \
	  printf "hatchling\neditables\n" | $$compile - --extra bench --extra gcp --extra gemini $$same -o requirements/bench.txt; \
	  printf "hatchling\neditables\npytest\n" | $$compile - --extra gemini-legacy -o requirements/gemini-legacy.txt; \
	  printf "checkov\nhadolint-bin\nshellcheck-py\n" | $${compile% *} - -o requirements/infra.txt; printf "python-hcl2\n" | $${compile% *} - -o requirements/infra-hcl.txt

clean:  ## remove the environments and everything that was built
	rm -rf .venv .venv-bench .venv-infra .venv-legacy .venv-lock build out

.PHONY: help video test soak test-legacy bench lint lint-infra images push test-images lock clean
