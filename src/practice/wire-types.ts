/** Messages as Ollama's wire has them; everything else in a message is of no use to the practice model. */

export interface WireMessage {
	readonly role: string;
	readonly content: string;
	readonly toolCalls: readonly WireCall[];
}

export interface WireCall {
	readonly name: string;
	readonly arguments: Readonly<Record<string, string | number>>;
}
