"""A write as a step a person can judge: what it changes, spends and says. Pure."""
