/** Where Aircall is harder on its clients than one expects. Each default is what Aircall is believed to do. */
export interface HabitOptions {
  /** `true` takes the kind value, said below, wherever nothing else is said. Default false. */
  kind?: boolean | undefined;
  /** How long a contact, number or address just written cannot be found by the contacts' search. Default 5; kind: 0. */
  searchLagSeconds?: number | undefined;
}

/** The same, complete. */
export interface Habits {
  readonly searchLagSeconds: number;
}

/** @throws {RangeError} for a number that cannot be. */
export function readHabits({ kind = false, ...given }: HabitOptions): Habits {
  const { searchLagSeconds = kind ? 0 : 5 } = given;

  requireSeconds({ searchLagSeconds });
  return { searchLagSeconds };
}

function requireSeconds(all: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(all)) {
    if (!(value >= 0 && value < Infinity)) throw new RangeError(`${name} is a number of seconds from 0.`);
  }
}
