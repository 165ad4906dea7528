"""Who the token belongs to, and which ad accounts it may see."""
