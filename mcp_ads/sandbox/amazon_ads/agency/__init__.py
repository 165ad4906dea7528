"""The agency's world as Amazon spells it: bodies of objects, ids, what stands in logs and is made once."""
