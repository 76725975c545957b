import express from "express";
import { aircallAuth, AircallError } from "express-aircall";

const app = express().use(aircallAuth());
app.post("/dial", express.json(), async (req, res) => {
  const { userId, numberId, to } = req.body;
  try {
    await req.aircall.users.startCall(userId, { number_id: numberId, to });
    res.sendStatus(202);
  } catch (error) {
    if (!(error instanceof AircallError)) throw error;
    if (error.code === "agent_unavailable") return res.sendStatus(409);
    res.sendStatus(error.outcome === "unknown" ? 504 : error.status);
  }
});
app.listen(process.env.PORT);
