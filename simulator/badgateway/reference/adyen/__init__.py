"""The route to Adyen: calls over plain HTTP, and a mirror of what its signed notifications have told."""
