"""Exchange: bringing schools in from, and out to, the formats of others."""
