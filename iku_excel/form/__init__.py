"""What our workbook looks like: its map, its formulas, what goes in and what comes out."""
