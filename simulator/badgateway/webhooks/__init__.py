"""How a provider's events reach the integration: due times, retries, and the only outbound HTTP to its webhooks."""
