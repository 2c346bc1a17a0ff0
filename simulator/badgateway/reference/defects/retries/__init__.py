"""Planted defects of idempotency and retries."""
