"""One connector with one user's credentials: its accounts, parameters and objects."""
