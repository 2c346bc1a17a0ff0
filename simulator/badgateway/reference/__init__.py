"""The reference integration: a real, small Integration Layer; a program of its own that imports nothing of badgateway."""
