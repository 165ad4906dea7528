"""From what an agent asks for to steps of a plan; nothing is changed."""
