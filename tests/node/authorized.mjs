// Preloaded into a program that cannot be told a token: sends it with every request to the server of MCP_TEST_URL.

import channels from "node:diagnostics_channel";
import http from "node:http";

const { MCP_TEST_URL, MCP_TEST_TOKEN } = process.env;
const bearer = `Bearer ${MCP_TEST_TOKEN}`;
const { port } = new URL(MCP_TEST_URL);

channels.subscribe("undici:request:create", ({ request }) => {
  if (new URL(request.origin).port === port) request.addHeader("authorization", bearer);
});

const plain = http.request;
http.request = (...words) => {
  const request = plain(...words);
  const asked = words[0]?.port ?? (typeof words[0] === "string" ? new URL(words[0]).port : words[1]?.port);
  if (String(asked) === port) request.setHeader("authorization", bearer);
  return request;
};
