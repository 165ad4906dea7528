"""Whose advertising it is: profiles, and the portfolios that group their campaigns."""
