"""Results, plans and errors as an agent reads them."""
