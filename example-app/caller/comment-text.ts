/** Comments that a call has room for at Aircall. */
export const mostComments = 5;
/** Long enough for a note, short enough for a session. */
export const longestComment = 2_000;

const emoji = /(?![©®™])\p{Extended_Pictographic}|\p{Regional_Indicator}|\u{20E3}/u;

/** What stands against a comment, in words for who wrote it; null where nothing does. Aircall is not asked. */
export function faultOfComment(content: string, comments: number): string | null {
  if (!content) return "Write something first.";
  if (comments >= mostComments)
    return `This call has ${mostComments} comments, and room for no more. Use another of their calls.`;
  if (content.length > longestComment) return `That is longer than ${longestComment} characters. Shorten it.`;
  const [found] = emoji.exec(content) ?? [];
  return found === undefined ? null : `Aircall takes no emoji in comments. Take ${found} out and save again.`;
}
