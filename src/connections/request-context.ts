/** Under which `req.aircall` carries what the middleware leaves for those who come after it. */
export const runtimeKey: unique symbol = Symbol.for("express-aircall.runtime");
