"""Files: stored by their content, checked by their content, for those who may have them and for a term (D-39)."""
