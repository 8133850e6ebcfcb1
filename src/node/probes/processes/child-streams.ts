/** Which of a child's streams, whose types do not tell, can be read or written. */
import type { Readable, Writable } from "node:stream";

/** @param stream one of `stdio` */
export function isReadable(stream: unknown): stream is Readable {
	return typeof stream === "object" && stream !== null && "on" in stream && "read" in stream;
}

/** @param stream one of `stdio` */
export function isWritable(stream: unknown): stream is Writable {
	return typeof stream === "object" && stream !== null && "write" in stream;
}
