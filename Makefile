# Two commands: `make demo` and `make test`. Everything installs itself into .venv.
PY := .venv/bin/python

.PHONY: setup demo test check bench trust office templates pictures
setup: .venv/ready

.venv/ready: pyproject.toml constraints.txt
	python3 -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . --group dev
	touch $@

demo: setup
	rm -rf hasil && mkdir hasil
	.venv/bin/iku-excel contoh hasil
	.venv/bin/iku-excel isi hasil || test $$? -eq 1  # 1: two of the examples have mistakes on purpose
	@echo; echo "Buku kerja contoh ada di $(CURDIR)/hasil: buka dengan Excel atau LibreOffice."

# LibreOffice gives the second opinions. It is installed where that may be done, and named where not.
office:
	@command -v soffice >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && apt-get install -y -qq --no-install-recommends libreoffice-calc poppler-utils fonts-liberation >/dev/null; \
	  else echo "LibreOffice (libreoffice-calc) is missing: its tests will be skipped."; fi; }

test: setup office
	$(PY) -m pytest -n 2 --dist loadfile -m "not trust"

check: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

trust: setup office
	$(PY) -m pytest -n 2 --dist loadfile -m trust -rs

bench: setup
	$(PY) -m tests.bench

templates: setup
	$(PY) -m iku_excel.shipped .

pictures: setup office
	$(PY) -m tests.pictures
