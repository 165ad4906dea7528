// A session of a TypeScript MCP client: node session.mjs v1|v2|v2-modern stdio COMMAND ARG... | http URL
// Prints {protocol, tools, answer} as JSON.

const [edition, transport, ...rest] = process.argv.slice(2);
const { Client, StdioClientTransport, StreamableHTTPClientTransport } = await load();
const options = edition === "v2-modern" ? { versionNegotiation: { mode: "auto" } } : {};
const client = new Client({ name: "node-test", version: "1" }, options);
await client.connect(
  transport === "stdio"
    ? new StdioClientTransport({ command: rest[0], args: rest.slice(1), env: process.env, stderr: "inherit" })
    : new StreamableHTTPClientTransport(new URL(rest[0])),
);
const { tools } = await client.listTools();
const answer = await client.callTool({
  name: "facebook_marketing_execute",
  arguments: { entity: "campaigns", action: "list", params: { account_id: "1234567890", limit: 3 } },
});
const protocol = client.getNegotiatedProtocolVersion?.() ?? "";
console.log(JSON.stringify({ protocol, tools: tools.map((each) => each.name), answer }));
await client.close();

async function load() {
  if (edition !== "v1") return { ...(await import("@modelcontextprotocol/client")), ...(await import("@modelcontextprotocol/client/stdio")) };
  const path = "@modelcontextprotocol/sdk/client";
  return {
    ...(await import(`${path}/index.js`)),
    ...(await import(`${path}/stdio.js`)),
    ...(await import(`${path}/streamableHttp.js`)),
  };
}
