"""Files of one user: private, locked, written in order; nothing here knows what is kept in them."""
