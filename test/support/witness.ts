import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { inspect } from "node:util";
import type { ErrorRequestHandler } from "express";
import { channelNames } from "./channels";

export type Witness = ReturnType<typeof createWitness>;

/** Remembers everything that could be read by somebody, and searches it. */
export function createWitness() {
  const seen: { where: string; text: string }[] = [];
  const failures: string[] = [];
  const see = (where: string, text: string) => void seen.push({ where, text });
  const spies = [
    jest.spyOn(console, "error").mockImplementation((...args) => see("console.error", inspect(args))),
    jest.spyOn(console, "warn").mockImplementation((...args) => see("console.warn", inspect(args))),
    jest.spyOn(console, "log").mockImplementation((...args) => see("console.log", inspect(args))),
    jest.spyOn(process, "emitWarning").mockImplementation((...args: unknown[]) => see("warning", inspect(args))),
  ];

  /** What `NODE_DEBUG` prints is this, and nothing else. */
  const hearEvent = (event: unknown, channel: string | symbol) => see(String(channel), inspect(event, { depth: 10 }));
  channelNames().forEach((name) => subscribe(name, hearEvent));

  function failed(error: unknown): void {
    failures.push((error as { code?: string }).code ?? String(error));
    see("error", `${String(error)} ${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)}`);
    for (let link = error; link instanceof Error; link = link.cause) see("cause", `${link.message} ${link.stack}`);
  }

  const hear: ErrorRequestHandler = (error, _req, _res, next) => {
    failed(error);
    next(error);
  };

  /** The first of what was seen that holds one of these texts, or the phone number, however that is written. */
  function leaks(needles: readonly string[], phone: string): object[] {
    const leaky = (text: string) =>
      digitsOf(text).includes(digitsOf(phone)) || needles.some((one) => text.includes(one));
    return seen.filter(({ text }) => leaky(text)).slice(0, 3);
  }

  function close(): void {
    spies.forEach((spy) => spy.mockRestore());
    channelNames().forEach((name) => unsubscribe(name, hearEvent));
  }

  return { see, failed, hear, leaks, failures, close };
}

function digitsOf(text: string): string {
  return text.replaceAll(/%20|%2B|[\s+().-]/g, "");
}
