import type { PhoneNumber } from "./entities";
import type { Profile } from "./profiles";

/** Puts a number into API mode: its messages go to the address instead of the Aircall apps. */
export interface MessageConfiguration {
  readonly token: string;
  readonly callbackUrl: string | null;
  readonly type: "sms" | "whatsapp";
}

/** A text to send again and again. */
export interface SmsTemplate {
  readonly id: number;
  readonly name: string;
  readonly body: string;
}

/** A text that WhatsApp has approved. */
export interface WhatsAppTemplate {
  readonly id: string;
  readonly wabaId: string;
  readonly name: string;
  readonly category: "UTILITY" | "MARKETING" | "AUTHENTICATION";
  readonly status: "APPROVED" | "REJECTED" | "PAUSED" | "PENDING";
  readonly language: string;
}

/** What a company sends messages with. */
export interface Messaging {
  /** By number id. */
  readonly configurations: Map<number, MessageConfiguration>;
  readonly smsTemplates: readonly SmsTemplate[];
  /** The one number that is connected to WhatsApp, and its templates. */
  readonly whatsApp: {
    readonly lineId: number;
    readonly wabaId: string;
    readonly templates: readonly WhatsAppTemplate[];
  };
}

const smsTexts = [
  ["Missed call", "Sorry we missed you. We call back before the end of the day."],
  ["Order ready", "Your order is ready to be collected."],
  ["Appointment", "We look forward to seeing you tomorrow."],
  ["Opening hours", "We are open Monday to Friday, 8 am to 6 pm."],
] as const;

const whatsAppNames = [
  ["order_update", "UTILITY", "APPROVED"],
  ["delivery_today", "UTILITY", "APPROVED"],
  ["appointment_reminder", "UTILITY", "APPROVED"],
  ["spring_offer", "MARKETING", "PENDING"],
  ["summer_offer", "MARKETING", "REJECTED"],
  ["sign_in_code", "AUTHENTICATION", "APPROVED"],
] as const;

export function seedMessaging(profile: Profile, [line]: readonly PhoneNumber[], firstId: number): Messaging {
  const wabaId = String(100_000_000_000 + firstId);
  return {
    configurations: new Map(),
    smsTemplates: smsTexts.map(([name, body], position) => ({ id: firstId + position, name, body })),
    whatsApp: {
      lineId: line?.id ?? 0,
      wabaId,
      templates: whatsAppNames.map(([name, category, status], position) => ({
        id: String(firstId + position),
        wabaId,
        name,
        category,
        status,
        language: profile.language.slice(0, 2),
      })),
    },
  };
}
