"""Adyen's Checkout API and its notifications, as far as payments go."""
