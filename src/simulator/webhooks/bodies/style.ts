import type { AssetAddresses } from "../../api/asset-addresses";
import type { KnownCalls } from "../../data/calls/known-calls";
import type { NestedUser } from "../../data/entities";

/** Which of the recorded shapes a body has. */
export interface BodyStyle {
  /** As bodies were in 2022. */
  readonly bare: boolean;
  readonly emptyTaggedBy: boolean;
}

/** What bodies are made with. */
export interface BodyParts {
  readonly style: BodyStyle;
  readonly known: KnownCalls;
  readonly assets: AssetAddresses;
  /** Whether a recording is there by the time that `call.ended` is sent. */
  readonly assetsAtEnd: boolean;
  /** Stands in as who tagged a call, where nobody is known to have. */
  readonly firstUser: NestedUser | null;
}
