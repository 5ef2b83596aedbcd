"""The plain pages without script: sign-in, sign-out, password, role; their forms, cookies and the check of secrets."""
