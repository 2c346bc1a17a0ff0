"""What was seen: the append-only record of a run, the only evidence that anything downstream reads."""
