/** A label for calls. */
export interface Tag {
  id: number;
  direct_link?: string;
  name: string;
  /** Hexadecimal, e.g. `#00b388`. */
  color: string;
  /** Free text; Aircall's own tags hold a word such as `queue_callback`. */
  description: string | null;
}
