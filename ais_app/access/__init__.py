"""Access: accounts, sessions and hats, and what an actor may do; the gate and the guard before everything else."""
