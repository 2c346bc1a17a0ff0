"""Planted defects of the state machine."""
