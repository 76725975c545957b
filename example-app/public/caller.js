/* What the caller's page does beyond its forms: it is live, and loses nothing of a comment that is being written. */
import { keepDraft } from "./caller/draft.js";
import { showChanges } from "./caller/changes.js";
import { goLive } from "./live.js";

if (document.getElementById("caller")) {
  keepDraft();
  goLive({ id: "caller", on: { caller: showChanges } });
}
