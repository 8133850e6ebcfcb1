/** Named checks, one after the other; a failed one is told with its picture. */
import { join } from "node:path";

/** @param folder of the screenshots */
export function createChecks(folder) {
	const results = { passed: 0, failed: 0 };
	/**
	 * @param page whose picture tells what a failed check saw
	 * @param isPath whether each check goes on from the one before, so that none is tried after a failed one
	 */
	const checksOn = (page, { isPath = false } = {}) => {
		let isLost = false;
		return {
			async check(name, work) {
				const startedAt = performance.now();
				try {
					if (isLost) throw new Error("not reached");
					await work();
					results.passed += 1;
					console.log(`  ok ${name} (${Math.round(performance.now() - startedAt)} ms)`);
				} catch (error) {
					results.failed += 1;
					console.log(`  FAILED ${name}\n${error instanceof Error ? error.message : error}`);
					if (!isLost && !page.isClosed())
						await page.screenshot({ path: join(folder, `failed-${results.failed}.png`) });
					isLost ||= isPath;
				}
			},
			shot: (name) => page.screenshot({ path: join(folder, `${name}.png`) }),
		};
	};
	return { results, checksOn };
}
