"""What ads of the make-believe Graph did."""
