# Two commands: `make demo` and `make test`. Everything installs itself into .venv.
PY := .venv/bin/python

.PHONY: setup demo test check bench trust office templates docs pictures
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

# LibreOffice gives the second opinions and stands in for Excel behind the button (Xvfb and xdotool click on it).
# Installed where that may be done; elsewhere what is missing is named and its tests are skipped.
OFFICE := libreoffice-calc python3-uno poppler-utils fonts-liberation xvfb xdotool
office:
	@missing=; for tool in soffice pdftoppm Xvfb xdotool; do command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	test -e /usr/lib/python3/dist-packages/uno.py || missing="$$missing python3-uno"; \
	if [ -z "$$missing" ]; then :; \
	elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends $(OFFICE) >/dev/null; \
	else echo "Missing:$$missing ($(OFFICE)). The tests that need them will be skipped."; fi

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
	$(PY) -m tests.bench.many
	$(PY) -m tests.bench.imports

templates: setup
	$(PY) -m iku_excel.shipped .

docs: setup
	$(PY) -m tests.docs_manual

pictures: setup office
	$(PY) -m tests.pictures
