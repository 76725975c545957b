import { AircallClient } from "../../src/client/client";
import { AircallError } from "../../src/errors/errors";
import { useApi } from "../support/servers/api";
import { rowsOf, settle } from "./every-row";

const { serve, connect } = useApi();

const ring: Record<string, unknown> = { name: "x" };
ring["itself"] = ring;

/** What nobody should pass, and JavaScript lets pass. */
const junk: [string, unknown][] = [
  ["undefined", undefined],
  ["null", null],
  ["NaN", NaN],
  ["a negative number", -1],
  ["an empty text", ""],
  ["dots", ".."],
  ["a control character", "a\u0000b"],
  ["half a character", "\ud800"],
  ["true", true],
  ["a function", () => 1],
  ["a symbol", Symbol("s")],
  ["an object", {}],
  ["a list", [1]],
  ["a Map", new Map([["a", 1]])],
  ["a FormData", new FormData()],
  ["a Buffer", Buffer.from("x")],
  ["a circle", ring],
  ["a bigint within", { from: 1n, name: 1n }],
];

describe("every row, handed what it cannot use", () => {
  it.each(junk)("rejects with an error of ours or asks Aircall, and never throws at once: %s", async (_what, value) => {
    const api = await serve({ status: 400 });
    const client = new AircallClient(connect(api));
    const wrong: unknown[] = [];
    for (const { name, args, call } of rowsOf(client)) {
      for (let index = 0; index < args.length + 1; index++) {
        api.arrived.length = 0;
        const given = Object.assign([...args], { [index]: value });
        const error = await settle(call(...given)).then(
          () => null,
          (reason: unknown) => reason,
        );
        const told = error instanceof AircallError ? error.outcome : String(error);
        if (told !== (api.arrived.length === 0 ? "not_sent" : "refused")) wrong.push([name, index, told]);
      }
    }
    expect(wrong).toEqual([]);
  });
});
