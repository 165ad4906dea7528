"""What ads of the make-believe Graph did, and its pixels counted."""
