/** What a user is to call one after the other; each user has one at most. */
export interface DialerCampaign {
  readonly id: number;
  readonly number_id: string | null;
  readonly created_at: string;
  readonly numbers: DialerNumber[];
}

/** A number in it, and whether it was called. */
export interface DialerNumber {
  readonly id: number;
  /** Without the plus sign. */
  readonly number: string;
  called: boolean;
  readonly created_at: string;
}
