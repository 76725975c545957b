import request from "supertest";
import type { Call, Simulator } from "express-aircall/simulator";
import { startSimulator, stoppedClock } from "../support/servers/simulated";

function recorded(simulator: Simulator): Call {
  return simulator.companies[0].calls.find(({ recording }) => recording !== null) as Call;
}

/** The call as read over HTTP. */
async function read(simulator: Simulator, { id }: Call = recorded(simulator)): Promise<Record<string, string>> {
  const { user, password } = simulator.basic;
  const { body } = await request(simulator.url).get(`/v1/calls/${id}?fetch_short_urls=true`).auth(user, password);
  return body.call as Record<string, string>;
}

async function fetchBytes(address = "", headers: Record<string, string> = {}) {
  const answer = await fetch(address, { headers });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

describe("recordings at the simulator", () => {
  it("open without a credential, and the journal tells whether one came along", async () => {
    const simulator = await startSimulator({ assetBytes: 100_000 });
    const { recording } = await read(simulator);
    simulator.clearRequests();

    const plain = await fetchBytes(recording);
    await fetchBytes(recording, { Authorization: "Bearer leaked" });

    expect([plain.status, plain.bytes.length, plain.headers.get("content-type")]).toEqual([200, 100_000, "audio/wav"]);
    expect(plain.bytes.subarray(0, 4).toString()).toBe("RIFF");
    expect(simulator.requests.map(({ authorization }) => authorization)).toEqual([null, "Bearer"]);
  });

  it("end with their address, and each reading of the call gives a fresh one", async () => {
    const clock = stoppedClock();
    const simulator = await startSimulator({ now: clock.now, assetUrlSeconds: 600 });
    const { recording: early } = await read(simulator);

    clock.forward(599_000);
    const { recording: fresh } = await read(simulator);
    const inTime = await fetchBytes(early);
    clock.forward(1_000);
    const late = await fetchBytes(early);

    expect([inTime.status, late.status, (await fetchBytes(fresh)).status]).toEqual([200, 403, 200]);
    expect(late.headers.get("content-type")).toMatch(/^application\/xml/);
    expect(late.bytes.toString()).toContain("<Code>AccessDenied</Code><Message>Request has expired</Message>");
  });

  it.each([
    ["a later expiry", (address: string) => address.replace(/Expires=\d/, "Expires=9"), "SignatureDoesNotMatch"],
    ["another call", (address: string) => address.replace(/\d\?/, "x?"), "SignatureDoesNotMatch"],
    ["no signature", (address: string) => address.replace(/\?.*/, ""), "AccessDenied"],
  ])("do not open with %s", async (_what, forge, code) => {
    const simulator = await startSimulator();
    const { recording = "" } = await read(simulator);

    const { status, bytes } = await fetchBytes(forge(recording));

    expect([status, bytes.toString()]).toEqual([403, expect.stringContaining(`<Code>${code}</Code>`)]);
  });

  it("can be read in parts that make up the whole, the same every time", async () => {
    const simulator = await startSimulator({ assetBytes: 200_001 });
    const { recording } = await read(simulator);
    const { bytes: whole } = await fetchBytes(recording);

    const parts = await Promise.all(
      ["bytes=0-99999", "bytes=100000-100000", "bytes=100001-"].map((range) => fetchBytes(recording, { range })),
    );
    const tail = await fetchBytes(recording, { range: "bytes=-7" });

    expect(parts.map(({ status }) => status)).toEqual([206, 206, 206]);
    expect(parts[1]?.headers.get("content-range")).toBe("bytes 100000-100000/200001");
    expect(Buffer.concat(parts.map(({ bytes }) => bytes)).equals(whole)).toBe(true);
    expect(tail.bytes.equals(whole.subarray(-7))).toBe(true);
  });

  it("answer 416 to a part they do not have, and in full where a list of parts is asked for", async () => {
    const simulator = await startSimulator({ assetBytes: 1_000 });
    const { recording } = await read(simulator);

    const beyond = await fetchBytes(recording, { range: "bytes=1000-" });
    const list = await fetchBytes(recording, { range: "bytes=0-1,5-6" });

    expect([beyond.status, beyond.headers.get("content-range")]).toEqual([416, "bytes */1000"]);
    expect([list.status, list.bytes.length]).toEqual([200, 1_000]);
  });

  it("go on where they stopped only if they are still the same", async () => {
    const simulator = await startSimulator({ assetBytes: 1_000 });
    const { recording } = await read(simulator);
    const { headers } = await fetchBytes(recording);
    const same = [headers.get("etag"), headers.get("last-modified")].map((condition) => String(condition));

    const statuses = await Promise.all(
      [...same, '"other"'].map((condition) => fetchBytes(recording, { range: "bytes=500-", "if-range": condition })),
    );

    expect(statuses.map(({ status }) => status)).toEqual([206, 206, 200]);
  });

  it("tell their size without their bytes", async () => {
    const simulator = await startSimulator({ assetBytes: 5_000_000 });
    const { recording } = await read(simulator);

    const answer = await fetch(String(recording), { method: "HEAD" });

    expect([answer.status, answer.headers.get("content-length"), (await answer.arrayBuffer()).byteLength]).toEqual([
      200,
      "5000000",
      0,
    ]);
  });

  it("begin at once and are never in memory as a whole, be they a gigabyte", async () => {
    const simulator = await startSimulator({ assetBytes: 1_000_000_000 });
    const { recording } = await read(simulator);
    const before = process.memoryUsage().rss;

    const answer = await fetch(String(recording));
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    await reader?.cancel();

    expect(first?.value?.length).toBeGreaterThan(0);
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });

  it("have a short address that lasts three times as long and leads to a fresh one", async () => {
    const clock = stoppedClock();
    const simulator = await startSimulator({ now: clock.now });
    const { recording, recording_short_url: short = "" } = await read(simulator);

    clock.forward(2 * 3_600_000);
    const hop = await fetch(short, { redirect: "manual" });
    const heard = await fetchBytes(short);

    expect(hop.status).toBe(302);
    expect(hop.headers.get("location")?.split("?")[0]).toBe(recording?.split("?")[0]);
    expect([heard.status, heard.bytes.length, (await fetchBytes(recording)).status]).toEqual([200, 65_536, 403]);
    clock.forward(3_600_000);
    expect((await fetchBytes(short)).status).toBe(403);
  });

  it("are gone ten minutes after they were deleted, from the call and from their address", async () => {
    const clock = stoppedClock();
    const simulator = await startSimulator({ now: clock.now });
    const call = recorded(simulator);
    const { recording } = await read(simulator, call);
    const { user, password } = simulator.basic;

    await request(simulator.url).delete(`/v1/calls/${call.id}/recording`).auth(user, password).expect(200);
    clock.forward(599_999);
    expect((await fetchBytes(recording)).status).toBe(200);
    clock.forward(1);

    const gone = await fetchBytes(recording);
    expect([gone.status, gone.bytes.toString()]).toEqual([404, expect.stringContaining("<Code>NoSuchKey</Code>")]);
    expect((await read(simulator, call))["recording"]).toBeNull();
  });
});
