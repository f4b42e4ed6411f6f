# All paths are relative, so the folder may be called anything.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo build install dist lint test guards sanitize release-check test-release readers bench nights stream clean packages

# What the compiler needs from the system; the libraries are those named in Package.swift.
PACKAGES := libzstd-dev zlib1g-dev libyaml-dev libssl-dev libsqlite3-dev libre2-dev pkg-config

# Warnings are errors in the tests' build, and a target may only import what it declares. Not in `make build`: a newer
# compiler that warns of something new must not keep anybody from running the program.
STRICT := -Xswiftc -warnings-as-errors --explicit-target-dependency-import-check error

# Without Swift's shared libraries a program starts in half the time: to find and bind them took two fifths of a short run.
SHIPPED := --static-swift-stdlib

DEMO := demo-out
EVENTS ?= 4000000
SIZES ?= $(EVENTS)
SPECIAL ?= 1000000
WITHOUT ?=
ROUNDS ?= 5
NIGHTLY ?= 12000000
PREFIX ?= /usr/local
DESTDIR ?=

# Under a sanitizer everything takes many times as long: property tests get few seeds, and BitFlipTests, thousands of runs, is
# left out. Leaks are not looked for: Swift marks pointers in enums by spare bits, and the detector does not follow those.
SANITIZED_SEEDS ?= 0..<10
SANITIZED := --skip-build --skip EndToEndTests --skip BitFlipTests

help: ## Show this list
	@echo "sojourn: from event logs to sessions, journeys, funnels, stalls and frictions."
	@echo
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

demo: build ## Build, run the sample log, and say what to open next
	@echo
	@.build/release/sojourn run pipelines/retail.yaml -o $(DEMO)
	@echo
	@echo "Where do shoppers drop out? (from $(DEMO)/csv/funnel.csv)"
	@awk -F, 'NR == 1 || $$1 == "purchase" { printf "  %-12s %-12s %9s %14s %9s %9s %9s %9s\n", $$3, $$4, $$5, $$6, $$11, $$12, $$14, $$15 }' $(DEMO)/csv/funnel.csv
	@echo
	@echo "Open next:"
	@[[ ! -f $(DEMO)/report.html ]] || printf '  %-30s %s\n' "$(DEMO)/report.html" "the report, in any browser"
	@printf '  %-30s %s\n' "$(DEMO)/csv/priorities.csv" "what to mend first, what it costs, whose it is"
	@printf '  %-30s %s\n' "$(DEMO)/csv/stalls.csv" "where journeys wait, how long, and who owns the step"
	@printf '  %-30s %s\n' "$(DEMO)/csv/frictions.csv" "what costs customers effort, whom it hits, and for example whom"
	@printf '  %-30s %s\n' "$(DEMO)/csv/transitions.csv" "from where to where people go, across channels"
	@printf '  %-30s %s\n' "$(DEMO)/metrics.sqlite" "the same tables by day, for SQL"
	@printf '  %-30s %s\n' "$(DEMO)/run.json" "what was read, and that no line was lost"
	@printf '  %-30s %s\n' "pipelines/retail.yaml" "how a log is described: copy it for your own"
	@printf '  %-30s %s\n' "pipelines/README.md" "the manual: your own log, every night, privacy"
	@printf '  %-30s %s\n' "pipelines/metrics.md" "every table and column, by the question that it answers"
	@printf '  %-30s %s\n' "pipelines/frictions.md" "the language of friction rules, with ten worked examples"
	@echo "The program is .build/release/sojourn; try it with --help."

build: packages ## Build the program: .build/release/sojourn
	@swift build -c release --product sojourn $(SHIPPED)

install: build ## Install the program, its man page and completions (PREFIX=/usr/local, DESTDIR=)
	@swift package generate-manual >/dev/null
	@install -D -m 755 .build/release/sojourn "$(DESTDIR)$(PREFIX)/bin/sojourn"
	@install -D -m 644 .build/plugins/GenerateManual/outputs/sojourn/sojourn.1 "$(DESTDIR)$(PREFIX)/share/man/man1/sojourn.1"
	@for shell in bash:bash-completion/completions/sojourn zsh:zsh/site-functions/_sojourn fish:fish/vendor_completions.d/sojourn.fish; do \
	    install -d "$$(dirname "$(DESTDIR)$(PREFIX)/share/$${shell#*:}")"; \
	    .build/release/sojourn --generate-completion-script "$${shell%%:*}" > "$(DESTDIR)$(PREFIX)/share/$${shell#*:}"; \
	done
	@echo "Installed: $(DESTDIR)$(PREFIX)/bin/sojourn. Try \`man sojourn\`; new shells complete its options."

dist: build ## Build one file for any Debian of this release, without Swift: .build/dist/sojourn (tries it there, as root)
	@.ci/install-missing binutils
	@.ci/dist

lint: ## Check how the sources are laid out (`swift format -i -r Sources Tests` mends most), and that every mutation can be made
	swift format lint --strict --parallel --recursive Package.swift Sources Tests
	@.ci/install-missing python3
	python3 Tests/Mutations/mutations.py --list >/dev/null

# Tests make tens of thousands of small files, which took a third of their time on a disk. `make test-release` stays on the disk.
IN_MEMORY = $(if $(shell [[ -w /dev/shm && $$(df --output=avail -k /dev/shm | tail -n 1) -gt 1000000 ]] && echo yes),TMPDIR=/dev/shm)

test: packages ## Build with warnings as errors, run all tests, then the guards
	@.ci/install-missing python3 chromium
	swift build --build-tests $(STRICT)
	$(IN_MEMORY) swift test --skip-build --parallel $(STRICT)
	@$(MAKE) --no-print-directory guards

# Instructions are counted of what ships. CI names the release build that it has made already.
GUARDED ?= .build/release/sojourn

guards: packages ## Hold the instructions of the start and of six stages against their limits (GUARDED=.build/release/sojourn)
	@[[ "$(GUARDED)" != .build/release/sojourn ]] || $(MAKE) --no-print-directory build
	@.ci/install-missing python3 valgrind binutils
	python3 Tests/Guards/guards.py --program "$(GUARDED)"

sanitize: packages ## Run the unit tests with the address, then the thread sanitizer (builds all twice; SANITIZED_SEEDS='0..<10')
	swift build --build-tests --sanitize=address --scratch-path .build/address
	SOJOURN_SEEDS='$(SANITIZED_SEEDS)' ASAN_OPTIONS=detect_leaks=0 swift test $(SANITIZED) --sanitize=address --scratch-path .build/address
	swift build --build-tests --sanitize=thread --scratch-path .build/thread
	clang -shared -fPIC -O1 Tests/MutexShim/MutexShim.c -o .build/thread/MutexShim.so
	SOJOURN_SEEDS='$(SANITIZED_SEEDS)' LD_PRELOAD='$(CURDIR)/.build/thread/MutexShim.so' \
	    swift test $(SANITIZED) --sanitize=thread --scratch-path .build/thread

release-check: packages ## Check that the release build gives no warning (builds everything again)
	@mkdir -p .build
	swift build -c release --scratch-path .build/release-check $(SHIPPED) $(STRICT) 2>&1 | tee .build/release-check.log
	@! grep -n 'warning:' .build/release-check.log || { echo "The release build has warnings."; exit 1; }

test-release: release-check ## Run the end-to-end tests on the release build, after `make test`
	SOJOURN_PROGRAM=.build/release-check/release/sojourn swift test --skip-build --parallel $(STRICT) --filter EndToEndTests

# Not in `make test`, which must run without a package registry. Versions belong together: an extension of DuckDB fits one DuckDB only,
# and the program downloads nothing by itself.
READERS := frictionless duckdb==1.5.5 duckdb-extension-sqlite-scanner==1.5.5 jsonschema ruamel.yaml
READ_PROGRAM ?= .build/release/sojourn

readers: packages ## Let frictionless, DuckDB, jsonschema and axe-core read what the program writes (READ_PROGRAM=.build/release/sojourn)
	@[[ "$(READ_PROGRAM)" != .build/release/sojourn ]] || $(MAKE) build
	@.ci/install-missing python3 python3-venv chromium
	@[[ -x .build/readers/venv/bin/pip ]] || python3 -m venv .build/readers/venv
	@.build/readers/venv/bin/pip install --quiet --disable-pip-version-check $(READERS)
	@.build/readers/venv/bin/pip install --quiet --disable-pip-version-check --no-deps axe-playwright-python  # for axe-core, which it holds
	@.build/readers/venv/bin/python Tests/Readers/readers.py --program "$(READ_PROGRAM)"

bench: build ## Compare with DuckDB, chDB, Polars and simdjson (EVENTS=4000000 ROUNDS=5 WITHOUT=; SIZES='1000000 16000000')
	@.ci/install-missing zstd python3 python3-venv g++ libsimdjson-dev
	@python3 Benchmarks/bench.py --events $(SIZES) --rounds $(ROUNDS) --special $(SPECIAL) --without '$(WITHOUT)'

nights: build ## 60 nightly runs on one state: does a night get dearer? (NIGHTLY=12000000 lines in all)
	@.ci/install-missing python3
	@mkdir -p .build/nights
	@python3 Benchmarks/nights.py --events $(NIGHTLY)

stream: build ## 50,000 lines/s into a state of 10 million: how long until they are published?
	@.ci/install-missing python3 zstd
	@mkdir -p .build/stream
	@python3 Benchmarks/stream.py

clean: ## Remove everything that was built, and the demo's output
	rm -rf .build $(DEMO)

packages:
	@.ci/install-missing $(PACKAGES)
