"""Records of the engine in the database: what two processes on one database know of each other."""
