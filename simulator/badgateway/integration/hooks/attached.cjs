// Node loads this first (--require): it sends calls for a provider's real host to a simulated one. stripe-node,
// as CommonJS and as ES module, asks for each of its calls by https.request.
"use strict";

const http = require("node:http");
const https = require("node:https");
const { syncBuiltinESMExports } = require("node:module");

const bases = JSON.parse(process.env.BADGATEWAY_ATTACHED || "{}");
const real = https.request;

/** Give an address and options as one set of options, as https.request reads them. */
function asOptions(first, second) {
  if (typeof first !== "string" && !(first instanceof URL)) return { ...first };
  const url = new URL(first);
  return { hostname: url.hostname, port: url.port, path: url.pathname + url.search, ...second };
}

https.request = function request(...given) {
  const answered = given.find((one) => typeof one === "function");
  const [first, second] = given.filter((one) => typeof one !== "function");
  const options = asOptions(first, second);
  const host = String(options.hostname || options.host || "").split(":")[0];
  if (!Object.hasOwn(bases, host)) return real.apply(https, given);
  const base = new URL(bases[host]);
  const path = base.pathname.replace(/\/$/, "") + (options.path || "/");
  // An agent for TLS refuses plain HTTP, and what it was set up for does not matter on loopback.
  const moved = { ...options, protocol: "http:", host: undefined, hostname: base.hostname, port: base.port, path };
  return http.request({ ...moved, agent: undefined }, answered);
};

https.get = function get(...given) {
  const request = https.request(...given);
  request.end();
  return request;
};

syncBuiltinESMExports();
