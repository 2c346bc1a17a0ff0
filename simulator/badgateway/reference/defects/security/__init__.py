"""Defects of keeping secrets, and of believing addresses."""
