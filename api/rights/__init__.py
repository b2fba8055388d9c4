"""Who may do what, and of which windows: roles, keys of other programs, and the accounts that hold them."""
