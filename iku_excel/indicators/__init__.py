"""Pure arithmetic on Decimal: the three indicators and their capaian. No Excel, no disk."""
