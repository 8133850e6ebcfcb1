import fc from "fast-check";
import { expect, test } from "vitest";
import { checkPath, isBeneath } from "../../../../src/core/policy/paths.ts";

const ROOT = "/w/ws";

const OUTSIDE = [
	"../../etc/passwd",
	"/etc/passwd",
	"~/.ssh/id_rsa",
	"file:///etc/passwd",
	"a/../../x",
	".agent_workspace/../../x",
	"../ws-evil/x",
	"/w/ws-evil/x",
	"//srv/share",
	"C:/Windows/x",
	"C:x",
	"javascript:1",
];
test.each(OUTSIDE)("A01 A02 A03 A10: %s is outside", (path) => {
	expect(checkPath(path, ROOT)).toMatchObject({ ok: false, code: "outside" });
});

const BAD = [
	"",
	"CON",
	"aux.txt",
	"dir/NUL.py",
	"com1",
	"LPT¹.txt",
	"a/b:c",
	"x.",
	"x ",
	"...",
	"a/ /b",
	"GIT~1/config",
	"\\\\srv\\s",
	"\\\\?\\C:\\x",
	"..\\x",
	"a\0b",
	"a\nb",
	"a\u001b[31m",
	"con\u200bftest.py",
	"a\u202epy.x",
	"a\u2028b",
	"x\ud800",
	"a".repeat(5_000),
	"a".repeat(256),
	"d/".repeat(300),
	"what?",
];
test.each(BAD)("A10 A11 A13: %j is refused on every system", (path) => {
	expect(checkPath(path, ROOT)).toMatchObject({ ok: false, code: "bad-path" });
});

test.each([
	["a.py", "a.py"],
	["./a.py", "a.py"],
	["src//pkg/./m.py", "src/pkg/m.py"],
	["src/../a.py", "a.py"],
	["/w/ws/src/a.py", "src/a.py"],
	["/w/ws", "."],
	[".", "."],
	["cafe\u0301.py", "café.py"],
	["console.py", "console.py"],
	["with space/and-dash_.py", "with space/and-dash_.py"],
])("%j is %j", (given, path) => {
	expect(checkPath(given, ROOT)).toEqual({ ok: true, path });
});

const SEGMENT = fc.oneof(
	fc.constantFrom("..", ".", "", "a", "ws-evil", "~", "C:", "\\", "CON", "x.", "\0", "．．", "/", "w", "ws"),
	fc.string({ unit: "binary", maxLength: 12 }),
);

test("A01 A02 A13: what is accepted is relative, clean and accepted again as it is", () => {
	fc.assert(
		fc.property(fc.array(SEGMENT, { maxLength: 8 }), fc.boolean(), (segments, absolute) => {
			const verdict = checkPath((absolute ? "/w/ws/" : "") + segments.join("/"), ROOT);
			if (!verdict.ok) return;
			const parts = verdict.path.split("/");
			expect(verdict.path === "." || parts.every((part) => part !== ".." && part !== "." && part !== "")).toBe(true);
			expect(verdict.path).not.toMatch(/[\p{Cc}\p{Cf}\\]/u);
			expect(checkPath(verdict.path, ROOT)).toEqual(verdict);
		}),
		{ numRuns: 2_000 },
	);
});

test("A73: a place that a tool printed counts only beneath the workspace", () => {
	for (const path of ["/etc/passwd", "../x", "a/../../x", "C:/x", "\\\\srv\\s", "a\\..\\..\\x", "a\0b"])
		expect(isBeneath(path), path).toBe(false);
	for (const path of ["a.py", "src/a..b.py", "what?.py"]) expect(isBeneath(path), path).toBe(true);
});
