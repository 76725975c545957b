import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runListen } from "../../src/cli/events/listen";
import { maskNumbers } from "../../src/cli/events/mask";
import { runPlay } from "../../src/cli/events/play";
import { runReplay } from "../../src/cli/events/replay";
import { runTrigger } from "../../src/cli/events/trigger";
import { startReceiver, status } from "../support/servers/webhook-receiver";
import { typed } from "../support/typed";

const folder = mkdtempSync(join(tmpdir(), "express-aircall-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("npx express-aircall trigger", () => {
  it("sends the event in Aircall's body, with the token, and changed as was said", async () => {
    const receiver = await startReceiver();
    const sets = ["data.direction=outbound", "data.user.id=7", "data.tags.0.name=VIP", "data.note=a=b"];

    const { code, said } = await typed(runTrigger, [
      "call.ended",
      "--to",
      receiver.url,
      "--token",
      "t0ken",
      ...sets.flatMap((one) => ["--set", one]),
    ]);

    const { headers, body } = receiver.received[0]!;
    expect([code, headers["aircall-origin"]]).toEqual([0, "webhooks"]);
    expect(body).toMatchObject({ resource: "call", event: "call.ended", token: "t0ken" });
    const changed = { direction: "outbound", user: { id: 7 }, note: "a=b", status: "done" };
    expect(body.data).toMatchObject(changed);
    expect(said).toMatch(/^call\.ended +200, in \d+ ms\n$/);
  });

  it("takes the token from the environment, and tells programs what became of it", async () => {
    const receiver = await startReceiver(status(204));
    const { code, said } = await typed(runTrigger, ["message.received", "--to", receiver.url, "--json"], {
      AIRCALL_WEBHOOK_TOKEN: "t0ken",
    });

    const sent = [{ event: "message.received", status: 204, reason: null, tookMs: expect.any(Number) as number }];
    expect([code, JSON.parse(said)]).toEqual([0, { to: receiver.url, sent }]);
    expect(receiver.received[0]!.body.token).toBe("t0ken");
  });

  it("ends with 1 where it was refused, says why, and shows no token", async () => {
    const receiver = await startReceiver(status(401));

    const without = await typed(runTrigger, ["call.ended", "--to", receiver.url]);
    const wrong = await typed(runTrigger, ["call.ended", "--to", receiver.url, "--token", "wr0ng"]);

    expect([without.code, wrong.code]).toEqual([1, 1]);
    expect(without.said).toContain("1 of 1 did not arrive. A made-up token was sent");
    expect(wrong.said).toContain("It refused the token");
    expect(wrong.said + wrong.complained).not.toContain("wr0ng");
  });

  it("ends with 1 where nobody listens", async () => {
    const receiver = await startReceiver();
    await receiver.close();
    expect(await typed(runTrigger, ["call.ended", "--to", receiver.url])).toMatchObject({
      code: 1,
      said: expect.stringContaining("ECONNREFUSED") as string,
    });
  });

  it("names the 68 events", async () => {
    const { code, said } = await typed(runTrigger, ["--list"]);
    expect([code, said.trimEnd().split("\n").length]).toEqual([0, 68]);
  });
});

describe("npx express-aircall play", () => {
  it("lets a whole call happen, in order", async () => {
    const receiver = await startReceiver();

    const { code, said } = await typed(runPlay, ["--to", receiver.url, "--token", "t0ken", "--outcome", "voicemail"]);

    const steps = ["call.created", "call.ringing_on_agent", "call.hungup", "call.ended", "call.voicemail_left"];
    expect(code).toBe(0);
    expect(receiver.events().slice(0, 5)).toEqual(steps);
    expect(said.trimEnd().split("\n")).toHaveLength(receiver.received.length);
    expect(new Set(receiver.received.map(({ body }) => body.token))).toEqual(new Set(["t0ken"]));
  });

  it("goes on where one is refused, and ends with 1", async () => {
    const receiver = await startReceiver((res, _received, count) => void res.writeHead(count === 2 ? 500 : 200).end());
    const { code, said } = await typed(runPlay, ["--to", receiver.url, "--outcome", "missed", "--json"]);
    const { sent } = JSON.parse(said) as { sent: { status: number }[] };
    expect([code, sent.map((one) => one.status)]).toEqual([1, [200, 500, 200, 200]]);
  });
});

describe("npx express-aircall replay", () => {
  const file = join(folder, "events.jsonl");
  const event = (id: number) => ({ resource: "call", event: "call.ended", timestamp: 1_790_000_123, data: { id } });

  it("sends what was recorded, in its order, with the token", async () => {
    writeFileSync(file, `${JSON.stringify(event(1))}\n\n${JSON.stringify(event(2))}\n`);
    const receiver = await startReceiver();

    const { code } = await typed(runReplay, [file, "--to", receiver.url, "--token", "t0ken"]);

    expect(code).toBe(0);
    expect(receiver.received.map(({ body }) => body)).toEqual([1, 2].map((id) => ({ ...event(id), token: "t0ken" })));
  });

  it.each([
    ["{", /line 1 is no JSON/],
    ["[]", /line 1 is no event/],
    ["\n", /There is no event in/],
  ])("sends nothing of a file with %j", async (content, message) => {
    const broken = join(folder, "broken.jsonl");
    writeFileSync(broken, content);
    const receiver = await startReceiver();

    const { code, complained } = await typed(runReplay, [broken, "--to", receiver.url]);

    expect([code, receiver.received.length]).toEqual([1, 0]);
    expect(complained).toMatch(message);
  });
});

describe("the commands of events", () => {
  it.each<[Parameters<typeof typed>[0], string[], RegExp]>([
    [runTrigger, ["call.endd", "--to", "http://localhost:1"], /no event call\.endd\. Did you mean call\.ended\?/],
    [runTrigger, ["--to", "http://localhost:1"], /Say which event/],
    [runTrigger, ["call.ended"], /Say where your app receives events/],
    [runTrigger, ["call.ended", "--to", "localhost"], /--to takes an address/],
    [runTrigger, ["call.ended", "--to", "http://localhost:1", "--set", "x"], /--set takes a path and a value/],
    [runTrigger, ["call.ended", "--to", "http://localhost:1", "--set", "__proto__.x=1"], /--set takes a path/],
    [runPlay, ["--to", "http://localhost:1", "--outcome", "lost"], /--outcome is answered, missed, voicemail/],
    [runPlay, ["--to", "http://localhost:1", "--pause-ms", "x"], /--pause-ms/],
    [runReplay, ["--to", "http://localhost:1"], /Say which file/],
    [runListen, [], /Say where Aircall reaches this machine/],
    [runListen, ["--url", "http://example.com"], /https address/],
    [runListen, ["--url", "https://example.com", "--listen", "0.0.0.0:80"], /of this machine only/],
    [runListen, ["--url", "https://example.com", "--events", "call.create"], /Did you mean call\.created\?/],
  ])("answer what cannot be done with a sentence and 2: %p %j", async (command, args, sentence) => {
    const { code, said, complained } = await typed(command, args);
    expect([code, said]).toEqual([2, ""]);
    expect(complained).toMatch(sentence);
  });

  it("show their help", async () => {
    for (const [name, command] of Object.entries({
      trigger: runTrigger,
      play: runPlay,
      replay: runReplay,
      listen: runListen,
    })) {
      const { code, said } = await typed(command, ["--help"]);
      expect([code, said.split("\n")[0]]).toEqual([0, expect.stringContaining(`express-aircall ${name}`)]);
    }
  });
});

describe("a recorded event", () => {
  it("has no phone number in it", () => {
    const event = {
      event: "call.ended",
      timestamp: 1_790_000_123,
      data: {
        id: 4_200_000_001,
        call_uuid: "CA0123456789",
        raw_digits: "+44 7700 900123",
        external_number: "+447700900123",
        participants: ["447700900123", { phone_number: "+44 7700 900123" }],
        contact: { phone_numbers: [{ value: "020 7946 0123" }], emails: [{ value: "ana@example.com" }] },
        body: "Call me at +33 6 39 98 12 34, order 12345678",
        created_at: "2026-11-18T15:30:00Z",
        anonymous: { raw_digits: "anonymous" },
      },
    };

    expect(maskNumbers(event)).toEqual({
      ...event,
      data: {
        ...event.data,
        raw_digits: "+00 0000 000023",
        external_number: "+000000000023",
        participants: ["000000000023", { phone_number: "+00 0000 000023" }],
        contact: { phone_numbers: [{ value: "000 0000 0023" }], emails: [{ value: "ana@example.com" }] },
        body: "Call me at +00 0 00 00 00 34, order 12345678",
      },
    });
  });
});
