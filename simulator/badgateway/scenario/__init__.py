"""What was asked: one YAML story, read with line numbers and checked whole."""
