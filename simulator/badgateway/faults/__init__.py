"""CATALOGUE of faults: what goes wrong with one call, one small file each."""
