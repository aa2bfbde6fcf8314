"""A closed .xlsx file, read safely and written losslessly. Knows nothing of IKU."""
