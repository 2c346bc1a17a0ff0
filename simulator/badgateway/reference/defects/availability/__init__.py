"""Planted defects of time limits."""
