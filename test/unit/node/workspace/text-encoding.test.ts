import fc from "fast-check";
import { expect, test } from "vitest";
import { replaceOnce } from "../../../../src/core/tools/replace-once.ts";
import { decodeText, encodeText } from "../../../../src/node/workspace/text-encoding.ts";

const PIECE = fc.oneof(
	fc.constantFrom("\r\n", "\n", "\r", "\ufeff", "\u2028", "e\u0301", "é", "$&", "    "),
	fc.string({ unit: "binary", maxLength: 4 }).map((text) => text.toWellFormed().replaceAll("\0", "")),
);
const TEXT = fc.array(PIECE, { maxLength: 12 }).map((pieces) => pieces.join(""));

test("F45 F46 F49: what is read and written back unchanged has the same bytes", () => {
	fc.assert(
		fc.property(TEXT, fc.boolean(), (text, bom) => {
			const bytes = Buffer.from((bom ? "\ufeff" : "") + text);
			expect(encodeText(decodeText(bytes, "a.txt"), bytes, "a.txt").equals(bytes)).toBe(true);
		}),
		{ numRuns: 2_000 },
	);
});

test("F45 F46: the bytes outside an edit are identical, through reading, editing and writing", () => {
	fc.assert(
		fc.property(TEXT, TEXT, fc.boolean(), (before, after, bom) => {
			fc.pre(!before.includes("MARK") && !after.includes("MARK"));
			const bytes = Buffer.from(`${bom ? "\ufeff" : ""}${before}MARK${after}`);
			const edited = replaceOnce(decodeText(bytes, "a.txt"), "MARK", "EDIT");
			if (!edited.ok) throw new Error(edited.message);
			expect(
				encodeText(edited.text, bytes, "a.txt").equals(Buffer.from(bytes.toString().replace("MARK", () => "EDIT"))),
			).toBe(true);
		}),
		{ numRuns: 2_000 },
	);
});

test("F46: a BOM is kept, not doubled, not brought in", () => {
	const old = Buffer.from("\ufeffold");
	expect(encodeText("new", old, "a").toString()).toBe("\ufeffnew");
	expect(encodeText("\ufeffnew", old, "a").toString()).toBe("\ufeffnew");
	expect(encodeText("\ufeffnew", Buffer.from("old"), "a").toString()).toBe("new");
});

test("F45: a whole new text takes the one kind of line end that the file had", () => {
	expect(encodeText("a\nb\n", Buffer.from("x\r\ny\r\n"), "a").toString()).toBe("a\r\nb\r\n");
	expect(encodeText("a\nb\n", Buffer.from("x\ny\n"), "a").toString()).toBe("a\nb\n");
	expect(encodeText("a\nb", Buffer.from("x"), "a").toString()).toBe("a\nb");
});

test.each(["a\ud800b", "a\0b"])("F49: %j has no exact form and is refused", (text) => {
	expect(() => encodeText(text, null, "a.txt")).toThrow(/cannot be stored/);
});
