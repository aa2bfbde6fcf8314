"""Independent judges of a workbook: Excel's rules, LibreOffice, ironcalc, and the lint of our formulas."""
