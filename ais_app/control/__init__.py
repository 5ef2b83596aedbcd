"""Control of keeping: what is not written down, who has access, whether the ledger is whole. It writes nothing."""
