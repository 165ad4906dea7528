"""What campaigns target that target by themselves: four kinds of likeness to the product."""

AUTO_TYPES = (
    "QUERY_HIGH_REL_MATCHES",
    "QUERY_BROAD_REL_MATCHES",
    "ASIN_SUBSTITUTE_RELATED",
    "ASIN_ACCESSORY_RELATED",
)
