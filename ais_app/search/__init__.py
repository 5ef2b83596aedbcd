"""The search of the top bar: what each room finds for the words, for the role that is worn."""
