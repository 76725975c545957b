import type { Abridged, Open } from "./wire";
import type { User } from "./users";

/** Users who are called together. */
export interface Team {
  id: number;
  direct_link: string;
  /** Up to 64 characters. */
  name: string;
  /** ISO 8601, UTC. */
  created_at: string;
  users: TeamUser[];
}

/** A user inside a team. */
export type TeamUser = Abridged<
  Pick<User, "id" | "direct_link" | "name" | "email" | "default_number_id" | "created_at">
> & {
  /** In lists of teams only. */
  availability_status?: Open<"available" | "custom" | "unavailable"> | null;
};
