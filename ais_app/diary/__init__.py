"""The diary: what a family sees of the journal. It holds nothing of its own, so nothing has to be published."""
