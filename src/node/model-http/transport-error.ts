export type TransportFault =
	| "connect"
	| "first-byte"
	| "idle"
	| "total"
	| "cut"
	| "corrupt"
	| "too-large"
	| "redirect"
	/** It speaks HTTP, but is no model server. */
	| "foreign";

/** The connection or its bytes failed; HTTP statuses are the client's to read. */
export class TransportError extends Error {
	override readonly name = "TransportError";
	constructor(
		readonly fault: TransportFault,
		message: string,
		options?: ErrorOptions,
	) {
		super(message, options);
	}
}
