import { promisify } from "node:util";
import { brotliDecompress, gunzip } from "node:zlib";
import { propertyOf } from "../../errors/property";
import { BodyTooLarge, CodingUnreadable } from "../response-body";

const readers = { gzip: promisify(gunzip), "x-gzip": promisify(gunzip), br: promisify(brotliDecompress) };
/** Bytes that a page of a list comes to; in pieces of the default's 16 KiB it takes twice as long. */
const chunkSize = 128 * 2 ** 10;

/**
 * The body without its Content-Encoding, off the event loop. Rejects with a BodyTooLarge past `maxBytes` and with a
 * CodingUnreadable where it is not what its header says.
 */
export function readCoded(
  body: Promise<Buffer>,
  header: string | string[] | undefined,
  maxBytes: number,
): Promise<Buffer> {
  if (header === undefined) return body;
  const coding = [header].flat().join().trim().toLowerCase();
  return coding === "" || coding === "identity" ? body : decode(body, coding, maxBytes);
}

async function decode(body: Promise<Buffer>, coding: string, maxBytes: number): Promise<Buffer> {
  const bytes = await body;
  if (bytes.length === 0) return bytes;
  if (!isKnown(coding)) throw new CodingUnreadable("the answer came in an encoding that nobody asked for.");
  try {
    return await readers[coding](bytes, { chunkSize, maxOutputLength: maxBytes });
  } catch (error) {
    if (propertyOf(error, "code") === "ERR_BUFFER_TOO_LARGE") {
      throw new BodyTooLarge(`The answer is longer than ${maxBytes} bytes.`);
    }
    throw new CodingUnreadable(`the answer is not the ${coding} that its Content-Encoding says.`, { cause: error });
  }
}

function isKnown(coding: string): coding is keyof typeof readers {
  return Object.hasOwn(readers, coding);
}

/** The headers of an answer whose body is handed on without its coding. */
export function withoutCoding<H extends Readonly<Record<string, string | string[] | undefined>>>(headers: H) {
  if (headers["content-encoding"] === undefined) return headers;
  const { "content-encoding": _, "content-length": __, ...others } = headers;
  return others;
}
