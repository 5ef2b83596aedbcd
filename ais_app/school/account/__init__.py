"""«Ваша учётная запись»: the open sessions of the own account, and the zone of a role without a school."""
