# The verbs of the project; `make help` lists them. The work is in tools/.
PYTHON ?= python3

.PHONY: help toolchain build dist wheel demo test test-fast bench compat lint format clean

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

toolchain: ## fetch the Emscripten SDK and the build tools into the cache
	@$(PYTHON) -m tools.toolchain

build: ## build dist/
	@$(PYTHON) -m tools.build

dist: ## build, then complete dist/ with all packages of runtime/packages.json
	@$(PYTHON) -m tools.dist

wheel: ## build the wheels for Pyodide into dist-wheel/
	@$(PYTHON) -m tools.wheel

demo: ## build, then serve the demo page
	@$(PYTHON) -m tools.demo

test: ## build, check the code, run every test
	@$(PYTHON) -m tools.test

test-fast: ## build, run the tests in Node only
	@$(PYTHON) -m tools.test --hosts node --no-lint

bench: ## compare with Pyodide, in one process
	@$(PYTHON) -m tools.bench

compat: ## run Pyodide's own suites in CLONE against dist/; its start and size
	@$(PYTHON) -m tools.compat $(CLONE)
	@$(PYTHON) -m tools.bench --rows 'start/drop-in'
	@$(PYTHON) -m tools.bench --rows 'size/*'

lint: ## formatting, types, layers
	@$(PYTHON) -m tools.lint

format: ## format C++, TypeScript and Python
	@$(PYTHON) -m tools.lint --fix

clean: ## remove build/, dist/ and dist-wheel/; the cache stays
	rm -rf build dist dist-wheel .pyodide_build
