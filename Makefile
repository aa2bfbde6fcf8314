# Two commands: `make demo` and `make test`. Everything installs itself into .venv.
PY := .venv/bin/python

.venv/ready: pyproject.toml constraints.txt
	python3 -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
	$(PY) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . --group dev
	touch $@

.PHONY: setup demo test check bench trust
setup: .venv/ready
