"""The caller of the make-believe Graph, and what it may see."""
