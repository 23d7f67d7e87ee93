/** Accounts for the browser tests: made as an administrator makes them, so that a test may change its own as it likes. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { request } from "playwright-core";
import { PASSWORD } from "./harness.mjs";

/** The API as a program uses it, logged in; `dispose` ends it. */
export async function callAs(platform, username, password = PASSWORD) {
  const call = await request.newContext({ baseURL: platform.http });
  const answer = await call.post("/api/session", { data: { username, password } });
  assert.equal(answer.status(), 200, `${username} logs in`);
  return call;
}

/** A link by which somebody gets an account, an operator's unless said otherwise. */
export async function invite(platform, whom = { role: "operator", display_name: "新接线员" }) {
  const admin = await callAs(platform, "admin");
  const answer = await admin.post("/api/invitations", { data: whom });
  assert.equal(answer.status(), 201);
  const { code, path } = await answer.json();
  await admin.dispose();
  return { code, path };
}

let accounts = 0;
export const newName = () => `xin-${Date.now().toString(36)}${(accounts += 1)}`;

/** An operator of whom no other test knows, so that their password, code and sessions may be changed; or somebody else. */
export async function newOperator(platform, password, whom) {
  const { code } = await invite(platform, whom);
  const username = newName();
  const joining = await request.newContext({ baseURL: platform.http });
  assert.equal((await joining.post(`/api/join/${code}`, { data: { username, password } })).status(), 200);
  await joining.dispose();
  return username;
}

/** Somebody who works at a station. */
export const newStaff = (platform, password, station) => newOperator(platform, password, { role: "station", display_name: "站员 小赵", station });

/** Uses an invitation's link, and stays logged in; `dispose` ends it. */
export async function join(link, password) {
  const { hash, origin } = new URL(link);
  const username = newName();
  const call = await request.newContext({ baseURL: origin });
  assert.equal((await call.post(`/api/join/${hash.replace("#/join/", "")}`, { data: { username, password } })).status(), 200);
  return { username, call };
}

/** What an authenticator shows (RFC 6238) for a secret in base 32, so many steps of half a minute from now. */
export function codeOf(secret, steps = 0) {
  const bits = [...secret].map((sign) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(sign).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const hash = createHmac("sha1", key).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
