"""The reference integration: a real, small Integration Layer, and a program of its own.

It imports nothing of badgateway, so that it could stand in another repository tomorrow.
"""
