/* What the board does beyond its links and forms: it is live, knows keys, and sends forms without leaving the page. */
import { keepAges } from "./board/ages.js";
import { takeForms } from "./board/forms.js";
import { listenToKeys } from "./board/keys.js";
import { showMenus } from "./board/menus.js";
import { letNoticeGo } from "./board/notice.js";
import { showChanges } from "./board/rows.js";
import { goLive } from "./live.js";

if (document.getElementById("board")) {
  keepAges();
  listenToKeys();
  showMenus();
  letNoticeGo();
  takeForms();
  goLive({ id: "board", on: { board: showChanges } });
}
