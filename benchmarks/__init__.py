"""What mcp-ads weighs, each number beside a baseline measured in the same run: `python -m benchmarks`."""
