"""The truth about money: payments, one table of transitions, and a ledger whose books balance after every command."""
