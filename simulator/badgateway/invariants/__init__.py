"""CATALOGUE of invariants: laws over the journal, one small file each."""
