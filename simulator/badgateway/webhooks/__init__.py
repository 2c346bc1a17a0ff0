"""How a provider's events reach the integration: due times, retries, and the HTTP that carries them."""
