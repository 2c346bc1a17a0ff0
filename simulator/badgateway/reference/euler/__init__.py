"""The route through Euler, the orchestrator: orders by ids of our own, and a look-up behind every event."""
