"""What a real sandbox answered, recorded without secrets, and how a simulated provider differs from it."""
