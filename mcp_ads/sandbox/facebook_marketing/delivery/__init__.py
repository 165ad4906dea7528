"""Campaigns, ad sets and ads of the make-believe Graph."""
