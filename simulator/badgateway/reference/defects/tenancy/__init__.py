"""Planted defects of merchants that are mixed up."""
