"""«Отказы»: what was refused in the last month, for the administrator of the system."""
