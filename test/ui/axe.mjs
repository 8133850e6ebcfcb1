/** axe in a page of ours within the editor. It comes in through the debugger, so the page's Content-Security-Policy stays strict. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

/**
 * @param frame Playwright's frame, or the page itself
 * @param within CSS selector of what is ours in it
 * @returns what axe found, each in a line
 */
export async function violationsIn(frame, within = "html") {
	await frame.evaluate(AXE);
	const { violations } = await frame.evaluate(
		([selector, rules]) => globalThis.axe.run(selector, { runOnly: rules }),
		[within, RULES],
	);
	return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
