# `make` alone lists the targets; the scripts behind them are in .ci/.

SHELL := /bin/bash
SWIFT := swift
VENV  := .build-venv

# Arguments that `make run` passes to the daemon, for example ARGS='-d 104'.
ARGS = -v
# Seconds for each fuzz target and for each flood of `make soak`; `make test` takes only a few per fuzz
# target.
T = 60
# Arguments for pytest, for example PYTEST_ARGS='-k ipv6 -x'.
PYTEST_ARGS =
# How the interop tests share the work: most of them wait for a timer, so that three processes suit two processors.
TOGETHER = -n 3 --dist loadfile --no-loadscope-reorder
# The Debian release that the system tests boot.
SUITE = bookworm
# The OpenPGP key that signs the apt repository of a release; none leaves it unsigned.
KEY =
# If set, `make bench` takes only a minute and writes no results.
QUICK =

# The build flags of the installed program.
RELEASE := -c release --static-swift-stdlib -Xswiftc -cross-module-optimization --experimental-lto-mode full \
  -Xlinker -z -Xlinker pack-relative-relocs
DAEMON  := .build/release/echoscpd
BENCH   := .build/release/echobench
# echoscpctl is a package of its own, which gains nothing from optimization across modules.
CONTROL := --package-path Sources/echoscpctl --scratch-path .build-ctl -c release --static-swift-stdlib \
  -Xlinker -z -Xlinker pack-relative-relocs
# The files of the package that `make deb` has built.
CONTENTS := $(CURDIR)/.build-deb/contents
export SWIFT VENV KEY

STAGE := @.ci/stage

# Prerequisites are stages: they run one after the other and stop at the first that fails.
.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help run build test lint bench soak asan tsan ubsan analyze fuzz coverage docs deb deb-twice release system-test \
        image-test control-test clean \
        format texts setup setup-run toolchain unit interop build-bench build-ctl

help: ## show this list
	@echo 'make TARGET, where TARGET is one of'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1@\2/p' $(MAKEFILE_LIST) \
	  | while IFS=@ read -r target text; do printf '  %-12s %s\n' "$$target" "$$text"; done

run: build ## build the program and answer C-ECHO on port 11112 until Ctrl-C (ARGS='-d 104')
	@exec $(DAEMON) $(ARGS)

build: setup-run ## build the program as installed: .build/release/echoscpd
	$(STAGE) build $(SWIFT) build $(RELEASE) --product echoscpd

test: T = 5
# Compiling leaves a processor idle now and then: two builds in folders of their own share both. Tests that measure
# times run alone.
test: setup ## run everything that must pass before a commit, in stages
	@.ci/beside deb 'analyze unit'
	@.ci/beside 'fuzz T=$(T)' 'build build-bench'
	@$(MAKE) --no-print-directory interop control-test system-test image-test

build-bench: setup-run ## build the load generator, not part of the package: .build/release/echobench
	$(STAGE) build-bench $(SWIFT) build $(RELEASE) --product echobench

build-ctl: setup-run ## build echoscpctl, which asks the journal: .build-ctl/release/echoscpctl
	$(STAGE) build-ctl $(SWIFT) build $(CONTROL) --product echoscpctl

lint: setup ## check formatting, imports, memory safety, documentation, leftovers
	$(STAGE) lint .ci/lint

format: toolchain ## format the Swift files as `make lint` requires
	@$(SWIFT) format --in-place --parallel --recursive $(wildcard Sources Tests) Package.swift

unit: setup ## one stage of `make test`: the unit tests, without sockets
	$(STAGE) unit $(SWIFT) test --disable-xctest

texts: setup-run ## rewrite what is made from code in manuals, guides, completions and golden texts
	$(STAGE) texts env UPDATE_TEXTS=1 $(SWIFT) test --disable-xctest --filter '^(Text|Settings|Ledger)Tests\.'

interop: setup build build-bench ## one stage of `make test`: the daemon against other DICOM programs
	$(STAGE) interop env ECHOSCPD=$(CURDIR)/$(DAEMON) ECHOBENCH=$(CURDIR)/$(BENCH) \
	  $(VENV)/bin/python -m pytest Tests/Interop $(TOGETHER) $(PYTEST_ARGS)

control-test: setup deb ## one stage of `make test`: the echoscpctl of the package
	$(STAGE) control-test env ECHOSCPCTL=$(CONTENTS)/usr/bin/echoscpctl ECHOSCPD=$(CONTENTS)/usr/sbin/echoscpd \
	  $(VENV)/bin/python -m pytest Tests/Control $(PYTEST_ARGS)

system-test: setup deb ## install and test the package in a freshly booted Debian (SUITE=trixie)
	$(STAGE) system-test env SUITE=$(SUITE) $(VENV)/bin/python -m pytest Tests/System $(PYTEST_ARGS)

image-test: setup deb ## make the container image of the package, and test it
	$(STAGE) image-test $(VENV)/bin/python -m pytest Tests/Image $(PYTEST_ARGS)

bench: setup build build-bench deb ## compare with the fastest possible server and other programs, 15 minutes (QUICK=1)
	$(STAGE) bench env PYTHONPATH=Tests/Interop:Tests/System $(VENV)/bin/python Tests/Benchmark/bench.py \
	  --daemon $(DAEMON) --load $(BENCH) $(if $(QUICK),--quick)

soak: setup build build-bench ## run floods and a million connections, half an hour (T=60 seconds per flood)
	$(STAGE) soak env ECHOSCPD=$(CURDIR)/$(DAEMON) ECHOBENCH=$(CURDIR)/$(BENCH) SOAK_SECONDS=$(T) \
	  $(VENV)/bin/python -m pytest Tests/Soak $(PYTEST_ARGS)

asan: setup ## run the unit and interop tests with AddressSanitizer and LeakSanitizer
	@.ci/sanitize address $(PYTEST_ARGS)

tsan: setup ## run the unit and interop tests with ThreadSanitizer
	@.ci/sanitize thread $(PYTEST_ARGS)

ubsan: setup ## run the unit and interop tests with UndefinedBehaviorSanitizer in the C shim
	@.ci/sanitize undefined $(PYTEST_ARGS)

analyze: toolchain ## run clang's static analyzer on the C files
	$(STAGE) analyze .ci/analyze

fuzz: setup ## run each fuzz target for T seconds (T=60)
	$(STAGE) fuzz .ci/fuzz $(T)

coverage: setup ## show which lines of the core the fuzz inputs reach, at least 95 %
	$(STAGE) coverage .ci/coverage

docs: setup-run ## build the reference of each module's public declarations: .build-docs/site
	$(STAGE) docs .ci/docs

deb: toolchain ## build the Debian package and check it with lintian: .build-deb/echoscpd_*.deb
	@.ci/setup deb
	$(STAGE) deb .ci/deb

deb-twice: toolchain ## build the Debian package in two folders and require identical bits
	@.ci/setup deb
	$(STAGE) deb-twice .ci/deb twice

release: toolchain ## make everything for a release page of this commit: dist/ (KEY=fingerprint signs it)
	@.ci/setup release
	$(STAGE) release .ci/release

setup: toolchain ## install what the tests need, if missing
	$(STAGE) setup .ci/setup test

clean: ## remove everything that was built, and the tests' Python packages
	rm -rf .build .build-* dist dist.new Tests/*/__pycache__ .pytest_cache

# Prerequisites of other targets, not listed by `make help`.

setup-run: toolchain
	@.ci/setup run

# $(error …) prints one line; a failing command would print two.
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
