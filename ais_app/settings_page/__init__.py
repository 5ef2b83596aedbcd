"""«Настройки школы»: every setting that the rooms declare, its value, its history, and how it is changed."""
