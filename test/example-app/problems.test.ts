import { RenewalFailedError } from "express-aircall";
import type { FaultRule } from "express-aircall/simulator";
import { problemOf } from "../../example-app/problems";
import { moveTime } from "../support/moved-time";
import { pathOf } from "../support/browser/browser";
import { storeThat } from "../support/apps/session-stores";
import { connect, openBoard, openConnected, readBoard, settledBoard } from "./board";

const time = moveTime();

describe("the board when something goes wrong", () => {
  it.each<[string, Omit<FaultRule, "match">, number, string]>([
    ["is down", { status: 503 }, 502, "Aircall cannot be reached"],
    ["drops the connection", { reset: "before" }, 502, "Aircall cannot be reached"],
    ["answers nonsense", { brokenJson: true }, 502, "Aircall cannot be reached"],
    ["does not answer in time", { hang: true }, 504, "Aircall is taking too long"],
    ["is asked too often", { rateLimited: { resetInSeconds: 42 } }, 429, "Try again in 4"],
    ["does not allow it", { status: 403, body: { error: "Forbidden" } }, 403, "Aircall does not allow this"],
    ["answers something unknown", { status: 418 }, 500, "Something went wrong"],
  ])("tells the visitor that Aircall %s", async (_what, fault, status, sentence) => {
    const { simulator, browser } = await openConnected(({ oauth }) => ({
      ...oauth,
      timeoutMs: fault.hang ? 700 : 10_000,
    }));
    simulator.fail({ match: { path: "/v1/calls/:id" }, ...fault });
    const answer = await browser.visit(`/calls/${simulator.companies[0].calls[0]?.id}`);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(sentence);
    expect(answer.text).toContain("Brightwater Supplies");
  });

  it.each<[string, Omit<FaultRule, "match">, string]>([
    ["answers with a reset", { reset: "after" }, "Your comment may have been saved"],
    ["is down", { status: 503 }, "Your comment may have been saved"],
    ["answers nonsense", { brokenJson: true, status: 201 }, "Your comment may have been saved"],
    ["is asked too often", { rateLimited: { resetInSeconds: 42 } }, "Your comment was not saved."],
    ["does not allow it", { status: 403, body: { error: "Forbidden" } }, "Your comment was not saved."],
  ])("says what became of a comment when Aircall %s", async (_what, fault, sentence) => {
    const { simulator, browser } = await openConnected(({ oauth }) => ({ ...oauth, timeoutMs: 2_000 }));
    simulator.fail({ match: { method: "POST", path: "/v1/calls/:id/comments" }, ...fault });
    const path = `/calls/${simulator.companies[0].calls[0]?.id}/comments`;
    const { text } = await browser.submit(path).type("form").send({ content: "Ring before noon." });
    expect(text).toContain(sentence);
    expect(text.includes("ook before you write it again")).toBe(sentence.includes("may"));
  });

  it("asks for a moment after a failed renewal", () => {
    const problem = problemOf(new RenewalFailedError("no answer", 1_000));
    expect(problem).toMatchObject({ status: 503, title: "One moment, please", action: "retry" });
  });

  it("asks for a moment instead of going on when the session could not be saved", async () => {
    const store = storeThat({ set: (_id, _session, done) => done?.(new Error("No room.")) });
    const { simulator, browser, logged } = await openBoard(({ basic }) => basic, {}, { store });
    const path = `/calls/${simulator.companies[0].calls[0]?.id}/comments`;
    const { status, headers, text } = await browser.submit(path).type("form").send({ content: "Ring before noon." });
    expect([status, headers["retry-after"], headers["location"]]).toEqual([503, "2", undefined]);
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
    expect(text).toContain("One moment, please");
    expect(logged).toMatchObject([{ code: "store_failed" }]);
  });

  it.each<[string, Omit<FaultRule, "match">]>([
    ["answers nothing", { hang: true }],
    ["is down", { status: 503 }],
    ["is asked too often", { rateLimited: { resetInSeconds: 42 } }],
  ])("shows the last good board at once while Aircall %s, and asks it nothing for that", async (_what, fault) => {
    const board = await openConnected();
    const waiting = /<h1>.*?<\/h1>/s.exec(await readBoard(board))?.[0];
    await settledBoard(board);
    board.simulator.fail({ match: {}, ...fault });
    const before = board.simulator.counts.requests;
    const { status, text } = await board.browser.visit("/missed-calls");
    expect([status, board.simulator.counts.requests - before]).toEqual([200, 0]);
    expect(waiting).toMatch(/waiting/);
    expect(text).toContain(waiting);
  });

  it.each<[string, Omit<FaultRule, "match">]>([
    ["Aircall is slow", { hang: true }],
    ["Aircall cannot be reached", { status: 503 }],
  ])("says on the board: %s, and since when, as somebody meets it on another page", async (words, fault) => {
    const board = await openConnected(({ oauth }) => ({ ...oauth, timeoutMs: fault.hang ? 700 : 10_000 }));
    await settledBoard(board);
    board.simulator.fail({ match: { path: "/v1/calls/:id" }, ...fault });
    await board.browser.visit(`/calls/${board.simulator.companies[0].calls[0]?.id}`);
    const { text } = await board.browser.visit("/missed-calls");
    expect(text).toMatch(new RegExp(`role="status">${words} since \\d\\d:\\d\\d`));
  });

  it("says when to try again", async () => {
    const { simulator, browser } = await openConnected();
    simulator.fail({ match: { path: "/v1/calls/:id" }, rateLimited: { resetInSeconds: 42 } });
    const { headers } = await browser.visit(`/calls/${simulator.companies[0].calls[0]?.id}`);
    expect(Number(headers["retry-after"])).toBeGreaterThan(38);
  });

  it.each(["/missed-calls", "/missed-calls?show=tried"])(
    "says on the page to connect why %s is closed, and leads back to it",
    async (page) => {
      const board = await openConnected();
      board.simulator.revoke(board.simulator.companies[0].id);
      await board.browser.visit("/missed-calls");
      time.pass(60_000);
      await board.browser.visit("/missed-calls");
      const sentAway = await board.browser.visit(page);
      const { text, headers } = await board.browser.visit(sentAway.headers["location"]!);
      expect(text).toContain("<h1>Aircall has ended this connection</h1>");
      expect(headers["cache-control"]).toBe("no-store");
      const [, href = ""] = /href="(\/auth[^"]*)">Connect again/.exec(text) ?? [];
      const begun = await board.browser.visit(href.replaceAll("&amp;", "&"));
      const back = await board.browser.visit(pathOf(board.simulator.consent(begun.headers["location"]!)));
      expect(back.headers["location"]).toBe(board.origin + page);
    },
  );

  it.each(["no-such-reason", "<script>alert(1)</script>"])(
    "goes straight to Aircall for the reason %s",
    async (reason) => {
      const { browser } = await openBoard();
      const { status } = await browser.visit(`/auth/aircall?${new URLSearchParams({ reason }).toString()}`);
      expect(status).toBe(302);
    },
  );

  it("offers to reconnect when Aircall ended the connection, and works again afterwards", async () => {
    const board = await openConnected();
    board.simulator.changeWebhooks({ drop: 0.99 });
    board.simulator.revoke(board.simulator.companies[0].id);
    const page = `/calls/${board.simulator.companies[0].calls[0]?.id}`;
    expect((await board.browser.visit(page)).text).toContain("Aircall does not let us in right now");
    time.pass(60_000);
    const { status, text } = await board.browser.visit(page);
    expect(status).toBe(401);
    expect(text).toContain("Aircall has ended this connection");
    expect(text).toContain('href="/auth/aircall"');
    await connect(board);
    expect((await board.browser.visit("/missed-calls")).status).toBe(200);
  });

  it("answers a form sent after disconnecting with a page", async () => {
    const { browser } = await openConnected();
    await browser.submit("/auth/aircall/logout");
    const { status, text } = await browser.submit("/calls/1/comments").type("form").send({ content: "Lost" });
    expect(status).toBe(401);
    expect(text).toContain("You are no longer connected");
  });

  it("says so when access was denied at Aircall", async () => {
    const { status, text } = await connect(await openBoard(), { deny: true });
    expect(status).toBe(403);
    expect(text).toContain("Nothing was connected");
  });

  it("says so when this company may not use the board", async () => {
    const { status, text } = await connect(await openBoard(({ oauth }) => ({ ...oauth, companies: [1] })));
    expect(status).toBe(403);
    expect(text).toContain("This company cannot use the board");
  });

  it("says so when Aircall gives no token", async () => {
    const board = await openBoard();
    board.simulator.fail({ match: { path: "/v1/oauth/token" }, status: 500 });
    const { status, text } = await connect(board);
    expect(status).toBe(502);
    expect(text).toContain("Aircall did not finish the sign-in");
  });

  it.each([
    ["a forgotten attempt", "?code=c&state=unknown", "This sign-in is no longer valid"],
    ["garbage", "?hello=<b>there</b>", "That was no answer from Aircall"],
  ])("makes a page of a callback with %s", async (_what, query, sentence) => {
    const { browser } = await openBoard();
    const { status, text } = await browser.visit(`/auth/aircall/callback${query}`);
    expect(status).toBe(400);
    expect(text).toContain(sentence);
    expect(text).not.toContain("<b>");
  });

  it("tells the operator which key to correct, and shows it to nobody", async () => {
    const password = "wrong-t0ken-sentinel";
    const { browser, logged } = await openBoard(({ basic }) => ({ ...basic, password }));
    const { status, text } = await browser.visit("/");
    expect(status).toBe(500);
    expect(text).toContain("Aircall refused this app’s API key");
    expect(text).toContain("AIRCALL_API_TOKEN");
    expect(text + JSON.stringify(logged)).not.toContain(password);
    expect(logged).toMatchObject([{ code: "credentials_refused" }]);
  });

  it.each(["/nothing", "/calls/1", "/calls/abc"])("has a page for %s, which is nowhere", async (path) => {
    const { browser } = await openConnected();
    const { status, text } = await browser.visit(path);
    expect(status).toBe(404);
    expect(text).toContain("There is no such page");
  });
});
