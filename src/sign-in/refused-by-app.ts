import { SignInError } from "../errors/errors";

/** `verify` or `companies` said no. */
export class RefusedByApp extends SignInError {
  readonly #info: object | undefined;

  constructor(reason: string, info?: object) {
    super("sign_in_refused", `This Aircall company may not connect to this app: ${reason}.`);
    this.#info = info;
  }

  /** What a classic `verify` handed to `done` for the app's own use. */
  get info(): object | undefined {
    return this.#info;
  }
}
