"""How it is told: text, JSON, JUnit, Markdown and annotations, from verdict and journal alone."""
