"""The diary: what a family sees of the journal. It keeps no copy of marks or homework: nothing is published (D-59)."""
