"""Contract checks; the only importer of pact and schemathesis."""
