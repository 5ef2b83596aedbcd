"""Access: who somebody is, as whom he acts, and what he may do. Every other room asks here."""
