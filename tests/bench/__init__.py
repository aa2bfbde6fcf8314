"""Speed as a figure, side by side in one run: `make bench`. Never a timed test."""
