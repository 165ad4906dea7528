"""What happens to a call: validate, check, page, send, shape; and plans."""
