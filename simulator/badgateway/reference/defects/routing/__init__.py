"""Planted defects of failover from one provider to the next."""
