# The everyday moves. `just` alone lists them; each is a plain command that works without just, too.

_list:
    @just --list

# Make the environment and turn on the checks before each commit
setup:
    uv sync
    uv run pre-commit install

# Put the code in its one format
format:
    uv run ruff format
    uv run ruff check --fix

# Everything that is checked without running the program
check:
    uv run ruff check
    uv run ruff format --check
    uv run lint-imports
    uv run mypy

# The tests; `just test tests/unit -k plan` runs some of them
test *words:
    uv run pytest -n 2 --dist loadscope {{ words }}

# The notebooks, executed
notebooks:
    uv run pytest tests/notebooks

# The tests that drive Chromium; they fail without it
browser:
    WORKBOOK_REQUIRE_BROWSER=1 uv run pytest -m browser

# Measure everything: packs, pages against plain Voilà and Streamlit, statistics, steps, many people; `just bench pages` measures some of it
bench *words:
    uv run python benchmarks/run.py {{ words }}

# The demonstration pack, then the guided workbook
demo:
    uv run workbook demo

# What is written by a program from what stands here: the plan's schema, environment.yml, the pages on frameworks and methods
docs: schema
    uv run python tools/environment.py
    uv run python data/build/frameworks_page.py
    uv run python data/build/library_page.py
    uv run python tools/methods_guide.py
    uv run python tools/thread_page.py

# Publish the plan's JSON Schema
schema:
    uv run python tools/schema.py

# Pin every version anew; `just pins --upgrade` takes the newest
pins *words:
    uv run python tools/pins.py {{ words }}
    uv run python tools/environment.py

# What continuous integration runs
ci:
    .ci/run
