"""Signing in from a shell: what is asked for, what is waited for, what is chosen, what is kept."""
