"""Jobs: work that takes longer than a request. A row says it, a child process computes, pieces are written (D-38)."""
