import type { AssetAddresses } from "../api/asset-addresses";
import type { KnownCalls } from "../data/calls/known-calls";
import { createLiveCalls } from "../data/calls/live-calls";
import { bringTo } from "../data/clock";
import type { Company } from "../data/company";
import type { Tell } from "../data/happening";
import type { SimulatorSettings } from "../options";
import { createTicker, type Ticker } from "../ticker";
import { createAnnouncer, type Announcer } from "./announcer";
import { createDeliveryBook, type DeliveryBook } from "./delivery";
import type { WebhookSettings } from "./options";
import { createSender, type Sender } from "./sender";

/** Everything that lets the simulator tell others of what happens. */
export interface Sending {
  readonly announcer: Announcer;
  readonly tell: Tell;
  readonly book: DeliveryBook;
  readonly sender: Sender;
  readonly options: { current: WebhookSettings };
  /** Brings everything to this moment. */
  readonly catchUp: () => void;
  readonly ticker: Ticker;
}

interface Parts {
  readonly companies: readonly Company[];
  readonly assets: AssetAddresses;
  readonly known: KnownCalls;
  /** Where the simulator is, without a trailing slash. */
  readonly base: () => string;
}

export function createSending({ companies, ...parts }: Parts, settings: SimulatorSettings): Sending {
  const { now, random, live, assetDelaySeconds, callEndLagSeconds } = settings;
  const options = { current: settings.webhooks };
  const current = () => options.current;
  const book = createDeliveryBook();
  const sender = createSender({ options: current, now });
  const assetsAtEnd = assetDelaySeconds <= callEndLagSeconds;
  const announcer = createAnnouncer({ ...parts, options: current, now, random, book, sender, assetsAtEnd });
  const { tell } = announcer;
  const calls = live && createLiveCalls(companies, { ...settings, ...live, tell });

  function catchUp(): void {
    for (const company of companies) bringTo(company, now());
    calls?.tick();
  }

  return { announcer, tell, book, sender, options, catchUp, ticker: createTicker(catchUp) };
}
