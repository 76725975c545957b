import type { RequestHandler } from "express";
import { boardOf } from "../board-of";
import { meOf } from "../board/me";
import { boardModel } from "../board/render";
import { readView } from "../board/view";

/** The board: who rang in vain during the last seven days, and what became of it. Asks Aircall nothing. */
export const missedCallsPage: RequestHandler = function missedCallsPage(req, res) {
  res.render("missed-calls", boardModel(boardOf(req), readView(req.query), meOf(req)));
};
