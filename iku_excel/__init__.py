"""IKU of Indonesian regional agencies: read a workbook, compute the indices, write them back without loss."""

__version__ = "0.2.0"
