/**
 * What became of a request that ended with an error: `not_sent` nothing of it left this machine; `refused` Aircall said
 * no, nothing was done; `unknown` it left and no clear answer came, so it may have been carried out: look before you
 * send it again. A GET acts on nothing, whatever it says.
 */
export type RequestOutcome = "not_sent" | "refused" | "unknown";

const byDoubt: readonly RequestOutcome[] = ["not_sent", "refused", "unknown"];

/** Of two attempts of one request, what is known of both together. */
export function moreDoubtful(one: RequestOutcome, other: RequestOutcome): RequestOutcome {
  return byDoubt.indexOf(one) > byDoubt.indexOf(other) ? one : other;
}

/** `request` begins with its method. */
export function mayHaveActed(request: string, outcome: RequestOutcome): boolean {
  return outcome === "unknown" && !request.startsWith("GET ");
}

/** What a message adds where something may have been done. */
export function perhapsDone(request: string, outcome: RequestOutcome): string {
  return mayHaveActed(request, outcome) ? " It may have been carried out." : "";
}
