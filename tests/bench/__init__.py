"""What `make bench` measures: one module per budget of the table in docs/performance.md; never run by the tests."""
