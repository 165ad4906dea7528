"""Three make-believe ad platforms over HTTP: what the real ones would answer, with invented data.

Nothing here imports the rest of mcp_ads: a simulator that read our own declarations would accept our own
mistakes.
"""
