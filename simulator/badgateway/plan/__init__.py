"""What will happen: a scenario compiled with a seed; nothing is left to default or to chance."""
