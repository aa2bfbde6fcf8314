"""``laporan``: chapter III of the performance report (LKjIP) as a Word document, from a template people may restyle."""
