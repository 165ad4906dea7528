"""Product catalogs: what a business sells, for ads that show products."""
