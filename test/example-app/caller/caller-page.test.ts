import type { Call, Simulator } from "express-aircall/simulator";
import { connect, openBoard, openConnected, readBoard, settledBoard, type OpenBoard } from "../board";

const basic = (simulator: Simulator) => simulator.basic;
const number = "+44 7700 900777";

/** A board of one caller: missed twice, tried once, with a comment; answers their latest missed call. */
async function openCaller(more: Partial<Call> = {}, open = openBoard): Promise<{ board: OpenBoard; call: Call }> {
  const board = await (open === openBoard ? openBoard(basic, { callsPerDay: 0 }) : open(undefined, { callsPerDay: 0 }));
  const ago = (minutes: number) => Math.floor(Date.now() / 1000) - minutes * 60;
  const raw_digits = number;
  const user = board.simulator.companies[0].users[1]!;
  const missed_call_reason = "agents_did_not_answer" as const;
  const [, , call] = board.simulator.addCalls([
    { raw_digits, contact: null, missed_call_reason, started_at: ago(40 * 24 * 60) },
    { raw_digits, contact: null, missed_call_reason, started_at: ago(20 * 24 * 60) },
    { raw_digits, contact: null, missed_call_reason, started_at: ago(90), ...more },
    { raw_digits, contact: null, direction: "outbound", status: "done", answered_at: null, user, started_at: ago(60) },
  ]);
  return { board, call: call! };
}

/** Without those that fill the board. */
function requestsOf({ simulator }: OpenBoard): string[] {
  const lines = simulator.requests.map(({ method, path }) => `${method} ${path}`);
  return lines.filter((line) => !/ping|company|users|webhooks|calls$/.test(line));
}

function say({ browser }: OpenBoard, call: Call, content: string) {
  return browser.submit(`/calls/${call.id}/comments`).type("form").send({ content });
}

describe("the page of a caller", () => {
  it("shows every call, attempt and comment of the last 30 days, by one search that is kept a minute", async () => {
    const { board, call } = await openCaller();
    call.comments.push({ id: 1, content: "Wants a quote.", posted_at: call.started_at, posted_by: null });
    await readBoard(board);
    await settledBoard(board);
    board.simulator.clearRequests();
    await board.browser.visit(`/calls/${call.id}`);
    expect(requestsOf(board)).toEqual(["GET /v1/calls/search"]);
    board.simulator.clearRequests();
    const { text } = await board.browser.visit(`/calls/${call.id}`);
    expect(text).toContain("3 calls");
    expect(text.match(/Missed: nobody picked up/g)).toHaveLength(3); // above, and twice in the history
    expect(text).toContain("called, and they did not pick up");
    expect(text).toContain("Wants a quote.");
    expect(text).toContain("1 of 5");
    expect(requestsOf(board)).toEqual([]);
  });

  it("has their number in no address", async () => {
    const { board, call } = await openCaller();
    const { text } = await board.browser.visit(`/calls/${call.id}`);
    for (const [, address] of text.matchAll(/(?:href|action|src)="([^"]*)"/g))
      expect(address).not.toMatch(/7700|900777/);
  });

  it("adds tags, and asks for the company's tags only then", async () => {
    const { board, call } = await openCaller();
    await readBoard(board);
    await settledBoard(board);
    await board.browser.visit(`/calls/${call.id}`);
    board.simulator.clearRequests();
    const { text } = await board.browser.visit(`/calls/${call.id}?open=tags`);
    expect(requestsOf(board)).toEqual(["GET /v1/tags"]);
    const [tag, other] = board.simulator.companies[0].tags;
    expect(text).toContain(`value="${tag?.id}"`);
    await board.browser
      .submit(`/calls/${call.id}/tags`)
      .type("form")
      .send({ tag: [tag?.id, other?.id] });
    expect(call.tags.map(({ name }) => name)).toEqual([tag?.name, other?.name]);
    expect((await board.browser.visit(`/calls/${call.id}`)).text).toContain(`<span class="tag">${tag?.name}</span>`);
    await board.browser.submit(`/calls/${call.id}/tags`).type("form").send({});
    expect((await board.browser.visit(`/calls/${call.id}`)).text).toContain("No tag was chosen.");
  });

  it("archives a call, says what that does on the board, and takes it out again", async () => {
    const { board, call } = await openCaller();
    await readBoard(board);
    await board.browser.submit(`/calls/${call.id}/archive`).type("form").send({ archived: "1" });
    expect(call.archived).toBe(true);
    const { text } = await board.browser.visit(`/calls/${call.id}`);
    expect(text).toContain("Take out of the archive");
    expect(text).toMatch(/The call is archived: .+ waits no longer, and is under “Done” on the board\./);
    await board.browser.submit(`/calls/${call.id}/archive`).type("form").send({ archived: "0" });
    expect(call.archived).toBe(false);
  });

  it("shows summary and transcript where the plan has them, and says so where it has not", async () => {
    const { browser, simulator } = await openBoard(basic);
    const [company] = simulator.companies;
    const { id } = company.calls.find(({ recording }) => recording !== null)!;
    const { text } = await browser.visit(`/calls/${id}?open=insights`);
    expect(text).toContain("<h3>Summary</h3>");
    expect(text).toContain("<strong>Caller</strong>");

    const unheard = company.calls.find(({ recording, voicemail }) => recording === null && voicemail === null)!;
    const none = await browser.visit(`/calls/${unheard.id}?open=insights`);
    expect(none.text).toContain("There is none of this call.");

    simulator.entitle(company.id, { conversationIntelligence: false });
    const refused = await browser.visit(`/calls/${company.calls[0]!.id}?open=insights`);
    expect(refused.status).toBe(200);
    expect(refused.text).toContain("plan does not include summaries and transcripts");
  });

  it("is of one call where the number was withheld", async () => {
    const { board } = await openCaller();
    const withheld = { raw_digits: "anonymous", contact: null, missed_call_reason: "no_available_agent" as const };
    const [call] = board.simulator.addCalls([withheld, withheld]);
    const { text } = await board.browser.visit(`/calls/${call!.id}`);
    expect(text).toContain("Number withheld");
    expect(text).toContain("1 call<");
  });
});

describe("sending a number from the caller's page", () => {
  it("says who is on the caller, and warns whoever sends it a second time before anything rings", async () => {
    const { board, call } = await openCaller();
    await readBoard(board);
    const [one, other] = board.simulator.companies[0].users;
    const send = (form: object) => board.browser.submit(`/calls/${call.id}/dial`).type("form").send(form);
    expect((await send({ agent: one?.id })).status).toBe(303);
    expect((await board.browser.visit(`/calls/${call.id}`)).text).toContain(`With <strong>${one?.name}</strong> since`);
    expect((await readBoard(board)).includes(one!.name)).toBe(true);

    expect((await board.browser.visit(`/calls/${call.id}`)).text).toContain(`value="${one?.id}" selected`);

    const warned = await send({ agent: other?.id });
    expect(warned.status).toBe(409);
    expect(warned.text).toContain(`Already with ${one?.name}, since`);
    expect(warned.text).toContain(`value="${other?.id}" selected`);
    expect(board.simulator.dials).toHaveLength(1);
    expect((await send({ agent: other?.id, anyway: "1" })).status).toBe(303);
    expect(board.simulator.dials).toHaveLength(2);
    expect((await board.browser.visit(`/calls/${call.id}`)).text).toContain(
      `With <strong>${other?.name}</strong> since`,
    );
  });

  it("leaves the caller to nobody where it could not be sent", async () => {
    const { board, call } = await openCaller();
    await readBoard(board);
    const [agent] = board.simulator.companies[0].users;
    agent!.available = false;
    expect((await board.browser.submit(`/calls/${call.id}/dial`).type("form").send({ agent: agent?.id })).status).toBe(
      409,
    );
    expect((await board.browser.visit(`/calls/${call.id}`)).text).not.toContain("With <strong>");
  });
});

describe("a comment", () => {
  it.each([
    ["with an emoji", "Done 👍", [], "Aircall takes no emoji in comments. Take 👍 out and save again."],
    ["that is the sixth", "More", [1, 2, 3, 4, 5], "This call has 5 comments, and room for no more."],
  ])("%s is refused in words, kept in its form, and not sent", async (_what, content, ids, fault) => {
    const comments = ids.map((id) => ({ id, content: "Old", posted_at: 0, posted_by: null }));
    const { board, call } = await openCaller({ comments });
    const { status, text } = await say(board, call, content);
    expect(status).toBe(400);
    expect(text).toContain(fault);
    expect(text).toContain(`${content}</textarea>`);
    expect(requestsOf(board).filter((line) => line.startsWith("POST"))).toEqual([]);
  });

  it("says where there is room when a call has five", async () => {
    const comments = [1, 2, 3, 4, 5].map((id) => ({ id, content: "Old", posted_at: 0, posted_by: null }));
    const { board, call } = await openCaller({ comments });
    const { text } = await board.browser.visit(`/calls/${call.id}`);
    expect(text).toContain("5 of 5");
    expect(text).toMatch(/href="\/calls\/\d+#comments">Comment on another of their calls/);
    expect(text).not.toContain("<textarea");
  });

  it("is in its form again after a fault of Aircall, once, and no longer when it is saved", async () => {
    const { board, call } = await openCaller();
    await board.browser.visit(`/calls/${call.id}`);
    board.simulator.fail({ match: { method: "POST", path: "/v1/calls/:id/comments" }, status: 503, times: 1 });
    const failed = await say(board, call, "Wants a quote.");
    expect(failed.text).toContain("What you wrote is kept");
    expect((await board.browser.visit(`/calls/${call.id}`)).text).toContain("Wants a quote.</textarea>");
    expect((await say(board, call, "Wants a quote.")).status).toBe(303);
    expect((await board.browser.visit(`/calls/${call.id}`)).text).not.toContain("Wants a quote.</textarea>");
  });

  it("is said to be saved on the page that is seen next, not to a script that only looks", async () => {
    const { board, call } = await openCaller();
    await say(board, call, "Wants a quote.");
    const looked = await board.browser.agent.get(`/calls/${call.id}`).set({ Accept: "text/html", "X-Look": "1" });
    expect(looked.text).not.toContain("Your comment is saved.");
    expect((await board.browser.visit(`/calls/${call.id}`)).text).toContain("Your comment is saved.");
    expect((await board.browser.visit(`/calls/${call.id}`)).text).not.toContain("Your comment is saved.");
  });

  it("survives connecting again", async () => {
    const { board, call } = await openCaller({}, openConnected);
    board.simulator.revoke(board.simulator.companies[0].id);
    const refused = await say(board, call, "Rings again at noon.");
    expect(refused.status).toBeGreaterThanOrEqual(401);
    expect(refused.text).toContain("What you wrote is kept");
    await connect(board);
    expect((await board.browser.visit(`/calls/${call.id}`)).text).toContain("Rings again at noon.</textarea>");
  });
});
