// Loaded before a program: its parent hears when its server listens.
const { Server } = require("node:net");
const { listen } = Server.prototype;

Server.prototype.listen = function (...where) {
  this.once("listening", () => process.send("listening"));
  return listen.apply(this, where);
};
