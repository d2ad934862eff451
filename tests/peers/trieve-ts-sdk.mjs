// Trieve's own client in TypeScript, trieve-ts-sdk, where it has the calls.

import assert from "node:assert/strict";
import { TrieveSDK } from "trieve-ts-sdk";
import { Peer, main } from "./peer.mjs";

const NO_ID = "00000000-0000-4000-8000-000000000000";
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/;

// Its errors hold the body and not the status.
const peer = await Peer.open("trieve", {
  connect: ({ key, organization }, baseUrl) =>
    new TrieveSDK({ apiKey: key, baseUrl, organizationId: organization }),
  invoke: (sdk, call, args) => sdk[call](...Object.values(args)),
  status: (error, request) => (error.message.startsWith("HTTP error! status:") ? request?.status : undefined),
});

const says = (text) => (error) => assert.ok(error.message.includes(text), error.message);

async function drive(peer) {
  const organization = peer.organization;
  const session = (credential) => peer.session({ ...credential, organization });
  const owner = session(peer.identity("owner@acme.example").credential);
  const admin = session(peer.identity("admin@acme.example").credential);
  const nobody = session({ type: "api_key", key: "tr-worn-out" });

  await owner.ok("getOrganizationById", { organizationId: organization }, (found) => {
    assert.equal(found.organization.id, organization);
    assert.equal(found.organization.name, "acme");
    assert.match(found.organization.created_at, TIME);
    assert.equal(found.plan.type, "flat");
    assert.equal(found.subscription, null);
  });
  await owner.refused(404, "getOrganizationById", { organizationId: NO_ID }, says("Organization not found"));
  await nobody.refused(401, "getOrganizationById", { organizationId: organization }, says("Unauthorized"));

  const { client } = owner;
  const headers = { authorization: `Bearer ${owner.credential.key}` };
  const me = await (await fetch(`${peer.baseUrl}/api/auth/me`, { headers })).json();
  await owner.ok("updateUserRole", { data: { user_id: me.id, role: 2 } }, (nothing) => assert.equal(nothing, ""));
  await admin.refused(400, "updateUserRole", { data: { user_id: me.id, role: 2 } }, says("Can not grant a user a higher role"));
  await owner.refused(400, "updateUserRole", { data: { user_id: NO_ID, role: 0 } }, says("Error loading user by itself"));

  const key = { name: "ci/ü +1", role: 1, scopes: ["GET /api/organization"], expires_at: "2099-01-01T00:00:00Z" };
  await owner.ok("createOrganizationApiKey", { data: key }, (made) => assert.match(made.api_key, /^tr-/));
  await nobody.refused(401, "createOrganizationApiKey", { data: key }, says("Unauthorized"));
  await owner.ok("deleteOrganizationApiKey", { apiKeyId: NO_ID }, (nothing) => assert.equal(nothing, ""));
  await owner.refused(400, "deleteOrganizationApiKey", { apiKeyId: "no-uuid" }, says("UUID parsing failed"));
  await owner.ok("getOrganizationUsage", { organizationId: organization }, (usage) => {
    assert.equal(usage.user_count, 2);
  });
  await nobody.refused(401, "getOrganizationUsage", { organizationId: organization }, says("Unauthorized"));

  peer.covers(methods(client), { getDatasetsFromOrganization: "datasets, no administration" });
}

function methods(client) {
  const names = [];
  for (let it = client; it !== Object.prototype; it = Object.getPrototypeOf(it)) names.push(...Object.getOwnPropertyNames(it));
  const concerns = (name) => /org|member|invit|user/i.test(name) && typeof client[name] === "function";
  return new Set(names.filter(concerns));
}

await main(peer, drive, {
  set_role: async (sdk, { organization, user, role }) => {
    sdk.organizationId = organization;
    await sdk.updateUserRole({ user_id: user, role });
  },
});
