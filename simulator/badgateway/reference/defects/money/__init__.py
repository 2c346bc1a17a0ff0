"""Planted defects of amounts and refunds."""
