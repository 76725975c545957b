/** Which numbers send texts under which campaign of The Campaign Registry. */
export interface A2pCampaignAssociation {
  readonly id: number;
  readonly company_id: number;
  external_id: string;
  readonly update_status: string | null;
  readonly update_message: string | null;
  readonly created_at: string;
  updated_at: string;
  numbers: readonly number[];
}
