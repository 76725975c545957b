using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "receiver", worker = .receiver)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "receiver")],
);

const receiver :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "bundled/worker.mjs")],
  bindings = [(name = "TOKEN", text = "b5d1f0c2a7")],
  compatibilityDate = "2026-04-01",
);
