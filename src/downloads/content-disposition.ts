/** The header that saves an answer under a name of any characters (RFC 6266, RFC 8187). */
export function attachment(filename: string): string {
  const name = filename.replace(/[\p{Control}\p{Surrogate}/\\]/gu, "_");
  const ascii = name.replace(/[^\x20-\x7e]|["%]/g, "_");
  const encoded = encodeURIComponent(name).replace(/['()*]/g, percentEncode);
  return `attachment; filename="${ascii}"` + (ascii === name ? "" : `; filename*=UTF-8''${encoded}`);
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
