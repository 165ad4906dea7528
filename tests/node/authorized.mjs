// Preloaded into a program that cannot be told a token: sends it with what goes to the server of MCP_TEST_URL.

const { MCP_TEST_URL, MCP_TEST_TOKEN } = process.env;
const plain = globalThis.fetch;
globalThis.fetch = (input, init = {}) => {
  if (!String(input?.url ?? input).startsWith(MCP_TEST_URL)) return plain(input, init);
  const headers = new Headers(init.headers ?? input?.headers);
  headers.set("Authorization", `Bearer ${MCP_TEST_TOKEN}`);
  return plain(input, { ...init, headers });
};
