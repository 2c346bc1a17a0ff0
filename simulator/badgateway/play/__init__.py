"""Make it happen: one loop, one total order of happenings, everything written to the journal."""
