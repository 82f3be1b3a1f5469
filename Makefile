# The entry point: `make` lists the targets. Every target installs what it needs (tools/setup).
#
#   JOBS=4 make build          compile with four processes; by default one per core
#   make demo DEMO_ARGS=...    run another comparison
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

JOBS ?= $(shell nproc)
BASIN := build/release/bin/basin
SOURCES = $(shell git ls-files '*.hpp' '*.cpp')
FUZZERS = $(addprefix fuzz_,$(notdir $(wildcard tests/fuzz/corpus/*)))

# Five rates for each optimizer, then batch sizes and initializers with three fresh seeds: data for every chart of
# the report, in at most 5 minutes on 2 cores.
DEMO_ARGS ?= fmnist-cnn --batch-size 64,256 --init default,glorot_uniform,he_normal --epochs 3 --train-size 8000

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: build
build: configure ## the command, at build/release/bin/basin, and its worker beside it
	@tools/compile $(JOBS) basin basin-worker

.PHONY: demo
demo: build ## compare four optimizers on Fashion-MNIST and write report.html: 5 minutes after the build
	$(BASIN) compare $(DEMO_ARGS)
	@echo
	@echo 'Open report.html in a browser. What to try next:'
	@echo '  $(BASIN) train fmnist-cnn --optimizer adam --lr 0.003    watch one network train'
	@echo '  $(BASIN) compare mnist-cnn --optimizers all --epochs 1   every optimizer on another problem'
	@echo '  $(BASIN) tune fmnist-cnn --optimizers sgd,adam           search more than the rate, with equal budgets'
	@echo '  $(BASIN) list optimizers                                 what can be compared'

.PHONY: test
test: configure ## build everything and pass the tests: 15 minutes on 2 cores without a compiler cache
	@tools/compile $(JOBS)
	@ctest --test-dir build/release -j $(JOBS) --output-on-failure --no-tests=error -LE 'long|judge'
	@npm --prefix web run --silent check
	@npm --prefix web run --silent test

.PHONY: check
check: check-layers check-lists check-english check-format check-asan check-fuzz check-judges check-page check-consumer check-adding ## all checks that a change must pass, as follows: 40 minutes

.PHONY: check-layers
check-layers: ## check that no layer includes a higher one, and that only some use libtorch
	@tools/check_layers --self-test
	@tools/check_layers

.PHONY: check-lists
check-lists: build ## check that lists are complete, links lead somewhere, and generated pages are up to date
	@tools/check_lists --self-test
	@tools/check_lists
	@tools/optimizers_page --check
	@tools/layers_page --check
	@tools/metrics_page --check
	@tools/problems_page --check

.PHONY: check-english
check-english: ## check that comments fit in 110 columns, name files that exist, and read as English
	@tools/check_english --self-test
	@tools/check_english

.PHONY: page-types
page-types: configure ## write web/src/records.ts, the types of the page, from the fields of the records
	@cmake --build build/release -j $(JOBS) --target basin_tests
	@BASIN_WRITE_PAGE_TYPES=1 build/release/bin/basin_tests --gtest_brief=1 --gtest_filter='PageTypes.*'

.PHONY: check-adding
check-adding: setup-check ## follow the pages docs/adding-*.md in copies of the tree; the one on layers is in check-long
	@tests/docs/adding_an_optimizer --jobs $(JOBS)
	@tests/docs/adding_a_field --jobs $(JOBS)
	@tests/docs/adding_an_option --jobs $(JOBS)

.PHONY: check-format
check-format: setup-check ## check the layout of the code against .clang-format
	@clang-format-19 --dry-run --Werror $(SOURCES)

.PHONY: check-asan
check-asan: setup-check ## run everything but training under AddressSanitizer and UBSan, with long and random tests
	@mkdir -p build
	@cmake --preset asan -DBASIN_WERROR=ON >build/asan.log || { cat build/asan.log; exit 1; }
	@cmake --build build/asan -j $(JOBS)
	@BASIN_CASES=40000 ctest --test-dir build/asan -j $(JOBS) --output-on-failure --no-tests=error

# Findings are left in build/fuzz. So is the corpus, so that the next run starts from it.
.PHONY: check-fuzz
check-fuzz: setup-check ## fuzz the parsers and the protocol: 15 seconds each
	@mkdir -p build
	@cmake --preset asan -B build/fuzz -DBASIN_TORCH=OFF -DCMAKE_CXX_COMPILER=clang++ -DBASIN_SANITIZE=address,undefined,fuzzer-no-link \
	  -DCMAKE_CXX_FLAGS=-Wno-pass-failed \
	  >build/fuzz.log || { cat build/fuzz.log; exit 1; }
	@cmake --build build/fuzz -j $(JOBS) --target $(FUZZERS)
	@cd build/fuzz && for fuzzer in $(FUZZERS); do \
	  mkdir -p corpus/$$fuzzer; \
	  bin/$$fuzzer -max_total_time=15 -max_len=8192 -print_final_stats=1 corpus/$$fuzzer \
	    ../../tests/fuzz/corpus/$${fuzzer#fuzz_} >$$fuzzer.log 2>&1 || { tail -n 40 $$fuzzer.log; exit 1; }; \
	  echo "$$fuzzer: $$(awk '/executed_units/ { print $$2 }' $$fuzzer.log) inputs, nothing found"; done

.PHONY: check-judges
check-judges: setup-check configure ## compare with other programs: PyTorch, Optuna, protobuf, sqlite3
	@cmake --build build/release -j $(JOBS)
	@ctest --test-dir build/release --output-on-failure --no-tests=error -L judge

.PHONY: check-long
check-long: setup-check configure ## before a release, not part of check: kills, long comparisons, planted faults: 30 minutes
	@cmake --build build/release -j $(JOBS)
	@ctest --test-dir build/release --output-on-failure --no-tests=error -L long
	@tests/docs/adding_a_layer --jobs $(JOBS)
	@$(MAKE) check-mutants

.PHONY: check-mutants
check-mutants: setup-check configure ## plant a fault in each promise and check that its tests find it
	@cmake --build build/release -j $(JOBS) --target basin_tests basin_torch_tests
	@tools/mutants --self-test
	@tools/mutants --jobs $(JOBS)

.PHONY: check-page
check-page: setup-check configure ## test the report in a real browser
	@npm --prefix web run --silent e2e

.PHONY: check-consumer
check-consumer: build ## build programs that use basin, installed and as a subdirectory
	@tests/consumer/run

.PHONY: bench
bench: configure ## run the benchmarks; print tables of ratios measured in this run
	@tools/setup bench
	@cmake -B build/release -DBASIN_BENCHMARKS=ON >/dev/null
	@cmake --build build/release -j $(JOBS)
	@build/release/bin/gather_bench
	@build/release/bin/csv_bench
	@benchmarks/search_speed
	@benchmarks/search_regret
	@build/release/bin/checkpoint_bench
	@benchmarks/optimizer_speed
	@benchmarks/sparse_speed
	@benchmarks/compare_speed
	@benchmarks/training_speed

.PHONY: format
format: setup-check ## format the code with .clang-format
	@clang-format-19 -i $(SOURCES)

.PHONY: clean
clean: ## remove what was built; keeps runs/
	rm -rf build web/dist web/node_modules

.PHONY: setup-check
setup-check:
	@tools/setup build check

# If nothing changed, this is quick and prints nothing.
.PHONY: configure
configure:
	@tools/setup build
	@mkdir -p build
	@cmake --preset release >build/configure.log || { cat build/configure.log; exit 1; }
