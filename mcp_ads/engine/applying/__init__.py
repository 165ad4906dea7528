"""A plan carried out: checked, sent once, settled, undone."""
