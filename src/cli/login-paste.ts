import { createInterface } from "node:readline";
import { within } from "../time/within";
import { tooLate, type Answer, type Asked } from "./login-listener";
import { Failure, type Terminal } from "./terminal";

/** Takes the answer as the address that the browser has ended at. */
export async function byPasting({ url, callbackUrl }: Asked, { stdin, stdout, waitMs }: Terminal): Promise<Answer> {
  const { origin, pathname } = new URL(callbackUrl);
  const lines = createInterface({ input: stdin });
  stdout.write(
    `Open this address in a browser:\n\n${url}\n\nThen paste the whole address it ends at, which begins with ` +
      `${origin}${pathname}:\n`,
  );
  try {
    const line = await within({ limitMs: waitMs, late: () => tooLate(waitMs) }, firstLine(lines));
    const pasted = URL.canParse(line) ? new URL(line) : null;
    if (pasted?.origin !== origin || pasted.pathname !== pathname) {
      throw new Failure(`That address does not begin with ${origin}${pathname}. Run the command again.`);
    }
    return { target: pasted.pathname + pasted.search, say: () => undefined, close: () => Promise.resolve() };
  } finally {
    lines.close();
    stdin.pause();
  }
}

function firstLine(lines: ReturnType<typeof createInterface>): Promise<string> {
  return new Promise((resolve, reject) => {
    lines.on("line", (line) => line.trim() !== "" && resolve(line.trim()));
    lines.once("close", () => reject(new Failure("Nothing was pasted. Run the command again.")));
  });
}
