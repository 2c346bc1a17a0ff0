"""Planted defects of chargebacks."""
