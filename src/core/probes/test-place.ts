/** What pytest's node ids say: how a person names the test, and where its file defines it. */

const HEAD = /^\s*(?:async\s+)?(def|class)\s+([^\s(:[]+)/;

/** Classes and function, with the parameters; the file where it could not be collected. */
export function testName(testId: string): string {
	return testId.split("::").slice(1).join("::") || testId;
}

/**
 * The line of a test's `def`, after those of its classes.
 * @param text of the file that the id names
 * @returns 1-based; null where it is not found, as for a test that is made at run time
 */
export function definitionLine(text: string, testId: string): number | null {
	const [, ...names] = testId.replace(/\[.*$/s, "").split("::");
	const heads = text.split(/\r\n|[\r\n]/).map((line) => HEAD.exec(line));
	let from = 0;
	for (const [index, name] of names.entries()) {
		const keyword = index === names.length - 1 ? "def" : "class";
		const found = heads.findIndex((head, line) => line >= from && head?.[1] === keyword && head[2] === name);
		if (found < 0) return null;
		from = found + 1;
	}
	return from === 0 ? null : from;
}
