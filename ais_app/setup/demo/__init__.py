"""The demonstration school: invented people, a real curriculum, written through the services of a real school."""
