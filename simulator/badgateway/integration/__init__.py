"""The system under test, seen from outside: its badgateway.yaml, process, operations and view."""
