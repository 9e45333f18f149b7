# What can be done here. `make` alone lists it; the work itself is in .ci/.

SHELL := /bin/bash
SWIFT := swift
VENV  := .build-venv

# What `make run` passes on to the daemon, for example ARGS='-d 104'.
ARGS = -v
# Seconds for each fuzz target, and for each flood of `make soak`; `make test` only looks whether the
# first few find something.
T = 60
# What the interop suite passes on to pytest, for example PYTEST_ARGS='-k ipv6 -x'.
PYTEST_ARGS =
# Which Debian the system tests boot.
SUITE = bookworm
# Set, `make bench` takes a minute, and publishes nothing.
QUICK =

# The flags of the program as it is installed.
RELEASE := -c release --static-swift-stdlib -Xswiftc -cross-module-optimization --experimental-lto-mode full
DAEMON  := .build/release/echoscpd
BENCH   := .build/release/echobench
export SWIFT VENV

STAGE := @.ci/stage

# Prerequisites are stages: one after the other, and none after one that failed.
.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help run build test lint bench soak asan tsan ubsan analyze fuzz coverage docs deb deb-twice system-test clean \
        format setup setup-run toolchain unit interop build-bench

help: ## this list
	@echo 'make TARGET, where TARGET is one of'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1@\2/p' $(MAKEFILE_LIST) \
	  | while IFS=@ read -r target text; do printf '  %-11s %s\n' "$$target" "$$text"; done

run: build ## build it and answer C-ECHO on port 11112; Ctrl-C ends it (ARGS='-d 104')
	@exec $(DAEMON) $(ARGS)

build: setup-run ## the program as it is installed: .build/release/echoscpd
	$(STAGE) build $(SWIFT) build $(RELEASE) --product echoscpd

test: T = 5
test: setup analyze unit build interop fuzz system-test ## everything that has to pass before a commit, in stages

build-bench: setup-run ## the load generator, which is not installed: .build/release/echobench
	$(STAGE) build-bench $(SWIFT) build $(RELEASE) --product echobench

lint: setup ## formatting, imports, memory safety, documentation, left-overs
	$(STAGE) lint .ci/lint

format: toolchain ## lay the Swift files out as `make lint` wants them
	@$(SWIFT) format --in-place --parallel --recursive $(wildcard Sources Tests) Package.swift

unit: setup ## one stage of `make test`: the parts, without a socket
	$(STAGE) unit $(SWIFT) test --disable-xctest

interop: setup build build-bench ## one stage of `make test`: the daemon against other DICOM programs
	$(STAGE) interop env ECHOSCPD=$(CURDIR)/$(DAEMON) ECHOBENCH=$(CURDIR)/$(BENCH) \
	  $(VENV)/bin/python -m pytest Tests/Interop $(PYTEST_ARGS)

system-test: setup deb ## install the package in a Debian that is booted for it (SUITE=trixie)
	$(STAGE) system-test env SUITE=$(SUITE) $(VENV)/bin/python -m pytest Tests/System $(PYTEST_ARGS)

bench: setup build build-bench deb ## beside the fastest possible and other programs, 9 minutes (QUICK=1)
	$(STAGE) bench env PYTHONPATH=Tests/Interop:Tests/System $(VENV)/bin/python Tests/Benchmark/bench.py \
	  --daemon $(DAEMON) --load $(BENCH) $(if $(QUICK),--quick)

soak: setup build build-bench ## floods and a million connections, half an hour (T=60 for each flood)
	$(STAGE) soak env ECHOSCPD=$(CURDIR)/$(DAEMON) ECHOBENCH=$(CURDIR)/$(BENCH) SOAK_SECONDS=$(T) \
	  $(VENV)/bin/python -m pytest Tests/Soak $(PYTEST_ARGS)

asan: setup ## the unit and interop tests with AddressSanitizer and LeakSanitizer
	@.ci/sanitize address $(PYTEST_ARGS)

tsan: setup ## the unit and interop tests with ThreadSanitizer
	@.ci/sanitize thread $(PYTEST_ARGS)

ubsan: setup ## the same with UndefinedBehaviorSanitizer in the C shim
	@.ci/sanitize undefined $(PYTEST_ARGS)

analyze: toolchain ## clang's static analyzer over the C files
	$(STAGE) analyze .ci/analyze

fuzz: setup ## invented conversations, T seconds for each fuzz target (T=60)
	$(STAGE) fuzz .ci/fuzz $(T)

coverage: setup ## which lines of the core the inputs of the fuzz targets reach, at least 95 %
	$(STAGE) coverage .ci/coverage

docs: setup-run ## the reference of each module's public declarations: .build-docs/site
	$(STAGE) docs .ci/docs

deb: toolchain ## the Debian package, looked over by lintian: .build-deb/echoscpd_*.deb
	@.ci/setup deb
	$(STAGE) deb .ci/deb

deb-twice: toolchain ## the same, built twice in different folders: the same to the bit
	@.ci/setup deb
	$(STAGE) deb-twice .ci/deb twice

setup: toolchain ## install what the tests need and is missing
	$(STAGE) setup .ci/setup test

clean: ## remove everything that was built, the tests' Python packages too
	rm -rf .build .build-* Tests/*/__pycache__ .pytest_cache

# What the others need, without a line in the help.

setup-run: toolchain
	@.ci/setup run

# $(error …) is one line, where a failing command would be two.
toolchain:
	@$(if $(swift_problem),$(error $(swift_problem)))

swift_problem = $(shell \
  answer=$$($(SWIFT) --version 2>&1); \
  version=$$(sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' <<<"$$answer"); \
  if ! command -v $(SWIFT) >/dev/null; then \
    echo 'the Swift 6.2 or later toolchain is missing: see $(swift_site)'; \
  elif [ -z "$$version" ]; then \
    echo "the Swift toolchain does not start ($${answer%%$$'\n'*}): see $(swift_site)"; \
  elif ! printf '6.2\n%s\n' "$$version" | sort --check --version-sort 2>/dev/null; then \
    echo "Swift $$version is too old, 6.2 or later is needed: see $(swift_site)"; \
  fi)
swift_site := https://www.swift.org/install/linux/debian
