"""``impor``: rows from a CSV file, another workbook or a pandas frame into an input table of a workbook of ours."""
