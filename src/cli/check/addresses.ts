import { randomBytes } from "node:crypto";
import { canSignIn, type Config } from "../../config/config";
import type { Transport } from "../../http/transport/transport";
import { authorizeUrl } from "../../oauth/authorize-url";
import { look } from "./asking";
import { doubtful, fine, wrong, type Finding } from "./finding";

/** Whether a browser would get to the consent page, and back from it. */
export async function findAddresses(config: Config, transport: Transport): Promise<Finding[]> {
  if (!canSignIn(config) || config.initiateOAuth === "OFF") return [];
  const page = await look(transport, authorizeUrl(config, { state: randomBytes(16).toString("hex") }));
  const callback = await look(transport, config.callbackUrl);
  return [consentPage(page), callbackRoute(callback)];
}

function consentPage(answer: number | string): Finding {
  if (typeof answer === "number" && answer < 400) return fine("consent", `The consent page answers ${answer}.`);
  const mend = "Look at the client id, and whether CallbackURL is the address that Aircall registered, to the letter.";
  return wrong("consent", `The consent page answers ${answer}.`, mend);
}

/** The library answers 400 to a callback without a code; a proxy whose app is down answers 502 or the like. */
function callbackRoute(answer: number | string): Finding {
  const says = `CallbackURL answers ${answer}, from this machine.`;
  if (typeof answer === "number" && answer !== 404 && answer < 500) return fine("callback", says);
  return doubtful("callback", says, "Is the app running, and is this the path of its callback route?");
}
