"""Defects of what the integration tells about itself."""
