"""Control: lessons that are not written down, accounts, movement, the integrity of the ledger. It writes nothing."""
