import session = require("express-session");
import { sessionGrants } from "../../../src/grants/stores/session";
import { everyBitOf } from "../../support/bits";
import { newGrant } from "../../support/grants";
import { describeGrantStore } from "./contract";

const today = "today's key, of 32 characters....";

describeGrantStore("sessionGrants, sealed", (now) => ({
  store: sessionGrants(new session.MemoryStore(), { now, encryptionKeys: [today] }),
}));

describe("sessionGrants with encryptionKeys", () => {
  /** The app's session store, and the text under each key in it. */
  function sessionsAndTexts() {
    const sessions = new session.MemoryStore();
    return { sessions, texts: (sessions as unknown as { sessions: Record<string, string> }).sessions };
  }

  it("believes a grant that was kept without where it is told to, and seals it at its next write", async () => {
    const { sessions, texts } = sessionsAndTexts();
    const id = await sessionGrants(sessions).create(newGrant(), 60_000);
    expect(texts[`ac_${id}`]).toContain("access-0");

    expect(await sessionGrants(sessions, { encryptionKeys: [today] }).get(id)).toBeNull();
    const sealed = sessionGrants(sessions, { encryptionKeys: [today], acceptUnsealed: true });
    expect(await sealed.get(id)).toEqual({ ...newGrant(), version: 1 });
    await sealed.replace(id, 1, newGrant());

    expect(texts[`ac_${id}`]).not.toContain("access-0");
    expect(await sealed.get(id)).toMatchObject({ version: 2 });
  });

  it("reads no record that was copied to another id or changed by one bit", async () => {
    const { sessions, texts } = sessionsAndTexts();
    const store = sessionGrants(sessions, { encryptionKeys: [today] });
    const [id, other] = [await store.create(newGrant(), 60_000), await store.create(newGrant(), 60_000)];
    const document = texts[`ac_${id}`]!;
    const record = document.slice(document.indexOf('"aircall"'));

    texts[`ac_${other}`] = document;
    expect(await store.get(other)).toBeNull();
    for (const flipped of everyBitOf(record)) {
      texts[`ac_${id}`] = document.replace(record, () => flipped);
      expect(await store.get(id)).toBeNull();
    }
  });
});
