"""Defects of mail, fulfilment and stock."""
