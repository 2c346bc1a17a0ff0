"""Euler, the internal payment orchestrator: orders, attempts to pay them, refunds, one status vocabulary."""
