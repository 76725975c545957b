/** An agent that calls by itself. */
export interface AiVoiceAgent {
  readonly id: string;
  readonly name: string;
}

export function seedAiVoiceAgents(companyId: number): AiVoiceAgent[] {
  return [
    { id: `agent-${companyId}-1`, name: "Appointment reminders" },
    { id: `agent-${companyId}-2`, name: "Satisfaction survey" },
  ];
}
