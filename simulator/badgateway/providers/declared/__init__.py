"""Providers that are described in one YAML file each, without Python."""
