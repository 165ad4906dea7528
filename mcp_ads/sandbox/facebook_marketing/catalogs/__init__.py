"""Product catalogs of the make-believe Graph: a business has them, not an ad account."""
