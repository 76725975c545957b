import type { Page } from "playwright-core";
import type { Call } from "express-aircall/simulator";
import { memoryGrants } from "express-aircall";
import { connect, openBoard, readBoard, type OpenBoard } from "../board";

/** A board with somebody in every state, and the page that goes through them. */
export interface Stage extends OpenBoard {
  readonly page: Page;
}

/** What a visitor may come to see, and how they get there from the state before. */
export interface State {
  readonly name: string;
  /** Only where scripts run. */
  readonly live?: true;
  readonly reach: (stage: Stage) => Promise<unknown>;
  /** Ends what has been the matter. */
  readonly leave?: (stage: Stage) => unknown;
}

/** Who rang in vain half an hour ago, and nobody has been on them. */
export const unseen = "+44 7700 900901";
/** Whom another browser takes. */
export const others = "+44 7700 900902";
/** Who has every mark there is. */
export const marked = "+44 7700 900903";
export const withheld = "anonymous";

/** A full week, seen by a second visitor too. */
export async function openCast(): Promise<OpenBoard> {
  const board = await openBoard(
    undefined,
    { callsPerDay: 20, rateLimit: 1_000 },
    { keys: memoryGrants(), tellsOfSimulator: true },
  );
  board.simulator.addCalls(cast(Math.floor(Date.now() / 1000)));
  await connect(board);
  await readBoard(board);
  return board;
}

function cast(now: number): Partial<Call>[] {
  const missed = { contact: null, missed_call_reason: "agents_did_not_answer" } as const;
  const crowd = Array.from({ length: 30 }, (_, index) => ({ ...missed, raw_digits: `+44 7700 9001${10 + index}` }));
  const out = { direction: "outbound", status: "done", contact: null } as const;
  return [
    { ...missed, raw_digits: marked, voicemail: "https://example.com/voicemail", started_at: now - 86_400 },
    { ...missed, raw_digits: marked, started_at: now - 80_000 },
    { ...out, raw_digits: marked, started_at: now - 7_200, answered_at: null },
    { ...missed, raw_digits: "+44 7700 900904", started_at: now - 7_100 },
    { ...out, raw_digits: "+44 7700 900904", started_at: now - 7_000, answered_at: now - 6_990 },
    { ...missed, raw_digits: "+44 7700 900905", started_at: now - 6_900, archived: true },
    { ...missed, raw_digits: withheld, started_at: now - 6_800 },
    { ...missed, raw_digits: unseen, started_at: now - 1_800 },
    { ...missed, raw_digits: others, started_at: now - 1_700 },
    ...crowd,
  ];
}

/** What another visitor does on the board. */
export function otherSends({ browser }: Pick<OpenBoard, "browser">, act: string, fields: object) {
  return browser.submit(`/board/${act}`).type("form").send(fields);
}

/** The id of the newest call of those digits. */
export function callOf({ simulator }: Pick<OpenBoard, "simulator">, digits: string): number {
  return simulator.companies[0].calls.findLast(({ raw_digits }) => raw_digits === digits)!.id;
}

export function keyOf(digits: string): string {
  return digits.replaceAll(" ", "");
}
