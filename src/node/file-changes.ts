/** File changes when there is no editor to tell: a hint to look, never a truth. */
import { basename, sep } from "node:path";
import { watch } from "chokidar";
import { isTemporaryName } from "./workspace/atomic-write.ts";

const SETTLE_MS = 50;
/** Changes that never cease are told so often, all the same. */
const LONGEST_WAIT_MS = 500;
const IGNORED = new Set([
	".git",
	".hg",
	".svn",
	".venv",
	"venv",
	"node_modules",
	"__pycache__",
	".pytest_cache",
	".ruff_cache",
	".mypy_cache",
]);

/** Watches beneath `root`; resolves once changes are seen. Calls come debounced by 50 ms, paths are absolute. */
export async function watchFiles(
	root: string,
	onChange: (paths: readonly string[]) => void,
	onError: (error: unknown) => void,
): Promise<{ close(): Promise<void> }> {
	const changed = new Set<string>();
	let settled: NodeJS.Timeout | undefined;
	let longest: NodeJS.Timeout | undefined;
	const watcher = watch(root, {
		ignoreInitial: true,
		followSymlinks: false,
		ignored: (path) => {
			if (isTemporaryName(basename(path))) return true;
			return path
				.slice(root.length)
				.split(sep)
				.some((part) => IGNORED.has(part));
		},
	});
	watcher.on("error", onError);
	watcher.on("all", (_event, path) => {
		changed.add(path);
		clearTimeout(settled);
		settled = setTimeout(tell, SETTLE_MS);
		longest ??= setTimeout(tell, LONGEST_WAIT_MS);
	});
	await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
	return {
		async close() {
			stopWaiting();
			await watcher.close();
		},
	};

	function tell(): void {
		stopWaiting();
		const paths = [...changed];
		changed.clear();
		onChange(paths);
	}

	function stopWaiting(): void {
		clearTimeout(settled);
		clearTimeout(longest);
		longest = undefined;
	}
}
