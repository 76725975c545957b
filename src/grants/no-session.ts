/** Says how to have a session; for everything that needs one. */
export const noSession =
  "There is no session here. Mount express-session before aircallAuth() and the Aircall sign-in routes; " +
  "if it is, its store is disconnected or its cookie path leaves this page out.";

/** For a session that has no store beside it. */
export const otherSession =
  "The session is not express-session's (cookie-session?), which Aircall's sign-in needs: use express-session.";
