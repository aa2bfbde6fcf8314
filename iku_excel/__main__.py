"""``python -m iku_excel``: the same as the command ``iku-excel``."""

from iku_excel.cli import main

if __name__ == "__main__":
    main()
