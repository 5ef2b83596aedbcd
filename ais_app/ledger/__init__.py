"""The ledger: every operation appended in the transaction of its change, chained by hashes, never rewritten."""
