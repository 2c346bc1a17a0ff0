"""Planted defects of reading what the provider's API says."""
