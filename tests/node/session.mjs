// A session of a TypeScript MCP client: node session.mjs v1|v2|v2-modern stdio|http COMMAND ARG...
// Over http the command is run as well, and again after it is stopped. Prints what happened as JSON.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as after } from "node:timers/promises";

const [edition, transport, ...words] = process.argv.slice(2);
const { Client, StdioClientTransport, StreamableHTTPClientTransport } = await load();
const options = edition === "v2-modern" ? { versionNegotiation: { mode: "auto" } } : {};
const url = `http://127.0.0.1:${words.at(-1)}`;
let server = transport === "http" ? await started() : undefined;
let client = await connected();
const found = { protocol: client.getNegotiatedProtocolVersion?.() ?? "" };

found.tools = (await client.listTools()).tools.map((each) => each.name);
found.resources = (await client.listResources()).resources.map((each) => each.uri);
found.page = (await client.readResource({ uri: "ads://facebook_marketing/campaigns" })).contents[0].text;
found.nowhere = await refused(client.readResource({ uri: "ads://facebook_marketing/campaigns/stop" }));
const account = { account_id: "1234567890" };
found.answer = await ask("campaigns", "list", { ...account, limit: 3 });
found.error = await ask("campaignz", "list", account);

const stop = new AbortController();
const long = refused(ask("ads", "list", { ...account, limit: 1000 }, { signal: stop.signal }));
await after(1000);
stop.abort("the user");
found.cancelled = await long;
found.after = await ask("campaigns", "list", { ...account, limit: 1 });

const [, campaign] = found.after.content[0].text.match(/^(\d+),/m);
const planned = await ask("campaigns", "update", { campaign_id: campaign, name: `By ${edition} over ${transport}, ${Date.now()}` });
const [, plan] = planned.content[0].text.match(/PLAN (\S+)/) ?? [];
found.plan = planned.content[0].text;
await reconnected();
found.progress = [];
found.applied = await call("ads_apply", { plan_id: plan }, { onprogress: (each) => found.progress.push(each) });
console.log(JSON.stringify(found));
await client.close();
server?.kill();

function ask(entity, action, params, how) {
  return call("facebook_marketing_execute", { entity, action, params }, how);
}

function call(name, given, how) {
  return edition === "v1"
    ? client.callTool({ name, arguments: given }, undefined, how)
    : client.callTool({ name, arguments: given }, how);
}

async function refused(promise) {
  try {
    return { answered: await promise };
  } catch (error) {
    return { code: error.code ?? "", message: String(error.message ?? error) };
  }
}

async function connected() {
  const made = new Client({ name: "node-test", version: "1" }, options);
  await made.connect(
    transport === "stdio"
      ? new StdioClientTransport({ command: words[0], args: words.slice(1), env: process.env, stderr: "inherit" })
      : new StreamableHTTPClientTransport(new URL(`${url}/mcp`)),
  );
  return made;
}

// Over http the same client goes on with a server that was begun anew; over stdio another client begins another.
async function reconnected() {
  if (transport === "http") {
    server.kill("SIGTERM");
    await once(server, "exit");
    server = await started();
  } else {
    await client.close();
    client = await connected();
  }
}

async function started() {
  const process_ = spawn(words[0], words.slice(1), { stdio: ["ignore", "inherit", "inherit"] });
  for (let tries = 0; tries < 600; tries++) {
    if (await fetch(`${url}/healthz`).then((answer) => answer.ok, () => false)) return process_;
    await after(50);
  }
  throw new Error("the server did not start");
}

async function load() {
  if (edition !== "v1") return { ...(await import("@modelcontextprotocol/client")), ...(await import("@modelcontextprotocol/client/stdio")) };
  const path = "@modelcontextprotocol/sdk/client";
  return {
    ...(await import(`${path}/index.js`)),
    ...(await import(`${path}/stdio.js`)),
    ...(await import(`${path}/streamableHttp.js`)),
  };
}
