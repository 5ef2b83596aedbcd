"""Rights: roles, what each may do and over whom, who acts. No tables, no reads."""
