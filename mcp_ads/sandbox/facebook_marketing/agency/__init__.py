"""The agency's world as Facebook spells it: bodies of objects, ids, what stands in logs and is made once."""
