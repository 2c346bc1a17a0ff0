"""Planted defects of receiving webhooks."""
