"""«Помощь»: short pages for each role, in the language of the process."""
