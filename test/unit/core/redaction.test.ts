import { expect, test } from "vitest";
import { redact, redactAll } from "../../../src/core/redaction.ts";

const known = { workspace: "/home/you/shop", home: "/home/you" };
const token = (length: number) => "aB3".repeat(length).slice(0, length);

test.each([
	["/home/you/shop/a.py in /home/you/other", "<workspace>/a.py in ~/other"],
	[`clone with ghp_${token(36)} now`, "clone with <secret> now"],
	[`key=sk-proj-${token(40)}`, "key=<secret>"],
	[`AKIA${"A1".repeat(8)}`, "<secret>"],
	[`xoxb-${token(24)}`, "<secret>"],
	[`API_KEY = "${token(12)}"`, "API_KEY = <secret>"],
	["password: hunter2secret", "password: <secret>"],
	// One too many rather than one too few: it might have been a literal.
	["token = items[0]", "token = <secret>"],
	["Authorization: Bearer abcdefgh", "Authorization: Bearer <secret>"],
	["postgres://me:pw123@db/x", "postgres://<secret>@db/x"],
	["write to someone@example.org.", "write to <mail address>."],
	["-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "<secret>"],
])("%s", (text, expected) => {
	expect(redact(text, known)).toBe(expected);
});

test("ordinary code stays as it is", () => {
	const code = "def total(items):\n    first = items[0]\n    return sum(item.price for item in items)  # 3 of them\n";
	expect(redact(code, known)).toBe(code);
	expect(redact("assert 2 == 3", { workspace: "/", home: null })).toBe("assert 2 == 3");
});

test("every text within a value is redacted, keys and numbers are not", () => {
	expect(redactAll({ "/home/you": ["/home/you/x", 7, null, { deep: "/home/you/shop" }] }, known)).toEqual({
		"/home/you": ["~/x", 7, null, { deep: "<workspace>" }],
	});
});
