"""«Ваша учётная запись»: where the own account is signed in, and the zone of a role without a school."""
