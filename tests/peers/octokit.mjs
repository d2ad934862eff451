// GitHub's own client in JavaScript, octokit.

import assert from "node:assert/strict";
import { createSign } from "node:crypto";
import { Octokit } from "@octokit/rest";
import { HARD, Peer, main } from "./peer.mjs";

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const LISTED_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000-08:00$/;
const NOTHING = () => {};
const REPOSITORIES = "people of repositories, who are no members";
const IN_PUBLIC = "what is shown in public, which decides nothing";
const APPS_AND_TOKENS = "the organization's apps and tokens, not its people";
const EXCLUDED = {
  [IN_PUBLIC]:
    "orgs.list orgs.listForUser orgs.listPublicMembers orgs.checkPublicMembershipForUser " +
    "orgs.setPublicMembershipForAuthenticatedUser orgs.removePublicMembershipForAuthenticatedUser",
  [REPOSITORIES]: "orgs.listOutsideCollaborators orgs.convertMemberToOutsideCollaborator orgs.removeOutsideCollaborator",
  [APPS_AND_TOKENS]: "orgs.listAppInstallations apps.getOrgInstallation",
};
const DRIVEN = /^(get|update|delete|list|(check|remove|convert|set|list|get|update|create|cancel).*(Member|Membership|Invitation|Collaborator).*|listForUser|listForAuthenticatedUser|listAppInstallations)$/;

const peer = await Peer.open("github", {
  connect: ({ key, token }, baseUrl) =>
    new Octokit({ auth: key ?? token, baseUrl, log: { debug: NOTHING, info: NOTHING, warn: NOTHING, error: NOTHING } }),
  invoke: (client, call, args) => {
    const [resource, method] = call.split(".");
    return client.rest[resource][method](args);
  },
  status: (error) => error.status,
});

const refusal = (message) => (error) => {
  const { data } = error.response;
  assert.match(data.message, message);
  assert.deepEqual([data.status, typeof data.documentation_url], [`${error.status}`, "string"]);
};
const notFound = refusal(/^Not Found$/);
const noToken = refusal(/^Bad credentials$/);

async function drive(peer) {
  const owner = peer.session(peer.identity("ada@acme.example").credential);
  const keys = peer.identities.filter((it) => it.email === "ada@acme.example").map((it) => it.credential);
  const reader = peer.session(keys.find((it) => it.key.startsWith("github_pat_")));
  const stranger = peer.session(peer.identity("grace@elsewhere.example").credential);
  const wrong = peer.session({ type: "api_key", key: "ghp_worn-out" });
  await organizations(owner, reader, stranger, wrong);
  await invitations(peer, owner, reader);
  await invited(peer, owner, wrong);
  await members(peer, owner, reader, stranger);
  await accounts(owner, wrong);
  await app(peer, wrong);
  peer.covers(methods(owner.client), excluded());
}

async function organizations(owner, reader, stranger, wrong) {
  await owner.ok("orgs.listForAuthenticatedUser", { per_page: 50 }, ({ data, headers }) => {
    assert.deepEqual(data.map((it) => it.login), ["acme", "acme-labs"]);
    assert.ok(!("name" in data[0]) && !headers.link);
    assert.deepEqual([headers["x-ratelimit-limit"], headers["x-ratelimit-resource"]], ["5000", "core"]);
  });
  await owner.ok("orgs.listForAuthenticatedUser", { per_page: 1, page: 2 }, ({ data, headers }) => {
    assert.deepEqual(data.map((it) => it.login), ["acme-labs"]);
    assert.match(headers.link, /page=1>; rel="prev", .*page=1>; rel="first"/);
  });
  await reader.ok("orgs.listForAuthenticatedUser", {}, ({ data }) => assert.deepEqual(data, []));
  await wrong.refused(401, "orgs.listForAuthenticatedUser", {}, noToken);

  await owner.ok("orgs.get", { org: "ACME" }, ({ data }) => {
    assert.deepEqual([data.login, data.name, data.type, data.archived_at], ["acme", "Acme", "Organization", null]);
    assert.match(data.created_at, DATE);
    assert.ok(data.plan.filled_seats < data.plan.seats && data.node_id);
  });
  await stranger.ok("orgs.get", { org: "acme" }, ({ data }) => assert.ok(!("plan" in data)));
  await owner.ok("orgs.get", { org: "acme-labs" }, ({ data }) => assert.ok(!("name" in data)));
  await owner.refused(404, "orgs.get", { org: "R&D +ü/*" }, notFound);

  const update = { org: "acme", name: HARD, description: 'Zeile 1\nZeile "2"', company: "Zwei", billing_email: "bills+1@acme.example" };
  await owner.ok("orgs.update", update, ({ data }) =>
    assert.deepEqual([data.login, data.name, data.description], ["acme", update.name, update.description]),
  );
  await owner.refused(422, "orgs.update", { org: "acme", description: "ü".repeat(161) }, (error) =>
    assert.equal(error.response.data.errors[0].field, "description"),
  );
  await reader.refused(403, "orgs.update", { org: "acme", name: "Drei" }, (error) => {
    refusal(/^Resource not accessible by personal access token$/)(error);
    assert.equal(error.response.headers["x-accepted-github-permissions"], "members=write");
  });
  await stranger.refused(404, "orgs.delete", { org: "acme-labs" }, notFound);
  await owner.ok("orgs.delete", { org: "acme-labs" }, ({ status, data }) => assert.deepEqual([status, data], [202, {}]));
}

async function invitations(peer, owner, reader) {
  const org = peer.organization;
  const email = "Ada.Lovelace+lab@Example.org";
  const made = await owner.ok("orgs.createInvitation", { org, email, role: "admin", team_ids: [12, 26] }, async ({ status, data }) => {
    assert.equal(status, 201);
    assert.deepEqual([data.login, data.email, data.role, data.team_count], [null, email, "admin", 2]);
    assert.match(data.created_at, DATE);
    assert.deepEqual([data.inviter.login, data.failed_at, data.invitation_source], ["ada", null, "member"]);
    assert.deepEqual(await peer.mails(email), ["invite"]);
  });
  const invitation_id = made.data.id;
  await owner.ok("orgs.createInvitation", { org, email: email.toUpperCase() }, ({ data }) =>
    assert.deepEqual([data.id, data.role], [invitation_id, "admin"], "the one that there is"),
  );
  await owner.refused(422, "orgs.createInvitation", { org, email: "ada@acme.example" }, (error) => {
    const [reason] = error.response.data.errors;
    assert.deepEqual([reason.resource, reason.code], ["OrganizationInvitation", "unprocessable"]);
    assert.match(reason.message, /already a part of this organization$/);
  });
  await owner.refused(422, "orgs.createInvitation", { org, email: "x@x.io", role: "emperor" });
  await owner.refused(422, "orgs.createInvitation", { org, email: "x@x.io", team_ids: [1] });
  await reader.refused(403, "orgs.createInvitation", { org, email: "x@x.io" });

  const grace = await owner.ok("users.getByUsername", { username: "grace" }, ({ data }) =>
    assert.deepEqual([data.login, data.email], ["grace", null]),
  );
  await owner.ok("orgs.createInvitation", { org, invitee_id: grace.data.id, role: "direct_member" }, ({ data }) =>
    assert.deepEqual([data.login, data.email, data.role], ["grace", null, "direct_member"]),
  );

  await owner.ok("orgs.listPendingInvitations", { org, per_page: 1 }, ({ data, headers }) => {
    assert.equal(data.length, 1);
    assert.match(data[0].created_at, LISTED_DATE);
    assert.match(headers.link, /organizations\/\d+\/invitations\?per_page=1&page=2>; rel="next"/);
  });
  await owner.ok("orgs.listPendingInvitations", { org, role: "direct_member", invitation_source: "member" }, ({ data }) =>
    assert.deepEqual(data.map((it) => it.login), ["grace"]),
  );
  await owner.refused(404, "orgs.listPendingInvitations", { org: "nowhere" }, notFound);
  await owner.ok("orgs.listInvitationTeams", { org, invitation_id, per_page: 100 }, ({ data }) =>
    assert.deepEqual(data.map((it) => [it.id, it.slug, it.privacy]), [[12, "platform", "closed"], [26, "on-call", "closed"]]),
  );
  await owner.refused(404, "orgs.listInvitationTeams", { org, invitation_id: 1 }, notFound);
  await owner.ok("orgs.cancelInvitation", { org, invitation_id }, async ({ status }) => {
    assert.equal(status, 204);
    assert.deepEqual((await peer.mails(email)).at(-1), "notice");
  });
  await owner.refused(404, "orgs.cancelInvitation", { org, invitation_id }, notFound);
  await owner.ok("orgs.listFailedInvitations", { org, page: 1 }, ({ data }) => assert.deepEqual(data, []));
  await owner.refused(404, "orgs.listFailedInvitations", { org: "nowhere" }, notFound);
}

async function invited(peer, owner, wrong) {
  const org = peer.organization;
  const email = "new+1@example.org";
  await owner.ok("orgs.createInvitation", { org, email }, NOTHING);
  const { credential } = await peer.user(email);
  const person = peer.session(credential);
  await person.ok("orgs.listMembershipsForAuthenticatedUser", { state: "pending", per_page: 10 }, ({ data }) => {
    assert.deepEqual([data.length, data[0].state, data[0].role], [1, "pending", "member"]);
    assert.deepEqual([data[0].organization.login, data[0].user.login], [org, "new-1"]);
  });
  await wrong.refused(401, "orgs.listMembershipsForAuthenticatedUser", {}, noToken);
  await person.ok("orgs.getMembershipForAuthenticatedUser", { org }, ({ data }) => assert.equal(data.state, "pending"));
  await person.refused(404, "orgs.getMembershipForAuthenticatedUser", { org: "nowhere" }, notFound);
  await person.ok("orgs.updateMembershipForAuthenticatedUser", { org, state: "active" }, ({ data }) =>
    assert.deepEqual([data.state, data.role], ["active", "member"]),
  );
  await person.refused(404, "orgs.updateMembershipForAuthenticatedUser", { org: "nowhere", state: "active" }, notFound);
}

async function members(peer, owner, reader, stranger) {
  const org = peer.organization;
  const username = "new-1";
  await owner.ok("orgs.listMembers", { org, role: "admin", per_page: 100 }, ({ data }) =>
    assert.deepEqual(data.map((it) => [it.login, it.email, it.type]), [["ada", undefined, "User"]]),
  );
  await owner.ok("orgs.listMembers", { org, role: "member", filter: "2fa_disabled" }, ({ data }) =>
    assert.deepEqual(data.map((it) => it.login), [username]),
  );
  await stranger.ok("orgs.listMembers", { org }, ({ data }) => assert.deepEqual(data, [], "nobody shows it in public"));
  await owner.refused(404, "orgs.listMembers", { org: "nowhere" }, notFound);
  await owner.ok("orgs.checkMembershipForUser", { org, username }, ({ status }) => assert.equal(status, 204));
  await owner.refused(404, "orgs.checkMembershipForUser", { org, username: "grace" }, refusal(/not a member/));
  await owner.ok("orgs.getMembershipForUser", { org, username: "NEW-1" }, ({ data }) =>
    assert.deepEqual([data.state, data.role, data.user.login], ["active", "member", username]),
  );
  await owner.ok("orgs.getMembershipForUser", { org, username: "grace" }, ({ data }) => assert.equal(data.state, "pending"));
  await owner.refused(404, "orgs.getMembershipForUser", { org, username: "ü/ &+" }, notFound);
  await owner.ok("orgs.setMembershipForUser", { org, username, role: "admin" }, ({ data }) =>
    assert.deepEqual([data.state, data.role], ["active", "admin"]),
  );
  await reader.refused(403, "orgs.setMembershipForUser", { org, username, role: "member" });
  await owner.refused(404, "orgs.setMembershipForUser", { org, username: "nobody", role: "member" }, notFound);
  await owner.ok("orgs.setMembershipForUser", { org, username, role: "member" }, ({ data }) => assert.equal(data.role, "member"));
  await owner.refused(403, "orgs.setMembershipForUser", { org, username: "ada", role: "member" }, refusal(/last owner/));
  await owner.ok("orgs.removeMember", { org, username }, ({ status }) => assert.equal(status, 204));
  await owner.refused(404, "orgs.removeMember", { org, username }, notFound);
  await owner.ok("orgs.setMembershipForUser", { org, username, role: "member" }, ({ data }) =>
    assert.equal(data.state, "pending", "whoever is gone is invited"),
  );
  await owner.ok("orgs.removeMembershipForUser", { org, username }, ({ status }) => assert.equal(status, 204));
  await owner.refused(404, "orgs.removeMembershipForUser", { org, username }, notFound);
}

async function accounts(owner, wrong) {
  const me = await owner.ok("users.getAuthenticated", {}, ({ data }) => {
    assert.deepEqual([data.login, data.name, data.email], ["ada", "Ada", null]);
    assert.match(data.created_at, DATE);
  });
  await wrong.refused(401, "users.getAuthenticated", {}, noToken);
  await owner.ok("users.getById", { account_id: me.data.id }, ({ data }) => assert.equal(data.login, "ada"));
  await owner.refused(404, "users.getById", { account_id: 1 }, notFound);
  await owner.refused(404, "users.getByUsername", { username: "nobody" }, notFound);
}

async function app(peer, wrong) {
  const { credential, settings } = peer.identities.find((it) => it.credential.type === "key_pair");
  const installation_id = settings.installation;
  const self = peer.session({ type: "bearer", token: proof(credential) });
  await self.ok("apps.getInstallation", { installation_id }, ({ data }) =>
    assert.deepEqual([data.id, data.account.login], [installation_id, peer.organization]),
  );
  await self.refused(404, "apps.getInstallation", { installation_id: 1 }, notFound);
  await self.ok("apps.createInstallationAccessToken", { installation_id }, ({ status, data }) => {
    assert.equal(status, 201);
    assert.match(data.token, /^ghs_/);
    assert.match(data.expires_at, DATE);
  });
  await wrong.refused(401, "apps.createInstallationAccessToken", { installation_id });
}

// What an app signs with its key.
function proof({ key, secret }) {
  const now = Math.floor(Date.now() / 1000);
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iat: now - 60, exp: now + 540, iss: key })}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(secret, "base64url")}`;
}

function methods({ rest }) {
  const of = (resource, wanted) => Object.keys(rest[resource]).filter(wanted).map((name) => `${resource}.${name}`);
  return new Set([
    ...of("orgs", (name) => DRIVEN.test(name)),
    ...of("users", (name) => ["getAuthenticated", "getById", "getByUsername"].includes(name)),
    ...of("apps", (name) => ["getInstallation", "createInstallationAccessToken", "getOrgInstallation"].includes(name)),
  ]);
}

function excluded() {
  return Object.fromEntries(Object.entries(EXCLUDED).flatMap(([why, names]) => names.split(" ").map((name) => [name, why])));
}

const rows = async (client, call, org) => (await client.rest.orgs[call]({ org, per_page: 100 })).data;
const login = async (client, account_id) => (await client.rest.users.getById({ account_id })).data.login;

await main(peer, drive, {
  invite: async (client, { organization: org, email }) => {
    await client.rest.orgs.createInvitation({ org, email });
  },
  pending: async (client, { organization }) => (await rows(client, "listPendingInvitations", organization)).map((it) => it.email),
  revoke: async (client, { organization: org, email }) => {
    const { id } = (await rows(client, "listPendingInvitations", org)).find((it) => it.email === email);
    await client.rest.orgs.cancelInvitation({ org, invitation_id: id });
  },
  respond: async (client, { organization: org }) => {
    await client.rest.orgs.updateMembershipForAuthenticatedUser({ org, state: "active" });
  },
  members: async (client, { organization }) => (await rows(client, "listMembers", organization)).map((it) => `${it.id}`),
  set_role: async (client, { organization: org, user, role }) => {
    await client.rest.orgs.setMembershipForUser({ org, username: await login(client, user), role });
  },
  remove: async (client, { organization: org, email: user }) => {
    await client.rest.orgs.removeMember({ org, username: await login(client, user) });
  },
});
