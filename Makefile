# The front door. Needs no JDK on the PATH: mvnw finds JDK 25.
.PHONY: help up down build test test-unit format bench crds
.DEFAULT_GOAL := help

MVN := ./mvnw -B
KUBE_API_TEST := KUBE_API_TEST_DIR=$${KLUIS_CACHE:-$${XDG_CACHE_HOME:-$$HOME/.cache}/kluis}/kube-api-test KUBE_API_TEST_OFFLINE_MODE=true KUBE_API_TEST_API_SERVER_VERSION=1.37.2

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: ## from nothing to a secret in a pod: cluster, build, install, example
	@deploy/up

down: ## takes away what make up brought
	@deploy/down

build: ## compiles and packs everything, without tests
	$(MVN) -q -DskipTests install
	@deploy/cli

test: ## everything that proves it: gates, unit tests, a real API server, a whole cluster
	deploy/local/build
	$(KUBE_API_TEST) $(MVN) -Dkluis.fuzz.seconds=60 install
	deploy/test

test-unit: ## the tests that need nothing but a JDK
	$(MVN) -DskipITs install

bench: ## measures the whole in its cluster: target/bench/results.json, docs/reference/benchmarks.md
	@deploy/bench

format: ## rewrites the sources in the house style
	$(MVN) -q spotless:apply

crds: ## writes the custom resource definitions from their Java types
	$(MVN) -q -pl crds test -Dtest=GeneratedCrdsTest -Dkluis.crds.write=true
