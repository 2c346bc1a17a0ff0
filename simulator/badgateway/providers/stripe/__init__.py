"""Stripe's wire format over the common payments core."""
