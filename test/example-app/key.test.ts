import { aircallAuth, memoryGrants } from "express-aircall";
import { connect, openBoard, type OpenBoard } from "./board";

/** A board that takes keys; `kept` names the companies whose keys are in its store, `removeAll` empties it. */
async function openKeyBoard() {
  const keys = memoryGrants();
  const board = await openBoard(undefined, {}, { keys });

  const operator = aircallAuth({ authScheme: "Basic", hold: "company", grants: keys, apiUrl: board.simulator.url });

  async function kept() {
    const names: (string | null)[] = [];
    for await (const { name } of operator.companies()) names.push(name);
    return names;
  }

  async function removeAll() {
    for await (const { companyRef } of operator.companies()) await operator.disconnectKey({ ref: companyRef! });
  }

  return { ...board, kept, removeAll };
}

/** The key of the second company: the one that does not sign in. */
function rightKey({ simulator }: OpenBoard) {
  const { apiId, apiToken } = simulator.companies[1];
  return { apiId, apiToken };
}

function sendKey({ browser }: OpenBoard, key: object) {
  return browser.submit("/connect/key").type("form").send(key);
}

function cookieOf({ headers }: { headers: Record<string, string> }): string {
  return String(headers["set-cookie"]).split(";")[0] ?? "";
}

const wrongKey = { apiId: "no-such-id", apiToken: "no-such-token" };

describe("connecting a company by API key", () => {
  it("shows the board of the company whose key it is, and asks Aircall with that key", async () => {
    const board = await openKeyBoard();
    const { status, headers } = await sendKey(board, rightKey(board));
    expect([status, headers["location"]]).toEqual([303, "/missed-calls"]);

    const { name, calls } = board.simulator.companies[1];
    const { text } = await board.browser.visit("/missed-calls");
    expect(text).toContain(`Connected to ${name}.`);
    expect(text).toContain(`<span class="company">${name}</span>`);
    const shown = [...text.matchAll(/href="\/calls\/(\d+)"/g)].map(([, id]) => Number(id));
    expect(shown.length).toBeGreaterThan(0);
    expect(calls.map(({ id }) => id)).toEqual(expect.arrayContaining(shown));
  });

  it("stores nothing of a wrong key, says so, and shows nothing of it again", async () => {
    const board = await openKeyBoard();
    const { status, text } = await sendKey(board, wrongKey);
    expect(status).toBe(422);
    expect(text).toContain("Aircall does not know this key. Nothing was connected.");
    expect(text).not.toMatch(/no-such-id|no-such-token/);
    expect(await board.kept()).toEqual([]);
    expect((await board.browser.visit("/missed-calls")).headers["location"]).toMatch(/^\/auth\/aircall\?/);
    expect(board.logged).toEqual([]);
  });

  it.each([
    ["is empty", {}],
    ["has blanks inside", { apiId: "two words", apiToken: "no-such-token" }],
  ])("says so where a key %s, without asking Aircall", async (_what, key) => {
    const board = await openKeyBoard();
    const { status, text } = await sendKey(board, key);
    expect(status).toBe(400);
    expect(text).toContain("That is no API ID and token as Aircall gives them.");
    expect(board.simulator.requests).toEqual([]);
  });

  it("asks for a break after five wrong keys in a minute, also for the right one", async () => {
    const board = await openKeyBoard();
    for (let attempt = 0; attempt < 5; attempt += 1) expect((await sendKey(board, wrongKey)).status).toBe(422);
    const { status, text } = await sendKey(board, rightKey(board));
    expect(status).toBe(429);
    expect(text).toMatch(/Too many attempts within a minute\. Try again in \d+ seconds\./);
    expect(await board.kept()).toEqual([]);
  });

  it("takes no form of another site", async () => {
    const board = await openKeyBoard();
    const form = board.browser.agent.post("/connect/key").set("Sec-Fetch-Site", "cross-site").type("form");
    const { status, text } = await form.send(rightKey(board));
    expect(status).toBe(403);
    expect(text).toContain("That form came from another site");
    expect(await board.kept()).toEqual([]);
  });

  it("gives the browser a new session, so that a planted one reaches nothing", async () => {
    const board = await openKeyBoard();
    const planted = cookieOf(await sendKey(board, wrongKey));
    const own = cookieOf(await sendKey(board, rightKey(board)));
    const statusWith = async (cookie: string) =>
      (await fetch(`${board.origin}/missed-calls`, { headers: { cookie } })).status;
    expect([await statusWith(planted), await statusWith(own)]).toEqual([401, 200]);
  });

  it.each([
    ["by key", (board: OpenBoard) => sendKey(board, rightKey(board))],
    ["by OAuth", (board: OpenBoard) => connect(board)],
  ])("takes no second company beside one that is connected %s", async (_how, connectFirst) => {
    const board = await openKeyBoard();
    await connectFirst(board);
    const before = await board.kept();
    const { apiId, apiToken } = board.simulator.companies[0];
    expect((await sendKey(board, { apiId, apiToken })).status).toBe(303);
    expect((await board.browser.visit("/missed-calls")).text).toContain("A company is connected already.");
    expect(await board.kept()).toEqual(before);
  });

  it("ends with the log-out, and with no forged one", async () => {
    const board = await openKeyBoard();
    await sendKey(board, rightKey(board));
    await board.browser.agent.post("/auth/aircall/logout").set("Sec-Fetch-Site", "cross-site");
    expect(await board.kept()).toEqual([board.simulator.companies[1].name]);
    expect((await board.browser.submit("/auth/aircall/logout")).status).toBe(303);
    expect(await board.kept()).toEqual([]);
    expect((await board.browser.visit("/")).text).toContain("Connect with this key");
  });

  it("asks who works with a key that is gone to connect again, by key or by OAuth", async () => {
    const board = await openKeyBoard();
    await sendKey(board, rightKey(board));
    await board.removeAll();
    expect((await board.browser.visit("/missed-calls")).headers["location"]).toBe("/");
    expect((await board.browser.visit("/")).text).toContain("Connect with this key");
    await sendKey(board, rightKey(board));
    expect((await board.browser.visit("/missed-calls")).text).toContain(board.simulator.companies[1].name);

    await board.removeAll();
    await connect(board);
    expect((await board.browser.visit("/missed-calls")).text).toContain(board.simulator.companies[0].name);
  });

  it("is offered only where keys can be kept", async () => {
    const board = await openBoard();
    expect((await board.browser.visit("/")).text).not.toContain("API key");
    expect((await sendKey(board, wrongKey)).status).toBe(404);
  });
});
