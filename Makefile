# One command each; `make` alone lists them. Everything is set up by the first target that needs it.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= $(or $(shell command -v python3.11),$(shell command -v python3))
UV := $(or $(shell command -v uv),$(CURDIR)/.venv/uv/bin/uv)
OP := .venv/operator/bin
RT := .venv/runtime/bin

# Rooms by the environment they run in; what is not named here runs in the operator's.
RUNTIME_CODE := $(wildcard operator/trimtab/compare operator/trimtab/data operator/trimtab/drift operator/trimtab/serving \
	operator/trimtab/training pipelines/trimtab_pipelines examples/*/*.py)
OPERATOR_CODE := $(filter-out operator/trimtab/__pycache__/ $(RUNTIME_CODE:%=%/) $(RUNTIME_CODE),$(wildcard operator/trimtab/*/ operator/trimtab/*.py))

.PHONY: help
help: ## list the commands
	@awk -F ':.*## ' '/^[a-z][a-z0-9-]*:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# ------------------------------------------------------------------ environments
# Packages are compiled once, where they are installed: many processes would else do it at their start.
.PHONY: setup
setup: .venv/operator/.ready .venv/runtime/.ready ## make both environments (skipped while the locks are unchanged)

.venv/operator/.ready: requirements/operator-test.lock pyproject.toml | $(UV)
	@$(call environment,operator)
.venv/runtime/.ready: requirements/runtime-test.lock pyproject.toml | $(UV)
	@$(call environment,runtime)

# What the benchmarks measure trimtab beside; numpy below 2, so trimtab itself is not in it.
.venv/peers/.ready: requirements/peers.lock | $(UV)
	@echo "setting up .venv/peers"
	test -x .venv/peers/bin/python || "$(UV)" venv --quiet --python "$(PYTHON)" .venv/peers
	"$(UV)" pip sync --quiet --require-hashes --python .venv/peers/bin/python requirements/peers.lock
	touch $@

# What `monitoring.data.detector` needs; numpy below 2 as well. The serving image has it in /opt/detector, if at all.
.venv/detector/.ready: requirements/detector.lock | $(UV)
	@echo "setting up .venv/detector"
	test -x .venv/detector/bin/python || "$(UV)" venv --quiet --python "$(PYTHON)" .venv/detector
	"$(UV)" pip sync --quiet --require-hashes --compile-bytecode --python .venv/detector/bin/python requirements/detector.lock
	echo "alibi-detect 0.11.4 is under the Apache licence 2.0; from 0.12 on it is not free for production (BSL 1.1)"
	touch $@

define environment
echo "setting up .venv/$(1)"
test -x .venv/$(1)/bin/python || "$(UV)" venv --quiet --python "$(PYTHON)" .venv/$(1)
"$(UV)" pip sync --quiet --require-hashes --compile-bytecode --python .venv/$(1)/bin/python requirements/$(1)-test.lock
"$(UV)" pip install --quiet --no-deps --python .venv/$(1)/bin/python --editable .
touch .venv/$(1)/.ready
endef

# uv comes from the package index where it is not on PATH.
$(CURDIR)/.venv/uv/bin/uv:
	@"$(PYTHON)" -m pip install --quiet --root-user-action=ignore --target .venv/uv uv || { "$(PYTHON)" -m venv .venv/uv && .venv/uv/bin/pip install --quiet uv; }

.PHONY: lock
lock: | $(UV) ## resolve requirements/*.in again into the locks
	@cd requirements
	rm -f *.lock
	compile() { "$(UV)" pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-emit-index-url "$$@"; }
	for place in sandbox runtime build peers detector; do compile $$place.in -o $$place.lock; done
	compile -c sandbox.lock operator.in -o operator.lock
	for image in trainer serving; do compile -c runtime.lock $$image.in -o $$image.lock; done
	compile -c sandbox.lock sandbox.in test.in -o operator-test.lock
	compile -c runtime.lock runtime.in test-runtime.in -o runtime-test.lock

# ------------------------------------------------------------------ checks
.PHONY: fmt lint type
fmt: setup ## format the code
	@$(OP)/ruff check --fix-only --quiet .
	$(OP)/ruff format .

lint: setup ## style, and which room may import which
	@$(OP)/ruff check .
	$(OP)/ruff format --check .
	$(OP)/lint-imports

type: setup ## strict mypy, each room against its own environment
	@$(OP)/mypy $(OPERATOR_CODE)
	$(OP)/mypy --python-executable $(RT)/python $(RUNTIME_CODE)

# ------------------------------------------------------------------ tests
STATISTICS := tests/runtime_unit/drift tests/runtime_unit/compare

.PHONY: unit unit-operator unit-runtime unit-drift cluster crash pipelines serving sandbox charts e2e test
unit: setup ## decisions and statistics; no process is started
	@$(MAKE) --jobs 3 --output-sync=target unit-operator unit-runtime unit-drift
unit-operator: setup ## those of the operator's environment
	@$(OP)/pytest -q tests/unit
unit-runtime: setup ## those of the runtime's, without the statistics
	@$(RT)/pytest -q tests/runtime_unit $(STATISTICS:%=--ignore %)
unit-drift: setup ## those of the statistics
	@$(RT)/pytest -q $(STATISTICS)

.PHONY: controlplane
controlplane: setup ## build etcd and the Kubernetes control plane, once for each version
	@$(OP)/python -m tests.support.gotools controlplane

cluster: controlplane ## the operator against a real API server
	@$(OP)/pytest -q tests/cluster --ignore tests/cluster/pipelines --ignore tests/cluster/serving

crash: controlplane ## the operator killed before and after each of its effects
	@$(OP)/pytest -q tests/crash

pipelines: setup ## pipeline steps and whole local runs
	@$(RT)/pytest -q tests/pipelines

serving: setup ## the serving plane inside a real Ray
	@$(RT)/pytest -q tests/serving

sandbox: controlplane ## the one-machine stack: up, down, crashed parts
	@$(OP)/pytest -q tests/sandbox

e2e: controlplane ## the whole loop on the sandbox
	@$(OP)/pytest -q tests/e2e

charts: controlplane ## the charts under real Helm and skaffold, and on a real API server
	@$(OP)/python -m tests.support.gotools helm skaffold
	$(OP)/pytest -q tests/charts

test: lint type unit ## every check and test that needs neither a GPU nor a node
	@$(MAKE) --jobs 2 --output-sync=target cluster crash pipelines serving sandbox charts
	$(MAKE) e2e

# What a cluster needs; the first run builds the field's own programs from their Go modules, for half an hour.
.PHONY: engines test-images test-gitops test-detector test-cluster test-node
engines: controlplane ## engines by one contract each: training over real S3, MLflow and Jobs; serving over a real Ray
	@$(OP)/python -m tests.support.gotools versitygw
	$(OP)/pytest -q tests/cluster/pipelines tests/cluster/serving

test-images: setup ## look into the images, and run them as restricted pods do (root on Debian)
	@$(OP)/python -m tests.images.prepare
	$(OP)/pytest -q tests/images

test-gitops: controlplane ## our kinds before Argo CD's, Flux's and Helm's own code
	@$(OP)/python -m tests.support.gotools argocd-lua kstatus helm
	$(OP)/pytest -q tests/gitops

test-detector: setup .venv/detector/.ready ## alibi-detect's detectors behind our interface, in an environment of their own
	@$(RT)/pytest -q tests/detector

test-cluster: engines test-gitops test-images ## engines, GitOps and images: what a cluster needs, without a node

test-node: setup ## the whole loop on a real node: kubelet, containerd, KubeRay, Helm; Linux and root, else skipped
	@$(OP)/python -m tests.node.prepare
	$(OP)/pytest -q tests/node

# ------------------------------------------------------------------ generated files
.PHONY: gen
gen: setup ## write the CRDs, their tables, the charts' copies and the compiled pipelines again
	@$(OP)/python -m trimtab.api.generate
	$(OP)/python -m trimtab.deploy.generate
	$(RT)/python -m trimtab_pipelines.compile

# ------------------------------------------------------------------ images
.PHONY: images
images: setup ## build the images: by Docker where it runs, else by a BuildKit of our own
	@if docker info >/dev/null 2>&1; then
		for image in operator trainer serving; do
			docker build --file images/Dockerfile --build-arg IMAGE=$$image --tag trimtab/$$image:0.1.0 .
		done
	else
		$(OP)/python -m tests.support.images
	fi

# ------------------------------------------------------------------ the sandbox
.PHONY: up down demo
up: setup ## start the one-machine stack
	@$(OP)/trimtab up

down: setup ## stop it; nothing is left running
	@$(OP)/trimtab down

demo: setup ## the whole loop over the flights of 2013 (DEMO=quick: three months; FLAGS: see examples/flights)
	@$(RT)/python -m examples.flights.demo $(if $(filter quick,$(DEMO)),--quick) $(FLAGS)

# ------------------------------------------------------------------ benchmarks
.PHONY: bench-drift test-bench
test-bench: setup ## the benchmarks' harnesses on planted bugs, and a tenth of each bar of the statistics, without peers
	@$(RT)/pytest -q tests/benchmarks
	QUICK=1 $(MAKE) bench-drift

bench-drift: setup $(if $(QUICK),,.venv/peers/.ready) ## the bars of the drift statistics, peers beside them (QUICK=1: a tenth; ROWS=power,merging: some)
	@PYTHONPATH=. $(RT)/python -m benchmarks.drift
