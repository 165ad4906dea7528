"""Ad accounts, campaign groups and campaigns: who advertises, when, at what price and to whom."""
