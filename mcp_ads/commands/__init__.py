"""What the commands do, one module each; `cli` spells them."""
