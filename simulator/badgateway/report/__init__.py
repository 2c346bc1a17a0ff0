"""How it is told: text, JSON, JUnit, Markdown, from journal and verdict."""
