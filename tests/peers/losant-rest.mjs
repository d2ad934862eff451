// Losant's own client in JavaScript, losant-rest. It is older than the one in Python and has fewer
// calls: an invited person cannot answer with their own token.

import assert from "node:assert/strict";
import losant from "losant-rest";
import { HARD, Peer, main } from "./peer.mjs";

const NO_ID = "0".repeat(24);
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const OTHER_MATTER = "another matter than organizations, members and invitations";
const NO_OPERATOR = "needs a token of an instance operator, which no customer has";
const RESOURCES = ["org", "orgs", "orgInvites", "me", "auth"];
const NOT_DRIVEN = {
  me: "addRecentItem changePassword delete disableTwoFactorAuth disconnectGithub enableTwoFactorAuth fetchRecentItems patch payloadCounts transferResources verifyEmail",
  auth: "authenticateDevice authenticateUserGithub authenticateUserSaml ssoDomain",
  org: "payloadCounts",
};

const peer = await Peer.open("losant", {
  connect: ({ token }, url) => losant.createClient({ accessToken: token, url }),
  invoke: (client, call, args) => {
    const [resource, method] = call.split(".");
    return client[resource][method](args);
  },
  status: (error) => error.statusCode,
});

const refusal = (type) => (error) => {
  assert.equal(error.type, type);
  assert.ok(error.message);
};

async function drive(peer) {
  const admin = peer.session(peer.identity("admin@losant.example", "bearer").credential);
  const viewer = peer.session(peer.identity("viewer@losant.example").credential);
  const anonymous = peer.session({ type: "none" });
  await organizations(admin, viewer, anonymous);
  await invites(peer, admin, viewer, anonymous);
  await members(peer, admin, viewer);
  await account(peer, admin, anonymous);
  peer.covers(methods(admin.client), excluded());
}

async function organizations(admin, viewer, anonymous) {
  const query = { sortField: "name", sortDirection: "desc", page: 0, perPage: 5, filterField: "name", filter: "Sand*" };
  await admin.ok("orgs.get", query, (page) => {
    assert.deepEqual([page.count, page.totalCount, page.page, page.perPage, page._type], [1, 1, 0, 5, "orgs"]);
    assert.match(page.items[0].creationDate, DATE);
    assert.ok(Array.isArray(page.items[0].members) && typeof page.items[0].summary === "object");
  });
  await admin.ok("orgs.get", { filterField: "name", filter: "R&D +ü/*", summaryInclude: "memberCount,appCount" }, (page) =>
    assert.deepEqual(page.items, []),
  );
  await admin.refused(400, "orgs.get", { sortField: "colour" }, refusal("Validation"));
  await anonymous.refused(403, "orgs.get", {}, refusal("Forbidden"));

  const organization = { name: HARD, description: 'Zeile 1\nZeile "2"', mfaMode: "required" };
  const made = await admin.ok("orgs.post", { organization, summaryExclude: "payloadCount" }, (org) => {
    assert.deepEqual([org.name, org.description, org.mfaMode], Object.values(organization));
    assert.deepEqual(org.members.map((it) => it.role), ["admin"]);
  });
  await admin.refused(400, "orgs.post", { organization: { name: "x", colour: "red" } }, refusal("Validation"));
  const orgId = made.id;
  await admin.ok("org.get", { orgId, losantdomain: "acme.example", _actions: true, _links: false }, (org) =>
    assert.ok(org._actions && !org._links),
  );
  await admin.refused(404, "org.get", { orgId: NO_ID }, refusal("NotFound"));
  await admin.ok("org.patch", { orgId, organization: { name: "Zwei" } }, (org) => assert.equal(org.name, "Zwei"));
  await admin.refused(400, "org.patch", { orgId, organization: { id: orgId } }, refusal("Validation"));
  const transfer = { destinationId: made.members[0].userId, destinationType: "user", applicationIds: [] };
  await admin.ok("org.transferResources", { orgId, transfer }, (done) => assert.deepEqual(done, { success: true }));
  await viewer.refused(400, "org.transferResources", { orgId, transfer: {} }, refusal("Validation"));
  await admin.ok("org.delete", { orgId }, (done) => assert.deepEqual(done, { success: true }));
  await admin.refused(404, "org.delete", { orgId }, refusal("NotFound"));
}

async function invites(peer, admin, viewer, anonymous) {
  const orgId = peer.organization;
  const email = "Ada.Lovelace+lab@Example.org";
  const dashboardRoles = [{ resourceId: "575ec8687ae143cd83dc4a97", role: "view" }];
  const invite = { email, role: "edit", dashboardRoles };
  const rows = await admin.ok("org.inviteMember", { orgId, invite }, async (rows) => {
    const row = rows.find((it) => it.email === email);
    assert.deepEqual([row.role, row.hasExpired, row.dashboardRoles], ["edit", false, dashboardRoles]);
    assert.match(row.inviteDate, DATE);
    assert.deepEqual([typeof row.id, typeof row.ttl], ["string", "number"]);
    assert.deepEqual(await peer.mails(email), ["invite"]);
  });
  await admin.refused(400, "org.inviteMember", { orgId, invite: { email } }, (error) =>
    assert.equal(error.message, "invite.role is required"),
  );
  await viewer.refused(403, "org.inviteMember", { orgId, invite }, refusal("Forbidden"));
  await admin.ok("org.pendingInvites", { orgId }, (again) => assert.deepEqual(again, rows));
  await admin.refused(404, "org.pendingInvites", { orgId: NO_ID }, refusal("NotFound"));
  const inviteId = rows[0].id;
  await admin.ok("org.revokeInvite", { orgId, inviteId }, (rest) => assert.deepEqual(rest, []));
  await admin.refused(404, "org.revokeInvite", { orgId, inviteId }, refusal("NotFound"));

  for (const [address, accept] of [["new+1@example.org", true], ["new+2@example.org", false]]) {
    await admin.ok("org.inviteMember", { orgId, invite: { email: address, role: "none" } }, () => {});
    await peer.user(address);
    const token = (await peer.ask("GET", "/mail")).find((it) => it.email === address).link;
    await anonymous.ok("orgInvites.get", { token, email: address }, (info) => {
      assert.deepEqual([info.orgName, info.email, info.role], ["Sandbox Organization", address, "none"]);
      assert.match(info.inviteDate, DATE);
    });
    await anonymous.ok("orgInvites.post", { invite: { email: address, token, accept } }, (done) =>
      assert.deepEqual(done, { accepted: accept, orgId }),
    );
    await anonymous.refused(404, "orgInvites.get", { token, email: address }, refusal("NotFound"));
  }
  const unknown = { email, token: "ü/ &+", accept: true };
  await anonymous.refused(404, "orgInvites.post", { invite: unknown }, refusal("NotFound"));
}

async function members(peer, admin, viewer) {
  const orgId = peer.organization;
  const org = await admin.ok("org.get", { orgId }, (org) => assert.equal(org.members.length, 4));
  const { userId } = org.members.find((it) => it.email === "viewer@losant.example");
  await admin.ok("org.modifyMember", { orgId, member: { userId, role: "collaborate" } }, (org) =>
    assert.equal(org.members.find((it) => it.userId === userId).role, "collaborate"),
  );
  await admin.refused(404, "org.modifyMember", { orgId, member: { userId: NO_ID } }, refusal("NotFound"));
  await viewer.refused(403, "org.removeMember", { orgId, userId: org.members[0].userId }, refusal("Forbidden"));
  await admin.ok("org.removeMember", { orgId, userId }, (org) => assert.equal(org.members.length, 3));
  await admin.refused(404, "org.removeMember", { orgId, userId }, refusal("NotFound"));
}

async function account(peer, admin, anonymous) {
  await admin.ok("me.get", { includeRecent: false, summaryInclude: "orgCount" }, (me) => {
    assert.equal(me.id, me.userId);
    assert.match(me.creationDate, DATE);
  });
  await anonymous.refused(403, "me.get", {}, refusal("Forbidden"));
  await admin.ok("me.refreshToken", {}, (token) => assert.equal(typeof token.token, "string"));
  await anonymous.refused(403, "me.refreshToken", {}, refusal("Forbidden"));
  const { email, password, two_factor_code: twoFactorCode } = peer.identity("editor@losant.example").credential;
  const credentials = { email, password, twoFactorCode };
  await anonymous.ok("auth.authenticateUser", { credentials }, (token) => assert.equal(typeof token.token, "string"));
  await anonymous.refused(401, "auth.authenticateUser", { credentials: { ...credentials, password: "not this one" } });
}

function methods(client) {
  const driven = RESOURCES.flatMap((resource) => Object.keys(client[resource]).map((name) => `${resource}.${name}`));
  const others = Object.keys(client).filter((name) => /org|member|invit/i.test(name) && !RESOURCES.includes(name));
  return new Set([...driven, ...others]);
}

function excluded() {
  const names = Object.entries(NOT_DRIVEN).flatMap(([resource, list]) => list.split(" ").map((it) => `${resource}.${it}`));
  const instances = "instanceMember instanceMembers instanceOrg instanceOrgMember instanceOrgMembers instanceOrgs";
  return Object.fromEntries([
    ...names.map((name) => [name, OTHER_MATTER]),
    ...instances.split(" ").map((name) => [name, NO_OPERATOR]),
  ]);
}

const people = async (client, orgId) => (await client.org.get({ orgId })).members;

await main(peer, drive, {
  invite: async (client, { organization, email }) => {
    await client.org.inviteMember({ orgId: organization, invite: { email, role: "view" } });
  },
  pending: async (client, { organization }) => {
    const rows = await client.org.pendingInvites({ orgId: organization });
    return rows.filter((it) => !it.hasExpired).map((it) => it.email);
  },
  revoke: async (client, { organization: orgId, email }) => {
    const rows = await client.org.pendingInvites({ orgId });
    await client.org.revokeInvite({ orgId, inviteId: rows.find((it) => it.email === email).id });
  },
  members: async (client, { organization }) => (await people(client, organization)).map((it) => it.email),
  set_role: async (client, { organization, user, role }) => {
    await client.org.modifyMember({ orgId: organization, member: { userId: user, role } });
  },
  remove: async (client, { organization: orgId, email }) => {
    const { userId } = (await people(client, orgId)).find((it) => it.email === email);
    await client.org.removeMember({ orgId, userId });
  },
});
