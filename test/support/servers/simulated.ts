import { createSimulator, type Simulator, type SimulatorOptions } from "express-aircall/simulator";

const running: Simulator[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

/** A listening simulator that closes after the test. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const simulator = createSimulator(options);
  running.push(simulator);
  await simulator.listen();
  return simulator;
}

/** A moment that stands still until moved. */
export function stoppedClock(start = Date.UTC(2026, 10, 18, 15, 30)): { now: () => number; forward(ms: number): void } {
  let moment = start;
  return {
    now: () => moment,
    forward(ms) {
      moment += ms;
    },
  };
}
