/** Output without an end in bounded memory: the first half of the limit, and the last. */

export interface CappedText {
	readonly add: (chunk: Buffer) => void;
	text(): string;
	truncated(): boolean;
}

export function createCappedText(maxBytes: number): CappedText {
	const half = Math.max(1, Math.floor(maxBytes / 2));
	const head: Buffer[] = [];
	const tail: Buffer[] = [];
	let headBytes = 0;
	let tailBytes = 0;
	let dropped = 0;
	return {
		add(chunk) {
			const forHead = chunk.subarray(0, half - headBytes);
			if (forHead.length > 0) {
				head.push(forHead);
				headBytes += forHead.length;
			}
			const rest = chunk.subarray(forHead.length);
			if (rest.length === 0) return;
			tail.push(rest);
			tailBytes += rest.length;
			let first = tail[0];
			while (first !== undefined && tailBytes - first.length >= half) {
				tail.shift();
				tailBytes -= first.length;
				dropped += first.length;
				first = tail[0];
			}
		},
		text() {
			const gap = dropped === 0 ? "" : `\n[${dropped} bytes left out]\n`;
			return Buffer.concat(head).toString() + gap + Buffer.concat(tail).toString();
		},
		truncated: () => dropped > 0,
	};
}
