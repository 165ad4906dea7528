"""The agency's world as LinkedIn spells it: bodies of objects, ids, and what is made once."""
