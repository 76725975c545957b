import type { Call, Simulator } from "express-aircall/simulator";
import { connect, heardCall, openBoard, openConnected, readBoard, type OpenBoard } from "./board";

const basic = (simulator: Simulator) => simulator.basic;

/** A missed call from a number that can be called back. */
function missedCall({ simulator }: OpenBoard): Call {
  const missed = simulator.companies[0].calls.filter((call) => call.missed_call_reason && /^\+/.test(call.raw_digits));
  const call = missed.at(-1);
  if (!call) throw new Error("Nobody was missed.");
  return call;
}

describe("the board with an API key", () => {
  it("shows who is waiting without a sign-in", async () => {
    const { browser } = await openBoard(basic);
    expect((await browser.visit("/")).headers["location"]).toBe("/missed-calls");
    const text = await readBoard({ browser });
    expect(text).toMatch(/\d+ callers are waiting/);
    expect(text).toContain("Brightwater Supplies");
    expect(text).toContain("Times are London time.");
  });

  it("keeps those who were called back apart", async () => {
    const { browser } = await openBoard(basic, { callsPerDay: 200 });
    expect(await readBoard({ browser })).not.toContain("Called back");
    expect(await readBoard({ browser }, "/missed-calls?show=reached")).toContain("Called back");
  });

  it("says so when nobody is waiting", async () => {
    const { browser } = await openBoard(basic, { callsPerDay: 0 });
    const text = await readBoard({ browser });
    expect(text).toContain("Nobody is waiting");
    expect(text).toContain("Everybody who was missed in the last seven days has been seen to.");
  });

  it("saves a comment, shows it as text, and says so once", async () => {
    const board = await openBoard(basic);
    const path = `/calls/${missedCall(board).id}`;
    const { status, headers } = await board.browser
      .submit(`${path}/comments`)
      .type("form")
      .send({ content: "<script>alert(1)</script>" });
    expect([status, headers["location"]]).toEqual([303, path]);
    const { text } = await board.browser.visit(path);
    expect(text).toContain("Your comment is saved.");
    expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(text).not.toContain("<script>");
    expect((await board.browser.visit(path)).text).not.toContain("Your comment is saved.");
  });

  it("puts the number into the dialer of somebody available", async () => {
    const board = await openBoard(basic);
    const call = missedCall(board);
    const [agent] = board.simulator.companies[0].users;
    await board.browser.submit(`/calls/${call.id}/dial`).type("form").send({ agent: agent?.id });
    expect(board.simulator.dials).toMatchObject([{ userId: agent?.id, to: call.raw_digits.replace(/[^+\d]/g, "") }]);
    expect((await board.browser.visit(`/calls/${call.id}`)).text).toContain("is in their dialer, ready to call.");
  });

  it.each([
    ["has just become unavailable", (board: OpenBoard) => awayAgent(board), 409, "They have just become unavailable."],
    ["was not chosen", () => "", 400, "Choose who calls back."],
  ])("says so when the agent %s", async (_what, agentOf, status, sentence) => {
    const board = await openBoard(basic);
    const answer = await board.browser
      .submit(`/calls/${missedCall(board).id}/dial`)
      .type("form")
      .send({ agent: agentOf(board) });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(sentence);
    expect(board.simulator.dials).toEqual([]);
  });

  it("plays a voicemail from this site, whole or in part, and shows no address that opens it to anybody", async () => {
    const board = await openBoard(basic);
    const { id } = heardCall(board, "voicemail");
    const pages = [
      "/missed-calls",
      "/missed-calls?show=reached",
      `/calls/${id}`,
      `/calls/${heardCall(board, "recording").id}`,
    ];
    for (const page of pages) {
      const { status, text } = await board.browser.visit(page);
      expect(status).toBe(200);
      expect(text).not.toMatch(/Signature=|Expires=|\/assets\//);
    }

    const path = `/calls/${id}/voicemail`;
    expect((await board.browser.visit(`/calls/${id}`)).text).toContain(`src="${path}"`);
    const whole = await board.browser.agent.get(path);
    expect([whole.status, whole.headers["content-type"], whole.headers["location"]]).toEqual([
      200,
      "audio/wav",
      undefined,
    ]);
    const part = await board.browser.agent.get(path).set("Range", "bytes=44-99");
    expect([part.status, part.headers["content-range"]]).toEqual([206, "bytes 44-99/65536"]);
    expect((await board.browser.agent.head(path)).headers["content-length"]).toBe("65536");
  });

  it("says so where a voicemail is asked for that nobody left", async () => {
    const board = await openBoard(basic);
    const answer = await board.browser.visit(`/calls/${heardCall(board, "recording").id}/voicemail`);
    expect(answer.status).toBe(404);
    expect(answer.text).toContain("There is no such page");
  });

  it("offers nobody to call a withheld number", async () => {
    const board = await openBoard(basic);
    const call = missedCall(board);
    Object.assign(call, { raw_digits: "anonymous", contact: null });
    const { text } = await board.browser.visit(`/calls/${call.id}`);
    expect(text).toContain("Number withheld");
    expect(text).not.toContain("/dial");
    expect((await board.browser.submit(`/calls/${call.id}/dial`)).status).toBe(400);
  });

  it.each([
    ["another site", { "Sec-Fetch-Site": "cross-site" }],
    ["a sister site", { "Sec-Fetch-Site": "same-site" }],
    ["another origin", { Origin: "https://evil.example" }],
    ["nobody says where", {}],
  ])("takes no form from %s", async (_where, headers) => {
    const board = await openBoard(basic);
    const call = missedCall(board);
    const before = call.comments.length;
    const answer = await board.browser.agent
      .post(`/calls/${call.id}/comments`)
      .set(headers)
      .type("form")
      .send({ content: "Forged" });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain("That form came from another site");
    expect(call.comments).toHaveLength(before);
  });

  it("takes a form from a browser that names only its own origin", async () => {
    const board = await openBoard(basic);
    const path = `/calls/${missedCall(board).id}/comments`;
    const form = board.browser.agent.post(path).set("Origin", board.origin).type("form");
    expect((await form.send({ content: "From an older browser" })).status).toBe(303);
  });
});

describe("the board with OAuth", () => {
  it("gives a voicemail only to who has connected", async () => {
    const board = await openBoard();
    const path = `/calls/${heardCall(board, "voicemail").id}/voicemail`;
    expect((await board.browser.agent.get(path)).status).toBe(401);
    await connect(board);
    const { status, headers } = await board.browser.agent.get(path);
    expect([status, headers["cache-control"]]).toEqual([200, "no-store, no-transform"]);
  });

  it("asks visitors to connect, and shows their company afterwards", async () => {
    const board = await openBoard();
    expect((await board.browser.visit("/")).text).toContain('href="/auth/aircall"');
    await connect(board);
    const { text, headers } = await board.browser.visit("/missed-calls");
    expect(text).toContain("Brightwater Supplies");
    expect(text).toContain('href="/settings"');
    expect(headers["cache-control"]).toBe("no-store");
  });

  it("brings a visitor who was sent to sign in back to the page", async () => {
    const { browser } = await openBoard();
    const { headers } = await browser.visit("/missed-calls?show=tried");
    expect(headers["location"]).toBe("/auth/aircall?return_to=%2Fmissed-calls%3Fshow%3Dtried");
  });

  it("is gone after disconnecting", async () => {
    const { browser } = await openConnected();
    expect((await browser.submit("/auth/aircall/logout")).status).toBe(303);
    expect((await browser.visit("/")).text).toContain("Connect Aircall");
  });
});

/** The id of somebody who cannot take calls. */
function awayAgent({ simulator }: OpenBoard): number {
  return simulator.companies[0].users.find(({ available }) => !available)!.id;
}
