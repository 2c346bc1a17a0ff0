"""Planted defects of the shopper's return."""
