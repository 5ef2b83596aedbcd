"""«Работы»: the jobs that somebody may see, how far they are, and what he can do with them; `ais worker` runs them."""
