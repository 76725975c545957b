import { type Id, route } from "../http/route";
import type { CallOptions } from "../http/options";
import type { Api } from "./api";
import type { NumberMessageConfiguration, SentGroupMessage, SentMessage, WhatsAppLineStatus } from "./message";
import { messageTemplates } from "./message-templates";
import type { Open } from "./wire";

/** Text of up to 1,600 characters, public URLs of media, or both. */
export type MessageContent =
  | { body: string; mediaUrl?: readonly string[] | undefined }
  | { body?: string | undefined; mediaUrl: readonly string[] };

/** `to` is in E.164. */
export type NewMessage = { to: string } & MessageContent;

/** `participants` are up to nine numbers in E.164. */
export type NewGroupMessage = { participants: readonly string[] } & MessageContent;

/** What a message of Aircall's own apps says, and who seems to say it. */
export interface ConversationMessage {
  /** Up to 1,600 characters. */
  body: string;
  /** The user shown as its sender. */
  agentId?: number | undefined;
}

/** `to` is in E.164. */
export type NewConversationMessage = { to: string } & ConversationMessage;

/** `participants` are up to nine numbers in E.164. */
export type NewGroupConversationMessage = { participants: readonly string[] } & ConversationMessage;

/** Text of up to 4,096 characters within 24 hours of the other party's last message; a template at any time. */
export type WhatsAppContent =
  | { text: string; templateParams?: undefined }
  | { templateParams: WhatsAppTemplateParams; text?: undefined };

/** An approved template with its blanks filled in. */
export interface WhatsAppTemplateParams {
  id: string;
  body?: readonly { key: string; value: string }[] | undefined;
  /** Aircall publishes no exact shape. */
  header?: unknown;
}

/** `lineId` is the id of a number, `to` is in E.164, and `mediaUrl` holds public URLs. */
export type NewWhatsAppMessage = { lineId: number; to: string } & (
  | (WhatsAppContent & { mediaUrl?: readonly string[] | undefined })
  | { mediaUrl: readonly string[]; text?: undefined; templateParams?: undefined }
);

/** `lineId` is the id of a number, `externalNumber` is in E.164, and `agentId` is the user shown as its sender. */
export type NewWhatsAppConversationMessage = {
  lineId: number;
  externalNumber: string;
  agentId?: number | undefined;
} & WhatsAppContent;

/** How a number's messages reach the app. */
export interface NewNumberMessageConfiguration {
  /** URL that is sent each inbound message, and the delivery status of each outbound one. */
  callbackUrl?: string | undefined;
  /** `sms` by default. */
  type?: Open<"sms" | "whatsapp"> | undefined;
}

const messageRows = (http: Api) => ({
  /**
   * Sends an SMS or MMS from a number that has a configuration (`createConfiguration`). Never sent twice.
   * @throws {ApiError} 403 `wrong_number_mode` or `not_entitled` when the number has none.
   */
  send: (numberId: Id, message: NewMessage, options?: CallOptions) =>
    http.send<SentMessage>(route`POST /v1/numbers/${numberId}/messages/send`, null, options, message),
  /** As `send`, to several people in one conversation. Never sent twice. */
  sendGroup: (numberId: Id, message: NewGroupMessage, options?: CallOptions) =>
    http.send<SentGroupMessage>(route`POST /v1/numbers/${numberId}/messages/group/send`, null, options, message),
  /** Sends by WhatsApp. Text after its 24 hours is accepted all the same, and fails later. Never sent twice. */
  sendWhatsApp: (message: NewWhatsAppMessage, options?: CallOptions) =>
    http.send<SentMessage>(route`POST /v1/messages/whatsapp/send`, null, options, message),
  /**
   * Sends as if from Aircall's apps, where the conversation goes on. Never sent twice.
   * @throws {ApiError} 403 `wrong_number_mode` when the number has a configuration.
   */
  sendInConversation: (numberId: Id, message: NewConversationMessage, options?: CallOptions) =>
    http.send<SentMessage>(route`POST /v1/numbers/${numberId}/messages/native/send`, null, options, message),
  /** As `sendInConversation`, to several people. Never sent twice. */
  sendGroupInConversation: (numberId: Id, message: NewGroupConversationMessage, options?: CallOptions) =>
    http.send<SentGroupMessage>(route`POST /v1/numbers/${numberId}/messages/group/native/send`, null, options, message),
  /** As `sendInConversation`, by WhatsApp. Never sent twice. */
  sendWhatsAppInConversation: (message: NewWhatsAppConversationMessage, options?: CallOptions) =>
    http.send<SentMessage>(route`POST /v1/messages/send/whatsapp/native`, null, options, message),
  /** The configuration, with its secret `token`. What Aircall answers for a number without a configuration is not documented. */
  getConfiguration: (numberId: Id, options?: CallOptions) =>
    http.send<NumberMessageConfiguration>(route`GET /v1/numbers/${numberId}/messages/configuration`, null, options),
  /**
   * Hands the number's messages to the API: Aircall's apps no longer send from it, and callbacks replace its webhook
   * events. Never sent twice.
   */
  createConfiguration: (numberId: Id, configuration: NewNumberMessageConfiguration = {}, options?: CallOptions) =>
    http.send<NumberMessageConfiguration>(
      route`POST /v1/numbers/${numberId}/messages/configuration`,
      null,
      options,
      configuration,
    ),
  /** Hands the number's messages back to Aircall's apps. Do not count on the same `token` in the next configuration. */
  removeConfiguration: (numberId: Id, options?: CallOptions) =>
    http.send<void>(route`DELETE /v1/numbers/${numberId}/messages/configuration`, null, options),
  /** How the number stands with WhatsApp, and whether it may send. */
  getWhatsAppLineStatus: (numberId: Id, options?: CallOptions) =>
    http.send<WhatsAppLineStatus>(route`GET /v1/numbers/${numberId}/whatsapp_status`, null, options),
});

/**
 * SMS, MMS and WhatsApp, on plans that have them (else 403 `not_entitled`). A number sends either from Aircall's apps,
 * with the rows `…InConversation`, or through the API once it has a configuration, with the others.
 * @see https://developers.aircall.io/api-references/#messages
 */
export const messages = (http: Api): ReturnType<typeof messageRows> & ReturnType<typeof messageTemplates> => ({
  ...messageRows(http),
  ...messageTemplates(http),
});
