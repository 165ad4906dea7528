"""Custom audiences of the make-believe Graph, and the people in them."""
