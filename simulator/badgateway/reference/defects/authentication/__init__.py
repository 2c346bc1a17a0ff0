"""Planted defects of the issuer's challenge."""
