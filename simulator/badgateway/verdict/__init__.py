"""What it means: the invariants judged over one journal."""
