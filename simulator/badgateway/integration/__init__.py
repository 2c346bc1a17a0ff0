"""The system under test, seen from outside: what badgateway.yaml says of it, its process, its operations, its view."""
