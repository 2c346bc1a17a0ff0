"""Planted defects of finding out by oneself."""
