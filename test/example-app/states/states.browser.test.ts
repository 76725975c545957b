import type { Page } from "playwright-core";
import { memoryGrants } from "express-aircall";
import { describeWith } from "../../support/programs";
import { rounds } from "../../support/promised";
import { openBoard, type OpenBoard } from "../board";
import { signInAtOnce, useChromium } from "../chromium";
import { boardStates } from "./board-states";
import { callerStates } from "./caller-states";
import { judgeEverywhere, judgeWithoutScripts } from "./judge";
import { emptyStates, fillingStates, guestStates, otherStates } from "./other-states";
import { openCast, type Stage, type State } from "./stage";

jest.setTimeout(300_000);

interface Journey {
  readonly states: readonly State[];
  readonly open: () => Promise<OpenBoard>;
  readonly guest?: true;
}

const openEmpty = () => openBoard(undefined, { callsPerDay: 0 });
/** Comes to the end of its requests in the middle of the week. */
const openFilling = () => openBoard(undefined, { callsPerDay: 100, rateLimit: 12, rateWindowSeconds: 600 });
const openToGuests = () => openBoard(undefined, { callsPerDay: 5 }, { keys: memoryGrants() });

const journeys: readonly [string, Journey][] = [
  ["the board", { states: boardStates, open: openCast }],
  ["the page of a caller", { states: callerStates, open: openCast }],
  ["the day, the settings and the end of a connection", { states: otherStates, open: openCast }],
  ["the start", { states: guestStates, open: openToGuests, guest: true }],
  ["an empty board", { states: emptyStates, open: openEmpty }],
  ["a board that fills", { states: fillingStates, open: openFilling }],
];

describeWith("chromium", "in every state", () => {
  const openPage = useChromium();

  async function openStage({ open, guest }: Journey, options: Parameters<typeof openPage>[1] = {}): Promise<Stage> {
    const board = await open();
    const page = await openPage(board.origin, options);
    if (!guest) await signInAtOnce(page, board.simulator, "/missed-calls");
    return { ...board, page };
  }

  it.each(journeys)("%s has nothing amiss, wherever it is looked at", async (_where, journey) => {
    expect(await goThrough(await openStage(journey), journey.states, judgeEverywhere)).toEqual({});
  });

  it.each(journeys.slice(0, rounds(1, journeys.length)))(
    "%s has nothing amiss without JavaScript",
    async (_where, journey) => {
      const stage = await openStage(journey, { javaScriptEnabled: false });
      const reachable = journey.states.filter(({ live }) => !live);
      const reader = await openPage(stage.origin);
      expect(await goThrough(stage, reachable, (page) => judgeWithoutScripts(page, reader))).toEqual({});
    },
  );
});

type Look = (page: Page, turn: number) => Promise<string[]>;

/** Goes through the states; answers what is amiss in each that has something amiss. */
async function goThrough(stage: Stage, states: readonly State[], look: Look) {
  const amiss: Record<string, string[]> = {};
  for (const [turn, { name, reach, leave }] of states.entries()) {
    await reach(stage);
    const found = await look(stage.page, turn);
    await leave?.(stage);
    if (found.length > 0) amiss[name] = found;
  }
  return amiss;
}
