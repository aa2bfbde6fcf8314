"""Many workbooks into one recap: a workbook for the leadership, and the same rows as CSV, Parquet or pandas frames."""
