"""The grid: cells, marks, means, the page of an open course, patches."""
