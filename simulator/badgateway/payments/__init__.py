"""The truth about money: payments, one table of transitions, and a ledger that always balances."""
