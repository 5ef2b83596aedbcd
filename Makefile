# Each target does all its set-up itself; the first time takes a few minutes, later ones seconds.
.PHONY: help run test coverage deep fresh lint bench build lock inlined clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

run:  ## serve the demonstration school on http://127.0.0.1:8000/
	@python3 tools/tasks.py run

test:  ## all tests: rules, states, wire, browser, migrations, PostgreSQL, Redis
	@python3 tools/tasks.py test

coverage:  ## all tests once more, slower: what they run of each room; writes the table of docs/coverage.md
	@python3 tools/covered.py

deep:  ## what is large or long, and many more examples of every property; prints rows for docs/performance.md
	@python3 tools/tasks.py deep

fresh:  ## the first command of the README from an empty home and empty caches, in a clone of the last commit; needs the network
	@python3 tools/fresh.py

lint:  ## ruff, pyright, import-linter, deptry; oxlint and TypeScript for the JavaScript
	@python3 tools/lint.py

bench:  ## measure the budgets and write docs/performance.md; ONLY=p3,p13 for some
	@ONLY="$(ONLY)" python3 tools/tasks.py bench

build:  ## dist/: the wheel with the frontends of both languages, ready to run without Node
	@python3 tools/tasks.py build

lock:  ## write requirements/ anew from pyproject.toml; UPGRADE=1 takes the newest of everything, npm's packages too
	@UPGRADE="$(UPGRADE)" python3 tools/tasks.py lock

inlined:  ## write tools/inlined.json anew: which packages stand in the published files of others; needs the network
	@python3 tools/tasks.py inlined

clean:  ## forget what was built; data in var/ stays
	rm -rf .web .venv tools/javascript/node_modules dist .coverage .pytest_cache .ruff_cache
