"""The agency's world: what 20 clients have on three platforms, worked out when it is asked for.

Nothing of it is kept: every campaign and every figure follows from names, numbers and days. The platforms
beside this package only spell it; `docs/agency-world.md` tells what is in it.
"""
