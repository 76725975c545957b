/** A process that writes to a file of grants, and tells its parent what it has written. */
const { fileGrants } = require("../../../../src/grants/stores/file/file.ts");

const { path, key, id, writes } = JSON.parse(process.argv[2]);
const store = fileGrants(path, { encryptionKeys: [key] });

/** Until it is killed. */
async function create() {
  for (;;) process.send({ created: await store.create(await newGrant(9), 60_000) });
}

async function main() {
  for (let written = 0; written < writes;) {
    const { version, ...grant } = await store.get(id);
    if (await store.replace(id, version, { ...grant, accessToken: `${process.pid} ${version}` })) {
      written += 1;
      process.send({ replaced: 1 });
    }
  }
  process.send({ created: await store.create(await newGrant(8), 60_000) });
  process.disconnect();
}

async function newGrant(company) {
  const { version: _version, ...grant } = await store.get(id);
  return { ...grant, account: { id: company, name: null, user: null } };
}

void (writes === null ? create() : main());
