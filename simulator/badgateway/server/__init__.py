"""The edge that speaks HTTP; Flask lives here."""
