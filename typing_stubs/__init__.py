"""Makes the type stubs of the connector classes from the declarations, when a wheel is built.

At run time `connector.campaigns.list(…)` is made of what the connectors declare, which no type checker and no
IDE sees. What is written here says the same in words that they read. Nothing of it is imported at run time.
"""
