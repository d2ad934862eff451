// What the drivers in JavaScript share; the same as peer.py, which explains it.

import { createInterface } from "node:readline";

export const HARD = "Röntgen & Söhne / +1 100% 日本";

const write = (line) => process.stdout.write(JSON.stringify(line) + "\n");

export class Peer {
  // `connect(credential, baseUrl)` makes a client, `invoke(client, call, args)` calls it, and
  // `status(error, request)` is the status of a refusal, undefined for any other error.
  static async open(vendor, { connect, invoke, status }) {
    const peer = Object.assign(new Peer(), { vendor, connect, invoke, status, driven: new Set() });
    const identities = await peer.ask("GET", "/identities");
    peer.identities = identities.filter((it) => it.vendor === vendor);
    peer.baseUrl = peer.identities[0].settings.base_url;
    peer.organization = peer.identities[0].organization;
    return peer;
  }

  async ask(method, path, body) {
    const init = { method, body: body && JSON.stringify(body) };
    const reply = await fetch(process.env.SANDBOX + path, init);
    if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`);
    return reply.json();
  }

  change(path, body) {
    write({ type: "control", path, body });
    return this.ask("POST", path, body);
  }

  user(email) {
    return this.change("/users", { vendor: this.vendor, email });
  }

  async mails(email) {
    return (await this.ask("GET", "/mail")).filter((it) => it.email === email).map((it) => it.kind);
  }

  identity(email, type) {
    return this.identities.find((it) => it.email === email && (!type || it.credential.type === type));
  }

  session(credential) {
    return new Session(this, credential);
  }

  covers(methods, excluded, only = {}) {
    const both = (names) => [...names].flatMap((name) => [`${name} ok`, `${name} refused`]);
    const wanted = new Set(both(methods));
    const free = new Set([...both(Object.keys(excluded)), ...Object.keys(only)]);
    const left = [...wanted].filter((it) => !free.has(it) && !this.driven.has(it));
    const strays = [...free].filter((it) => !wanted.has(it) || this.driven.has(it));
    const unknown = [...this.driven].filter((it) => !wanted.has(it));
    const reasons = Object.entries({ ...excluded, ...only }).map(([name, why]) => `${name}: ${why}`);
    write({ type: "coverage", forgotten: left, stale: [...strays, ...unknown], excluded: reasons });
  }
}

class Session {
  constructor(peer, credential) {
    Object.assign(this, { peer, credential, client: peer.connect(credential, peer.baseUrl) });
  }

  // Makes a call that has to succeed; `check` asserts its result.
  ok(call, args, check) {
    return this.#call(call, args, check, undefined);
  }

  // Makes a call that has to fail with this status; `check` asserts the error.
  refused(status, call, args, check = () => {}) {
    return this.#call(call, args, check, status);
  }

  async #call(call, args, check, refused) {
    const { peer, client, credential } = this;
    peer.driven.add(`${call} ${refused ? "refused" : "ok"}`);
    await peer.ask("DELETE", "/requests");
    let result, error, problem;
    try {
      result = await peer.invoke(client, call, args);
    } catch (thrown) {
      error = thrown;
    }
    const requests = (await peer.ask("GET", "/requests")).filter((it) => it.vendor === peer.vendor);
    const status = error && peer.status(error, requests[0]);
    if (requests.length !== 1) problem = `${requests.length} requests were sent`;
    else if (error && status === undefined) problem = `${error}`;
    else if (status !== refused) problem = `status ${status} instead of ${refused}: ${error ?? JSON.stringify(result)}`;
    try {
      await check(error ?? result);
    } catch (failed) {
      problem ??= `${failed}: ${JSON.stringify(result) ?? error}`;
    }
    write({ type: "call", call, credential, arguments: args, request: requests[0] ?? null, problem: problem ?? null });
    return result;
  }
}

// Does what standard input asks for, one verb of the cross play per line.
async function play(peer, verbs) {
  write({ verbs: Object.keys(verbs) });
  for await (const line of createInterface({ input: process.stdin })) {
    const { verb, credential, arguments: args } = JSON.parse(line);
    try {
      write({ answer: (await verbs[verb](peer.connect(credential, peer.baseUrl), args)) ?? null });
    } catch (error) {
      write({ error: `${error}` });
    }
  }
}

export async function main(peer, drive, verbs) {
  await (process.argv[2] === "play" ? play(peer, verbs) : drive(peer));
}
